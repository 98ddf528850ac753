"""What somebody uploads is plain nowhere on the disk, not even for the moment of the request."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from litestar.datastructures import UploadFile

from bot.web.door import sealed_spool
from bot.web.door.sealed_spool import SealedSpool
from tests.test_files import picture
from tests.web.conftest import Client, FakeService
from tests.web.test_chat import open_page

CONTENT = b"%PDF-1.4 " + "户口本".encode() * 300


@pytest.fixture
def spooled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what would be in an unnamed file can be looked at."""
    path = tmp_path / "spool"
    opened: Callable[[], IO[bytes]] = lambda: path.open("w+b", buffering=0)  # noqa: E731
    monkeypatch.setattr(sealed_spool, "TemporaryFile", opened)
    return path


@pytest.mark.parametrize("step", [7, 500, 5000])
def test_what_waits_on_disk_is_sealed_and_comes_back(spooled: Path, step: int) -> None:
    spool = SealedSpool(1000)
    for at in range(0, len(CONTENT), step):
        spool.write(CONTENT[at : at + step])
    for _ in range(2):
        spool.seek(0)
        assert spool.read(10) + spool.read() == CONTENT
    found = spooled.read_bytes()
    assert len(found) == len(CONTENT)
    assert all(CONTENT[at : at + 9] not in found for at in range(0, len(CONTENT), 9))
    spool.close()
    assert spool.closed


def test_what_is_small_stays_in_memory(spooled: Path) -> None:
    spool = SealedSpool(1000)
    spool.write(CONTENT[:1000])
    spool.seek(0)
    assert (spool.read(), spooled.exists()) == (CONTENT[:1000], False)


async def test_the_server_lets_uploads_wait_sealed(
    client: Client, service: FakeService, spooled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A framework that spools in another way than today fails here."""
    service.files.max_bytes = 4 << 20
    paper = CONTENT + bytes(2 << 20)
    rolled: list[Any] = []
    read, on_disk = UploadFile.read, spooled.read_bytes

    async def looked_at(self: UploadFile, size: int = -1) -> bytes:
        rolled.append((self.rolled_to_disk, type(self.file), on_disk()))
        return await read(self, size)

    monkeypatch.setattr(UploadFile, "read", looked_at)
    headers = await open_page(client)
    form, files = {"id": "large-0001"}, [("photos", ("户口本.pdf", paper))]
    answer = await client.post("/chat/messages", data=form, headers=headers, files=files)
    assert answer.status_code == 202
    [(is_rolled, kind, found)] = rolled
    assert is_rolled and kind is SealedSpool
    assert len(found) == len(paper) and CONTENT[:16] not in found and bytes(64) not in found
    [path] = service.files.vault.paths()
    assert service.files.vault.read(path) == paper


async def test_small_photos_come_as_before(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    files = [("photos", ("a.png", picture("PNG")))]
    answer = await client.post(
        "/chat/messages", data={"id": "small-0001"}, headers=headers, files=files
    )
    assert answer.status_code == 202
    assert len([*service.files.vault.paths()]) == 1
