"""Reads a backup member by member and holds everything against its list of contents."""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

from bot.backup.contents import (
    ABOUT,
    FILES,
    KEPT,
    KEY,
    LARGEST_TEXT,
    MANIFEST,
    TABLES,
    About,
    Manifest,
    about_of,
    is_kept,
    manifest_of,
    safe_path,
)
from bot.backup.errors import damaged
from bot.backup.seal import key_of, opening
from storage.errors import BadKey
from storage.key_file import parse_keys
from storage.keys import Keyring

_PIECE = 1 << 20
_BROKEN = (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, OverflowError)
"""What the readers of tar and gzip raise about bytes that nobody wrote."""


@dataclass(frozen=True)
class Rows:
    """Some rows of a table."""

    table: str
    lines: list[bytes]


class Blob:
    """An attachment or a kept file; read it or leave it, it is hashed all the same."""

    def __init__(self, folder: str, path: str, content: IO[bytes], size: int) -> None:
        self.folder = folder
        self.path = path
        self.size = size
        self._content = content
        self.hash = hashlib.sha256()

    def pieces(self) -> Iterator[bytes]:
        """The bytes, some at a time."""
        while piece := self._content.read(_PIECE):
            self.hash.update(piece)
            yield piece


Part: TypeAlias = About | Rows | Blob | Manifest


@contextmanager
def opened(path: Path, keys: list[Any]) -> Iterator[Iterator[Part]]:
    """The parts of a backup; after the Manifest, which comes last, everything has been compared."""
    from bot.backup.seal import read_head

    with path.open("rb") as file:
        read_head(file)
        with opening(file, keys) as plain:
            yield parts_of(plain)


def keys_for(path: Path, opener: Any) -> list[Any]:
    """The keys that open a backup. Raises BackupError."""
    with path.open("rb") as file:
        return key_of(file, opener)


@dataclass(frozen=True)
class Checked:
    """A whole backup: the list of all that is in it, and the keys of its values and photos."""

    manifest: Manifest
    keyring: Keyring


def check(path: Path, keys: list[Any]) -> Manifest:
    """Read all of it; raises BackupError when anything is not what was written."""
    with opened(path, keys) as parts:
        return _read(parts)[0]


def look_through(path: Path, keys: list[Any]) -> Checked:
    """The same, and the keys that are in it."""
    with opened(path, keys) as parts:
        return looked_through(parts)


def looked_through(parts: Iterator[Part]) -> Checked:
    """Read all parts. Raises BackupError."""
    manifest, text = _read(parts)
    if KEY not in manifest.kept:
        raise damaged("没有密钥")
    try:
        return Checked(manifest, Keyring(parse_keys(text.decode())))
    except (BadKey, UnicodeDecodeError):
        raise damaged("密钥看不懂") from None


def _read(parts: Iterator[Part]) -> tuple[Manifest, bytes]:
    text = b""
    for part in parts:
        if isinstance(part, Blob) and (part.folder, part.path) == (KEPT, KEY):
            text = b"".join(part.pieces())
        if isinstance(part, Manifest):
            return part, text
    raise damaged("没有清单")


def parts_of(plain: IO[bytes]) -> Iterator[Part]:
    """What is in a backup once it is open; the Manifest comes last, after all was compared."""
    sums = _Sums()
    manifest: Manifest | None = None
    try:
        with tarfile.open(fileobj=plain, mode="r|") as tar:
            for member in tar:
                tar.members = []  # type: ignore[attr-defined]  # or it remembers a million photos
                if manifest is not None:
                    raise damaged("清单后面还有东西")
                part = _part(member, _content(tar, member))
                if isinstance(part, Manifest):
                    manifest = part
                    continue
                yield part
                sums.add(part)
        while plain.read(_PIECE):
            pass  # to the last byte: only then is the seal of the whole checked
    except _BROKEN:
        raise damaged("内容不完整") from None
    if manifest is None:
        raise damaged("没有清单")
    sums.compare(manifest)
    yield manifest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    """What is in a plain file: a link leads elsewhere, a sparse file has no end."""
    is_plain = member.isreg() and not member.issparse() and member.size >= 0
    content = tar.extractfile(member) if is_plain else None
    if content is None:
        raise damaged("里面有不是文件的东西")
    return content


def _part(member: tarfile.TarInfo, content: IO[bytes]) -> Part:
    folder, _, rest = member.name.partition("/")
    if member.size > LARGEST_TEXT:
        raise damaged("有一部分太大")  # also a photo, which is sealed or opened in one piece
    if folder == FILES:
        return Blob(folder, safe_path(rest), content, member.size)
    if folder == KEPT:
        if not is_kept(rest):
            raise damaged("里面有不该有的文件名")
        return Blob(folder, safe_path(rest), content, member.size)
    if folder == TABLES:
        text = _unzipped(content.read())
        return Rows(rest.partition("/")[0], text.splitlines(keepends=True))
    if member.name == ABOUT:
        return about_of(content.read())
    if member.name == MANIFEST:
        return manifest_of(content.read())
    raise damaged("里面有不认识的东西")


def _unzipped(packed: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        text = file.read(LARGEST_TEXT + 1)
    if len(text) > LARGEST_TEXT:
        raise damaged("有一部分太大")
    return text


class _Sums:
    """What was read, summed up as the writer did."""

    def __init__(self) -> None:
        self._tables: dict[str, Any] = {}
        self._rows: dict[str, int] = {}
        self._files = hashlib.sha256()
        self._count = self._bytes = 0
        self._kept: dict[str, str] = {}
        self._about: About | None = None

    def add(self, part: Part) -> None:
        if isinstance(part, About):
            self._about = part
        elif isinstance(part, Rows):
            hash = self._tables.setdefault(part.table, hashlib.sha256())
            hash.update(b"".join(part.lines))
            self._rows[part.table] = self._rows.get(part.table, 0) + len(part.lines)
        elif isinstance(part, Blob):
            for _ in part.pieces():
                pass
            self._add_blob(part)

    def _add_blob(self, part: Blob) -> None:
        found = part.hash.hexdigest()
        if part.folder == KEPT:
            self._kept[part.path] = found
            return
        self._count += 1
        self._bytes += part.size
        self._files.update(f"{part.path} {found}\n".encode())

    def compare(self, manifest: Manifest) -> None:
        """Raises BackupError for the first difference."""
        if self._about != manifest.about:
            raise damaged("开头和清单对不上")
        for table in manifest.tables:
            hash = self._tables.pop(table.name, hashlib.sha256())
            is_same = hash.hexdigest() == table.sha256
            if not is_same or self._rows.get(table.name, 0) != table.rows:
                raise damaged(f"表 {table.name} 和清单对不上")
        found = (self._count, self._bytes, self._files.hexdigest(), self._kept)
        told = (manifest.files, manifest.bytes, manifest.files_sha256, manifest.kept)
        if self._tables or found != told:
            raise damaged("文件和清单对不上")
