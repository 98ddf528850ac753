"""Uploaded files: sniffed by content, freed of metadata, kept private."""

import asyncio
import os
import stat
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from bot import files
from bot.files import BadFile, BadFileKind, FileStore
from storage.keys import Keyring

GPS_LATITUDE = 2


def jpeg(size: tuple[int, int] = (60, 40), orientation: int | None = None) -> bytes:
    """A photo with GPS, a camera name and optionally an orientation: left half red, right blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = image.getexif()
    exif[ExifTags.Base.Make] = "SecretPhone"
    if orientation is not None:
        exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo)[GPS_LATITUDE] = (46.0, 3.0, 12.0)
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"home address", quality=95)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path, keyring: Keyring) -> FileStore:
    return FileStore(tmp_path / "files", keyring, max_bytes=1 << 20, max_pixels=1024)


async def test_photo_loses_exif_gps_and_comment_but_keeps_its_picture(store: FileStore) -> None:
    content = jpeg()
    assert b"SecretPhone" in content
    kept = await store.prepare(content, "IMG_1.jpg")
    stored = store.vault.read(kept.path)
    assert b"SecretPhone" not in stored
    assert b"home address" not in stored
    with Image.open(BytesIO(stored)) as image:
        assert not image.getexif()
        assert image.size == (60, 40)
        pixel = image.convert("RGB").getpixel((5, 20))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[2] < 60


async def test_photo_is_turned_upright_before_its_orientation_is_dropped(store: FileStore) -> None:
    kept = await store.prepare(jpeg(orientation=6))
    with Image.open(BytesIO(store.vault.read(kept.path))) as image:
        assert image.size == (40, 60)


async def test_large_photo_is_made_smaller_and_stays_in_proportion(store: FileStore) -> None:
    kept = await store.prepare(picture("JPEG", (4000, 2000)))
    with Image.open(BytesIO(store.vault.read(kept.path))) as image:
        assert image.size == (1024, 512)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_other_pictures_keep_their_format(store: FileStore, kind: str) -> None:
    kept = await store.prepare(picture(kind))
    assert kept.mime == f"image/{kind.lower()}"
    with Image.open(BytesIO(store.vault.read(kept.path))) as image:
        assert image.format == kind


async def test_name_says_nothing_about_the_kind(store: FileStore) -> None:
    kept = await store.prepare(picture("PNG"), "virus.exe")
    assert kept.mime == "image/png"
    with pytest.raises(BadFile) as bad:
        await store.prepare(b"MZ" + bytes(500), "photo.jpg")
    assert bad.value.kind is BadFileKind.WRONG_KIND
    assert "照片" in bad.value.reason


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"%PDF-1.4\n" + bytes(300), "application/pdf"),
        (b"OggS" + bytes(24) + b"OpusHead" + bytes(300), "audio/ogg"),
        (b"#!AMR\n" + bytes(300), "audio/amr"),
        (b"ID3\x04" + bytes(300), "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A " + bytes(300), "audio/mp4"),
    ],
)
async def test_papers_and_voice_are_kept_as_they_are(
    store: FileStore, content: bytes, mime: str
) -> None:
    kept = await store.prepare(content)
    assert kept.mime == mime
    assert store.vault.read(kept.path) == content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", BadFileKind.EMPTY),
        (bytes(2 << 20), BadFileKind.TOO_BIG),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(300), BadFileKind.HEIC),
        (b"<html><script>alert(1)</script>", BadFileKind.WRONG_KIND),
        (b"\0\0\0\x18ftypisom" + bytes(300), BadFileKind.WRONG_KIND),
        (jpeg()[:200], BadFileKind.BROKEN),
        (b"\xff\xd8\xff\xe0" + bytes(300), BadFileKind.BROKEN),
    ],
)
async def test_bad_file_says_what_to_send_instead(
    store: FileStore, content: bytes, kind: BadFileKind
) -> None:
    with pytest.raises(BadFile) as bad:
        await store.prepare(content)
    assert bad.value.kind is kind
    assert "{" not in bad.value.reason
    assert not store.root.exists()


async def test_decompression_bomb_is_refused_before_it_is_decoded(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_PIXELS", 1000)
    with pytest.raises(BadFile) as bad:
        await store.prepare(jpeg())
    assert bad.value.kind is BadFileKind.TOO_BIG


async def test_what_must_be_decoded_whole_may_be_less_large(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_WHOLE", 1000)
    assert (await store.prepare(jpeg())).mime == "image/jpeg"
    for kind in ("PNG", "WEBP"):
        with pytest.raises(BadFile) as bad:
            await store.prepare(picture(kind))
        assert bad.value.kind is BadFileKind.TOO_BIG


async def test_pictures_are_drawn_one_after_the_other(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work: list[int] = []
    most = 0
    draw = files.clean_image

    def slow(content: bytes, mime: str, max_pixels: int) -> bytes:
        nonlocal most
        at_work.append(1)
        most = max(most, len(at_work))
        time.sleep(0.02)
        at_work.pop()
        return draw(content, mime, max_pixels)

    monkeypatch.setattr(files, "clean_image", slow)
    sizes = [(60, 40 + number) for number in range(6)]
    await asyncio.gather(*(store.prepare(picture("PNG", size)) for size in sizes))
    assert most == 1


async def test_pillows_own_bomb_guard_counts_as_too_big(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(BadFile) as bad:
        await store.prepare(picture("PNG"))
    assert bad.value.kind is BadFileKind.TOO_BIG


async def test_files_are_private_and_the_same_photo_is_stored_once(store: FileStore) -> None:
    first = await store.prepare(jpeg(), "a.jpg")
    second = await store.prepare(jpeg(), "b.jpg")
    assert first.path == second.path
    stored = store.root / first.path
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700
    assert [store.root / path for path in store.vault.paths()] == [stored]


async def test_file_name_is_shown_and_never_a_path(store: FileStore) -> None:
    kept = await store.prepare(picture("PNG"), "../../etc/户口\n本.png" + os.sep)
    assert kept.name == ""
    kept = await store.prepare(picture("PNG"), "C:\\fakepath\\户口\n本.png")
    assert kept.name == "户口本.png"


async def test_transparent_png_inside_jpeg_name_is_fine_and_cmyk_becomes_rgb(
    store: FileStore,
) -> None:
    out = BytesIO()
    Image.new("CMYK", (20, 20)).save(out, "JPEG")
    kept = await store.prepare(out.getvalue())
    with Image.open(BytesIO(store.vault.read(kept.path))) as image:
        assert image.mode == "RGB"
