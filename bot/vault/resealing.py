"""Seals every file again with the newest key, one after the other, while others read and write."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.vault.errors import Unopened
from bot.vault.vault import Vault
from storage.sealed import PLAIN

_TELL = 200


@dataclass(frozen=True)
class Resealed:
    """How many files were sealed again, and those that no key opens."""

    files: int
    unreadable: tuple[str, ...]


def seal_files_again(vault: Vault, say: Callable[[int], None]) -> Resealed:
    """Go through all files once; each is replaced as a whole, so a kill leaves old or new."""
    files, unreadable = 0, []
    current = vault.keyring.current
    for path in vault.paths():
        if vault.key_of(path) in (current, None, PLAIN):
            continue
        try:
            again = vault.sealed_as(path, vault.read(path))
        except Unopened:
            unreadable.append(path)
            continue
        files += vault.put(path, again, anew=False)
        if files and files % _TELL == 0:
            say(files)
    return Resealed(files, tuple(unreadable))


def is_any_file_old(vault: Vault) -> bool:
    """Whether a file that can be opened lies under another key than the newest."""
    current = vault.keyring.current
    for path in vault.paths():
        if vault.key_of(path) not in (current, None, PLAIN):
            try:
                vault.read(path)
            except Unopened:
                continue
            return True
    return False
