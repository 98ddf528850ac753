"""The folder in which photos and papers lie, each sealed; nothing plain is ever written to it.

A file is named by a keyed hash of its content: the same photo is one file, also after a new key,
and nobody without the keys can try whether a photo they have is among them. Files of earlier
versions lie plain under the plain hash; they are read as they are until `upgrading` sealed them.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.vault.errors import Unopened, Why
from bot.vault.locks import changing
from storage.errors import Undecryptable, UnknownKey
from storage.keys import Keyring
from storage.sealed import HEAD_BYTES, PLAIN, key_in

ENDING = ".sealed"
_DRAFTS = (".draft-", "tmp")
"""How files begin that were being written; those of earlier versions began with tmp."""
_LEFT = 24 * 3600
"""Seconds after which nobody is writing a draft any more."""


class Vault:
    """Files below `root`, sealed with the keys of the ring."""

    def __init__(self, root: Path, keyring: Keyring) -> None:
        self.root = root
        self.keyring = keyring

    def keep(self, content: bytes) -> str:
        """Write a file unless it is there; its path below the root."""
        name = self.keyring.name_of(content)
        path = f"{name[:2]}/{name}{ENDING}"
        if not self._has(path):
            self.put(path, self.keyring.seal(content, _context(path)))
        return path

    def read(self, path: str) -> bytes:
        """What is in a file. Raises Unopened."""
        try:
            return self.opened(path, (self.root / path).read_bytes())
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise Unopened(Why.GONE, path) from None

    def opened(self, path: str, file: bytes) -> bytes:
        """What is in a file that lies on disk like this. Raises Unopened."""
        if key_in(file[:HEAD_BYTES]) is None and not path.endswith(ENDING) and file:
            return file
        try:
            return self.keyring.open(file, _context(path))
        except UnknownKey:
            raise Unopened(Why.NO_KEY, path) from None
        except Undecryptable:
            raise Unopened(Why.SPOILT, path) from None

    def sealed_as(self, path: str, content: bytes) -> bytes:
        """How a file is to lie on disk under this very path."""
        return self.keyring.seal(content, _context(path))

    def put(self, path: str, sealed: bytes, *, anew: bool = True, sync: bool = True) -> bool:
        """Write the bytes of a sealed file; when not `anew`, only if it is still there.

        Without `sync` the caller sees to it that all is on disk.
        """
        target = self.root / path
        for folder in (self.root, target.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_DRAFTS[0], dir=target.parent)  # mode 0600
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                if sync:
                    file.flush()
                    os.fsync(file.fileno())
            with changing(self.root):
                if not (anew or target.exists()):
                    return False
                draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return True

    def key_of(self, path: str) -> str | None:
        """The id of the key under which a file lies, or PLAIN; None when it is gone or spoilt."""
        try:
            with (self.root / path).open("rb") as file:
                return key_in(file.read(HEAD_BYTES)) or (None if _is_ours(path) else PLAIN)
        except FileNotFoundError:
            return None

    def paths(self) -> Iterator[str]:
        """Every file, sealed or not, in the order of the folders; no drafts."""
        for folder in _folders(self.root):
            with os.scandir(folder) as found:
                names = sorted(each.name for each in found)
            for name in names:
                if not name.startswith(_DRAFTS):
                    yield f"{folder.name}/{name}"

    def plain(self) -> Iterator[str]:
        """The files that bear a name of an earlier version."""
        return (path for path in self.paths() if not _is_ours(path))

    def clear(self) -> None:
        """Remove what was being written when a process was killed."""
        before = time.time() - _LEFT
        for folder in _folders(self.root):
            for path in folder.iterdir():
                if path.name.startswith(_DRAFTS) and path.stat().st_mtime < before:
                    path.unlink(missing_ok=True)

    def _has(self, path: str) -> bool:
        """Whether a file is there and good; who sends a photo again mends a damaged one."""
        try:
            self.read(path)
        except Unopened:
            return False
        return True


def by_key(vault: Vault) -> Counter[str]:
    """How many files lie under each key, or PLAIN."""
    found = (vault.key_of(path) for path in vault.paths())
    return Counter(key for key in found if key is not None)


def remove(root: Path, path: str) -> None:
    """Remove a file for good."""
    if root.is_dir():
        with changing(root):
            (root / path).unlink(missing_ok=True)


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _is_ours(path: str) -> bool:
    return path.endswith(ENDING)


def _context(path: str) -> str:
    """Ties a sealed file to its name: one in the place of another does not open."""
    return f"file {Path(path).name.partition('.')[0]}"
