"""Writes the members of a backup one after the other, and sums them up for the last one."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from bot.backup.contents import (
    ABOUT,
    FILES,
    KEPT,
    MANIFEST,
    TABLES,
    About,
    Manifest,
    TableSum,
    named_hash,
)
from storage.portable import Shape

_LEVEL = 1  # ciphertext hardly shrinks; what shrinks does so at once


class Writer:
    """A backup being written; `spoilt` are files whose bytes are not what their names promise."""

    def __init__(self, out: IO[bytes], about: About) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w|")  # noqa: SIM115 - closed in `finish`
        self.manifest = Manifest(about)
        self.spoilt: list[str] = []
        self._files = hashlib.sha256()
        self._add_json(ABOUT, vars(about))

    def begin_table(self, shape: Shape) -> "TableWriter":
        """The next table."""
        table = TableSum(shape.name, [list(pair) for pair in shape.columns])
        self.manifest.tables.append(table)
        return TableWriter(self, table)

    def add_file(self, root: Path, path: str) -> None:
        """The bytes of one attachment, if they are there."""
        try:
            with (root / path).open("rb") as file:
                size = file.seek(0, io.SEEK_END)
                file.seek(0)
                hashing = _Hashing(file)
                self._add(f"{FILES}/{path}", size, hashing)
        except FileNotFoundError:
            self.manifest.missing.append(path)
            return
        found = hashing.hash.hexdigest()
        if named_hash(path) not in (None, found):
            self.spoilt.append(path)
        self.manifest.files += 1
        self.manifest.bytes += size
        self._files.update(f"{path} {found}\n".encode())

    def keep(self, name: str, content: bytes) -> None:
        """One small thing that is no row and no attachment."""
        self.manifest.kept[name] = hashlib.sha256(content).hexdigest()
        self.add_bytes(f"{KEPT}/{name}", content)

    def finish(self) -> Manifest:
        """Write the list of all that is in it."""
        self.manifest.files_sha256 = self._files.hexdigest()
        self._add_json(MANIFEST, self.manifest.as_json())
        self._tar.close()
        return self.manifest

    def add_bytes(self, name: str, content: bytes) -> None:
        """One member from memory."""
        self._add(name, len(content), io.BytesIO(content))

    def _add_json(self, name: str, document: Any) -> None:
        self.add_bytes(name, json.dumps(document, ensure_ascii=False, indent=1).encode())

    def _add(self, name: str, size: int, content: Any) -> None:
        member = tarfile.TarInfo(name)
        member.size = size
        member.mode = 0o600
        self._tar.addfile(member, content)
        self._tar.members = []  # type: ignore[attr-defined]  # or it remembers a million photos


class TableWriter:
    """One table, some rows at a time."""

    def __init__(self, writer: Writer, table: TableSum) -> None:
        self._writer = writer
        self._table = table
        self._hash = hashlib.sha256()
        self._part = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Rows in the order of their numbers."""
        chunk = list(lines)
        self._part += 1
        text = b"".join(chunk)
        self._hash.update(text)
        self._table.rows += len(chunk)
        name = f"{TABLES}/{self._table.name}/{self._part:06}.jsonl.gz"
        self._writer.add_bytes(name, gzip.compress(text, _LEVEL, mtime=0))

    def finish(self, last: int) -> None:
        """No row follows; `last` is the last number that was given."""
        self._table.sha256, self._table.last = self._hash.hexdigest(), last


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        found = self._file.read(size)
        self.hash.update(found)
        return found
