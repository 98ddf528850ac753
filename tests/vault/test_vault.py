"""The folder of files: nothing in it can be read without the keys, and nothing gets lost."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from bot.files import FileStore
from bot.vault.errors import Unopened, Why
from bot.vault.locks import changing
from bot.vault.resealing import is_any_file_old, seal_files_again
from bot.vault.vault import ENDING, Vault, by_key, remove
from storage.keys import Keyring, key_id
from storage.sealed import MARK, OVERHEAD, PLAIN
from tests.test_files import jpeg

CONTENT = b"\xff\xd8\xff\xe0 JFIF " + "户口本：苏日娜".encode() * 20
OLD, NEW, OTHER = (bytes([number]) * 32 for number in (1, 2, 3))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "files", Keyring([OLD]))


def turned(vault: Vault) -> Vault:
    """The same folder with a new key in front."""
    return Vault(vault.root, Keyring([NEW, OLD]))


def plain(vault: Vault, content: bytes = CONTENT) -> str:
    """A file as earlier versions wrote it."""
    digest = hashlib.sha256(content).hexdigest()
    path = vault.root / digest[:2] / f"{digest}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"{digest[:2]}/{digest}.jpg"


def on_disk(vault: Vault) -> dict[str, bytes]:
    files = (path for path in vault.root.glob("??/*") if path.is_file())
    return {path.relative_to(vault.root).as_posix(): path.read_bytes() for path in files}


async def test_a_photo_on_disk_is_no_photo(tmp_path: Path, keyring: Keyring) -> None:
    store = FileStore(tmp_path / "files", keyring)
    kept = await store.prepare(jpeg(), "户口本.jpg")
    [(path, file)] = on_disk(store.vault).items()
    content = store.vault.read(path)
    assert (path, kept.size) == (kept.path, len(content))
    assert content.startswith(b"\xff\xd8\xff")
    assert file.startswith(MARK) and len(file) == len(content) + OVERHEAD
    assert b"\xff\xd8\xff" not in file and b"JFIF" not in file
    pieces = {content[at : at + 16] for at in range(0, len(content) - 16, 16)}
    assert [piece for piece in pieces if piece in file] == []


def test_a_name_tells_nothing_of_the_content(vault: Vault, tmp_path: Path) -> None:
    path = vault.keep(CONTENT)
    assert hashlib.sha256(CONTENT).hexdigest()[:16] not in path
    assert not path.endswith((".jpg", ".pdf"))
    assert Vault(tmp_path / "elsewhere", Keyring([OTHER])).keep(CONTENT) != path
    assert vault.keyring.blind(CONTENT.decode("latin-1")) not in path


def test_the_same_photo_is_one_file_also_under_a_new_key(vault: Vault) -> None:
    path = vault.keep(CONTENT)
    before = on_disk(vault)
    assert (vault.keep(CONTENT), turned(vault).keep(CONTENT)) == (path, path)
    assert on_disk(vault) == before


def test_a_file_in_the_place_of_another_does_not_open(vault: Vault) -> None:
    one, two = vault.keep(CONTENT), vault.keep(CONTENT + b"2")
    (vault.root / one).replace(vault.root / two)
    for path, why in ((one, Why.GONE), (two, Why.SPOILT)):
        with pytest.raises(Unopened) as unopened:
            vault.read(path)
        assert unopened.value.why is why


@pytest.mark.parametrize("cut", [0, 3, 9, 15, 40, -1])
def test_a_cut_file_is_told_and_mended_when_it_comes_again(vault: Vault, cut: int) -> None:
    path = vault.keep(CONTENT)
    whole = (vault.root / path).read_bytes()
    (vault.root / path).write_bytes(whole[:cut])
    with pytest.raises(Unopened) as unopened:
        vault.read(path)
    assert unopened.value.why is Why.SPOILT
    assert "再发一次" in unopened.value.reason
    assert vault.keep(CONTENT) == path
    assert vault.read(path) == CONTENT


def test_no_plain_file_passes_for_a_sealed_one(vault: Vault) -> None:
    path = vault.keep(CONTENT)
    (vault.root / path).write_bytes(CONTENT)
    with pytest.raises(Unopened):
        vault.read(path)


def test_a_lost_key_is_told(vault: Vault) -> None:
    path = vault.keep(CONTENT)
    with pytest.raises(Unopened, match="缺少开它的密钥") as unopened:
        Vault(vault.root, Keyring([OTHER])).read(path)
    assert unopened.value.why is Why.NO_KEY


def test_a_plain_file_of_an_earlier_version_is_read_as_before(vault: Vault) -> None:
    path = plain(vault)
    assert vault.read(path) == CONTENT
    assert [*vault.plain()] == [path]
    assert by_key(vault) == {PLAIN: 1}


def test_files_are_counted_by_key(vault: Vault) -> None:
    vault.keep(CONTENT)
    turned(vault).keep(CONTENT + b"2")
    plain(vault, CONTENT + b"3")
    (vault.root / vault.keep(CONTENT + b"4")).write_bytes(b"spoilt")
    assert by_key(vault) == {key_id(OLD): 1, key_id(NEW): 1, PLAIN: 1}


def test_every_file_is_sealed_again(vault: Vault) -> None:
    contents = {vault.keep(CONTENT + bytes([number])): number for number in range(5)}
    newer = turned(vault)
    assert is_any_file_old(newer)
    done = seal_files_again(newer, lambda _: None)
    assert (done.files, done.unreadable) == (5, ())
    assert by_key(newer) == {key_id(NEW): 5}
    assert not is_any_file_old(newer)
    assert all(newer.read(path)[-1] == number for path, number in contents.items())
    assert seal_files_again(newer, lambda _: None).files == 0


def test_sealing_again_goes_on_where_it_was_killed(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [vault.keep(CONTENT + bytes([number])) for number in range(4)]
    newer, put = turned(vault), Vault.put
    left = [2]

    def dies(self: Vault, path: str, sealed: bytes, **how: bool) -> bool:
        if not left[0]:
            (self.root / path).with_name(f".draft-{len(paths)}").write_bytes(sealed[:10])
            raise KeyboardInterrupt
        left[0] -= 1
        return put(self, path, sealed, **how)

    monkeypatch.setattr(Vault, "put", dies)
    with pytest.raises(KeyboardInterrupt):
        seal_files_again(newer, lambda _: None)
    monkeypatch.undo()
    assert by_key(newer) == {key_id(NEW): 2, key_id(OLD): 2}
    assert {newer.read(path)[:-1] for path in paths} == {CONTENT}
    assert seal_files_again(newer, lambda _: None).files == 2
    assert by_key(newer) == {key_id(NEW): 4}


def test_what_no_key_opens_is_left_and_told(vault: Vault) -> None:
    foreign = Vault(vault.root, Keyring([OTHER, OLD])).keep(CONTENT)
    before = on_disk(vault)
    newer = turned(vault)
    assert seal_files_again(newer, lambda _: None).unreadable == (foreign,)
    assert on_disk(vault) == before
    assert not is_any_file_old(newer), "or a rotation would never be over"


def test_what_was_removed_does_not_come_back(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    path = vault.keep(CONTENT)
    newer, seal = turned(vault), Vault.sealed_as

    def removed_meanwhile(self: Vault, path: str, content: bytes) -> bytes:
        remove(self.root, path)
        return seal(self, path, content)

    monkeypatch.setattr(Vault, "sealed_as", removed_meanwhile)
    assert seal_files_again(newer, lambda _: None).files == 0
    assert on_disk(vault) == {}
    remove(vault.root, path)  # a second time does no harm


def test_only_drafts_that_nobody_writes_any_more_are_cleared(vault: Vault) -> None:
    folder = (vault.root / vault.keep(CONTENT)).parent
    yesterday = time.time() - 2 * 24 * 3600
    for name in ("tmpabc123", ".draft-old"):
        (folder / name).write_bytes(CONTENT)
        os.utime(folder / name, (yesterday, yesterday))
    (folder / ".draft-new").write_bytes(b"sealed")
    vault.clear()
    left = {path.name for path in folder.iterdir()}
    assert {name for name in left if not name.endswith(ENDING)} == {".draft-new"}
    assert len([*vault.paths()]) == 1


def test_the_lock_ends_with_the_change(vault: Vault) -> None:
    vault.keep(CONTENT)
    for _ in range(2):
        with pytest.raises(ValueError), changing(vault.root):
            raise ValueError
