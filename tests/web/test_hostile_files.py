"""Files sent to do harm: bombs, polyglots, scripts in pictures, names that climb out."""

import struct
import zlib
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from litestar.datastructures import UploadFile
from PIL import Image, PngImagePlugin

from bot.files import BadFile, FileStore
from bot.vault.vault import Vault
from storage.keys import Keyring
from storage.kinds import RecordKind, Role
from storage.models.attachment import Attachment
from tests.test_files import jpeg
from tests.vault.test_vault import plain
from tests.web.conftest import Client, FakeService, add_record
from tests.web.test_chat import open_page
from tests.web.test_desk import desk_of, post
from tests.web.test_login_limits import at

SCRIPT = b"<script>alert(1)</script>"
PDF = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A picture of 3.6 thousand million points in a few kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100_000, 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def png_with_text(words: bytes) -> bytes:
    """A real picture with a script in its comments and after its end."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", words.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", words.decode())
    out = BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG", pnginfo=info)
    return out.getvalue() + words


def text_bomb() -> bytes:
    """A picture whose comment unpacks to 200 megabytes."""
    good = png_with_text(b"x")
    packed = b"Comment\0\0" + zlib.compress(b"a" * 200_000_000, 9)
    chunk = struct.pack(">I", len(packed)) + b"zTXt" + packed
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + packed))
    return good[:33] + chunk + good[33:]


@pytest.fixture
def store(tmp_path: Path, keyring: Keyring) -> FileStore:
    return FileStore(tmp_path / "files", keyring, max_bytes=1 << 20, max_pixels=1024)


@pytest.mark.parametrize("make", [png_bomb, text_bomb])
async def test_a_bomb_is_refused_or_defused(store: FileStore, make: Callable[[], bytes]) -> None:
    content = make()
    assert len(content) < 1 << 20
    try:
        kept = await store.prepare(content, "bomb.png")
    except BadFile as bad:
        assert bad.reason
    else:
        assert kept.size < 10_000


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
        b"<?xml version='1.0'?><svg onload='alert(1)'/>",
        b"<!doctype html>" + SCRIPT,
        b"GIF89a/*" + SCRIPT,
        b"PK\x03\x04" + b"\0" * 60,
        b"MZ" + b"\0" * 60,
        b"#!/bin/sh\nrm -rf /",
        b"%!PS-Adobe-3.0 EPSF",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60,
    ],
)
async def test_what_is_no_photo_and_no_paper_is_refused(store: FileStore, content: bytes) -> None:
    with pytest.raises(BadFile):
        await store.prepare(content, "photo.jpg")
    assert not store.root.exists() or list(store.root.rglob("*.*")) == []


@pytest.mark.parametrize(
    "content", [jpeg() + SCRIPT, jpeg() + PDF, png_with_text(SCRIPT), jpeg() + b"PK\x03\x04zip"]
)
async def test_of_a_picture_only_the_picture_is_kept(store: FileStore, content: bytes) -> None:
    kept = await store.prepare(content, "photo.html")
    stored = store.vault.read(kept.path)
    for part in (SCRIPT, b"PDF-1.4", b"PK\x03\x04", b"SecretPhone", b"xmp", b"Comment"):
        assert part not in stored
    assert kept.mime in ("image/jpeg", "image/png")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute/x.jpg", "x.jpg"),
        ("a\r\nset-cookie: x=1.jpg", "aset-cookie: x=1.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", ".."),
        ("x" * 500, "x" * 120),
        ("", ""),
    ],
)
async def test_a_name_is_shown_and_never_a_path(store: FileStore, name: str, shown: str) -> None:
    kept = await store.prepare(jpeg(), name)
    assert kept.name == shown
    assert (store.root / kept.path).resolve().is_relative_to(store.root.resolve())
    assert name not in kept.path or not name


@pytest.fixture
async def send(client: Client, service: FakeService) -> Callable[..., Awaitable[Any]]:
    headers = await open_page(client)

    async def send_one(content: bytes, name: str) -> Any:
        form = {"id": f"file-{len(service.intake.heard)}-{len(content)}", "text": ""}
        files = [("photos", (name, content))]
        return await client.post("/chat/messages", data=form, headers=headers, files=files)

    return send_one


async def test_a_paper_is_saved_by_the_browser_and_runs_nowhere(
    client: Client, service: FakeService, send: Callable[..., Awaitable[Any]]
) -> None:
    assert (await send(PDF, '报告"\r\nx: y.pdf')).status_code == 202
    [file] = service.intake.heard[-1].files
    answer = await client.get(f"/chat/files/{file.attachment}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x" not in answer.headers, "a name makes no header"
    assert (await send(jpeg(), "a.jpg")).status_code == 202
    [photo] = service.intake.heard[-1].files
    answer = await client.get(f"/chat/files/{photo.attachment}")
    assert answer.headers["content-disposition"].startswith("inline")
    assert "sandbox" in answer.headers["content-security-policy"]
    client.cookies.clear()
    assert (await client.get(f"/chat/files/{photo.attachment}")).status_code == 404


@pytest.mark.parametrize(
    ("harm", "said"), [("cut", "坏了"), ("gone", "找不到"), ("key", "缺少开它的密钥")]
)
async def test_a_file_that_does_not_open_is_said_kindly(
    client: Client, service: FakeService, send: Callable[..., Awaitable[Any]], harm: str, said: str
) -> None:
    assert (await send(jpeg(), "a.jpg")).status_code == 202
    [photo] = service.intake.heard[-1].files
    [path] = service.files.vault.paths()
    file = service.files.root / path
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-3])
    elif harm == "gone":
        file.unlink()
    else:
        foreign = Vault(service.files.root, Keyring([bytes(32)]))
        foreign.put(path, foreign.sealed_as(path, b"x"))
    answer = await client.get(f"/chat/files/{photo.attachment}")
    assert answer.status_code == 410
    assert said in answer.text and "Traceback" not in answer.text


async def test_a_file_that_gets_its_sealed_name_meanwhile_is_shown(
    client: Client,
    service: FakeService,
    send: Callable[..., Awaitable[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The row was read, then the nightly work renames the file, then it is opened."""
    assert (await send(jpeg(), "a.jpg")).status_code == 202
    [photo] = service.intake.heard[-1].files
    vault = service.files.vault
    [new] = vault.paths()
    content, old = vault.read(new), plain(vault)
    (vault.root / old).unlink()
    async with service.db.write() as uow:
        row = await uow.attachments.get(photo.attachment)
        assert row is not None
        row.path = old
    read = service.files.read

    async def renamed_before(row: Attachment) -> bytes:
        async with service.db.write() as uow:
            now = await uow.attachments.get(row.id)
            assert now is not None
            now.path = new
        return await read(row)

    monkeypatch.setattr(service.files, "read", renamed_before)
    answer = await client.get(f"/chat/files/{photo.attachment}")
    assert (answer.status_code, answer.content) == (200, content)


