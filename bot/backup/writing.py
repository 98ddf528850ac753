"""Writes the members of a backup one after the other, and sums them up for the last one."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
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
from bot.vault.errors import Unopened
from bot.vault.vault import Vault
from storage.portable import Shape
from storage.sealed import key_in

_LEVEL = 1  # ciphertext hardly shrinks; what shrinks does so at once


class Writer:
    """A backup being written."""

    def __init__(self, out: IO[bytes], about: About) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w|")  # noqa: SIM115 - closed in `finish`
        self.manifest = Manifest(about)
        self._files = hashlib.sha256()
        self._add_json(ABOUT, vars(about))

    def begin_table(self, shape: Shape) -> "TableWriter":
        """The next table."""
        table = TableSum(shape.name, [list(pair) for pair in shape.columns])
        self.manifest.tables.append(table)
        return TableWriter(self, table)

    def add_file(self, vault: Vault, path: str) -> None:
        """One attachment as it lies on disk, if it is there; whether it opens is written down."""
        try:
            file = (vault.root / path).read_bytes()
        except FileNotFoundError:
            self.manifest.missing.append(path)
            return
        self.add_bytes(f"{FILES}/{path}", file)
        found = hashlib.sha256(file).hexdigest()
        if is_spoilt(vault, path, file):
            self.manifest.spoilt.append(path)
        self.manifest.files += 1
        self.manifest.bytes += len(file)
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


def is_spoilt(vault: Vault, path: str, file: bytes) -> bool:
    """Whether no key opens an attachment, or a plain one is not what its name promises."""
    try:
        content = vault.opened(path, file)
    except Unopened:
        return True
    is_plain = key_in(file) is None
    return is_plain and named_hash(path) not in (None, hashlib.sha256(content).hexdigest())
