"""Who may change the folder of files: two locks that all processes on it keep to.

They are files in it, for the folder may be shared between machines (NFS locks no folders), and end
with the process that holds them: a killed one leaves nothing shut.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_CHANGING, _COPYING = ".changing", ".copying"


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """For the moment in which a file is replaced or removed: what was removed must not return."""
    with _locked(root, _CHANGING, fcntl.LOCK_EX):
        yield


@contextmanager
def copying(root: Path) -> Iterator[None]:
    """While files are copied by the names that the database told before: none gets another."""
    with _locked(root, _COPYING, fcntl.LOCK_SH):
        yield


@contextmanager
def renaming(root: Path) -> Iterator[bool]:
    """While files get other names; False when somebody copies, or renames, at this moment."""
    with ExitStack() as held:
        try:
            held.enter_context(_locked(root, _COPYING, fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _locked(root: Path, name: str, how: int) -> Iterator[None]:
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(root / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(PermissionError):  # made by root, the service must lock it as well
            os.fchmod(handle, 0o666)
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
