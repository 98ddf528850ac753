"""Photos and papers of families: checked by content, freed of EXIF and GPS, kept out of the web.

They lie sealed in the vault; only a cleaned file gets there, and the same photo twice is one.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.base import InboundFile
from bot.vault.vault import ENDING, Vault
from storage.keys import Keyring

if TYPE_CHECKING:
    from PIL import Image

    from storage.db import Database
    from storage.models.attachment import Attachment
    from storage.uow import UnitOfWork

MOST_PIXELS = 80_000_000
"""Beyond this a picture is taken for a decompression bomb, not for a photo of a paper."""

MOST_WHOLE = 24_000_000
"""The same for what is no JPEG: it has to be decoded whole. A scanned page has nine million."""

AT_ONCE = 1
"""A picture takes some hundred megabytes and a second while it is drawn anew: a stranger who sends
many must not have the memory and all processors."""

JPEG_QUALITY = 92

KINDS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
}
"""What is kept, and the ending of its file."""

_SAME = {"video/ogg": "audio/ogg", "audio/m4a": "audio/mp4", "audio/x-m4a": "audio/mp4"}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class BadFileKind(StrEnum):
    """Why a file is not taken; channels pass it on as `Inbound.unsupported`."""

    TOO_BIG = "file_too_big"
    WRONG_KIND = "file_wrong_kind"
    HEIC = "file_heic"
    BROKEN = "file_broken"
    EMPTY = "file_empty"


REASONS = {
    BadFileKind.TOO_BIG: "这个文件太大了（最大 {limit} MB）。请直接拍一张照片发来，不要发原图。",
    BadFileKind.WRONG_KIND: "这种文件我打不开。请拍一张照片发来，或者发 PDF 文件。",
    BadFileKind.HEIC: "苹果手机的这种照片格式（HEIC）我打不开。请把照片截一次屏，把截图发来。",
    BadFileKind.BROKEN: "这个文件没有传完整，我打不开。请再拍一张发来。",
    BadFileKind.EMPTY: "这个文件是空的。请再拍一张照片发来。",
}
"""What the person is told: why not, and what to send instead."""


class BadFile(Exception):
    """A file that is not kept; `reason` is a kind Chinese sentence saying what to send instead."""

    def __init__(self, kind: BadFileKind, limit: int = 10) -> None:
        self.kind = kind
        self.reason = REASONS[kind].format(limit=limit)
        super().__init__(self.reason)


@dataclass(frozen=True)
class Prepared:
    """A file already on disk, not yet in the database; `path` is relative to the store.

    `sha256` is the keyed hash of the content, not a plain one: see `Keyring.name_of`.
    """

    sha256: str
    mime: str
    size: int
    name: str
    path: str


class FileStore:
    """Keeps attachments below `root`; nothing in it is served without a check of who asks."""

    def __init__(
        self,
        root: Path,
        keyring: Keyring,
        *,
        max_bytes: int = 10 << 20,
        max_pixels: int = 4096,
    ) -> None:
        self.vault = Vault(root, keyring)
        self.max_bytes = max_bytes
        self.max_pixels = max_pixels
        self._drawing = asyncio.Semaphore(AT_ONCE)

    async def prepare(self, content: bytes, name: str = "") -> Prepared:
        """Check, clean and write one file, in a thread and in turn; raises BadFile."""
        async with self._drawing:
            return await asyncio.to_thread(self._prepare, content, name)

    async def keep(
        self,
        uow: "UnitOfWork",
        prepared: Prepared,
        *,
        person_id: int,
        conversation_id: int,
        now: datetime,
    ) -> InboundFile:
        """Record a prepared file as this person's; each sending is a row of its own."""
        row = await uow.attachments.add(
            sha256=prepared.sha256,
            mime=prepared.mime,
            size=prepared.size,
            path=prepared.path,
            name=prepared.name,
            person_id=person_id,
            conversation_id=conversation_id,
            created_at=now,
        )
        return InboundFile(row.id, prepared.mime, prepared.name)

    async def receive(
        self, db: "Database", channel: str, address: str, content: bytes, name: str, now: datetime
    ) -> InboundFile:
        """Prepare and keep a file that came in through a channel; raises BadFile."""
        prepared = await self.prepare(content, name)
        async with db.write() as uow:
            conversation = await uow.conversations.get_or_create(channel, address, now)
            return await self.keep(
                uow,
                prepared,
                person_id=conversation.person_id,
                conversation_id=conversation.id,
                now=now,
            )

    @property
    def root(self) -> Path:
        """The folder in which the sealed files lie."""
        return self.vault.root

    async def read(self, attachment: "Attachment") -> bytes:
        """The bytes of an attachment, in a thread. Raises Unopened."""
        return await asyncio.to_thread(self.vault.read, attachment.path)

    def _prepare(self, content: bytes, name: str) -> Prepared:
        if not content:
            raise BadFile(BadFileKind.EMPTY)
        if len(content) > self.max_bytes:
            raise BadFile(BadFileKind.TOO_BIG, self.max_bytes >> 20)
        mime = sniff(content)
        if mime in _FORMATS:
            content = clean_image(content, mime, self.max_pixels)
        path = self.vault.keep(content)
        digest = Path(path).name.removesuffix(ENDING)
        return Prepared(digest, mime, len(content), _safe_name(name), path)


def sniff(content: bytes) -> str:
    """The MIME type by content, one of KINDS; raises BadFile for anything else."""
    import filetype

    guess = filetype.guess_mime(content) or ""
    mime = _SAME.get(guess, guess)
    if mime in ("image/heic", "image/heif", "image/avif"):
        raise BadFile(BadFileKind.HEIC)
    if mime == "video/mp4" and content[8:12] in (b"M4A ", b"M4B "):
        mime = "audio/mp4"
    if mime not in KINDS:
        raise BadFile(BadFileKind.WRONG_KIND)
    return mime


def clean_image(content: bytes, mime: str, max_pixels: int) -> bytes:
    """The picture turned upright, at most `max_pixels` long, with no metadata at all."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[mime]]) as opened:
            most = MOST_PIXELS if mime == "image/jpeg" else MOST_WHOLE
            if opened.width * opened.height > most:
                raise BadFile(BadFileKind.TOO_BIG)
            # a large JPEG is decoded at half its size or less; turned only when it is small
            opened.thumbnail((max_pixels, max_pixels), reducing_gap=1.0)
            return _encoded(ImageOps.exif_transpose(opened), mime)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(BadFileKind.TOO_BIG) from None
    except BadFile:
        raise
    except Exception:  # of a damaged picture the decoder raises anything: struct.error, TypeError
        raise BadFile(BadFileKind.BROKEN) from None


def _encoded(image: "Image.Image", mime: str) -> bytes:
    out = BytesIO()
    if mime == "image/jpeg" and image.mode not in ("RGB", "L"):
        image = image.convert("RGB")
    image.info.clear()  # EXIF, GPS, XMP, comments and profiles all live here
    image.save(out, _FORMATS[mime], quality=JPEG_QUALITY)
    return out.getvalue()


def _safe_name(name: str) -> str:
    """The last part of a file name, printable and short; it is shown, never used as a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:120]