async def test_of_a_large_file_no_more_is_read_than_may_be_kept(
    client: Client,
    service: FakeService,
    send: Callable[..., Awaitable[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []
    read = UploadFile.read

    async def counted(self: UploadFile, size: int = -1) -> bytes:
        content = await read(self, size)
        sizes.append(len(content))
        return content

    monkeypatch.setattr(UploadFile, "read", counted)
    most = service.files.max_bytes
    answer = await send(b"\xff\xd8\xff" + b"x" * (5 * most), "a.jpg")
    assert answer.status_code == 422 and "太大" in answer.text
    await add_record(service, "D26-0000-013", RecordKind.DROPOUT_CASE, status="reported")
    await desk_of(client, service, Role.OFFICER)
    token = {"_csrf_token": (await client.get("/chat/token")).text.strip()}
    path = "/desk/records/D26-0000-013/papers"
    files = {"files": ("a.jpg", b"\xff\xd8\xff" + b"x" * (5 * most))}
    form = {**token, "document": "evidence", "version": "1"}
    assert (await client.post(path, data=form, files=files)).status_code == 422
    assert sizes == [most + 1, most + 1]


async def test_more_than_any_album_is_refused_unread(client: Client) -> None:
    headers = {**await open_page(client), "content-length": str(200 << 20)}
    headers["content-type"] = "multipart/form-data; boundary=b"
    async with at(client.app, "203.0.113.9") as caller:
        caller.cookies.update(client.cookies)
        answer = await caller.post("/chat/messages", content=b"x", headers=headers)
    assert answer.status_code == 413


async def test_paths_do_not_climb_out(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN, "150000")
    (service.files.root.parent / "key").write_text("secret key", "utf-8")
    for path in (
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
        "/static/....//server.py",
        "/static//etc/passwd",
        "/static/htmx/../../bot/config.py",
        "/chat/files/..%2f..%2fkey",
        "/desk/files/..%2fkey",
        "/desk/reports/..%2f..%2fx/file",
        "/desk/import/..%2fx/template",
        "/desk/records/..%2fx/form/docx",
    ):
        answer = await client.get(path)
        assert answer.status_code in (400, 404, 405), path
        assert "secret key" not in answer.text and "root:" not in answer.text
    assert (await post(client, "/desk/import/..%2f..%2fx")).status_code in (404, 405)
