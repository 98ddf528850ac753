"""Who may change the folder of files: two locks that all processes on it keep to.

They lie on the folder itself and on the one around it, and end with the process that holds them:
a killed one leaves nothing shut.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """For the moment in which a file is replaced or removed: what was removed must not return."""
    with _locked(root, fcntl.LOCK_EX):
        yield


@contextmanager
def copying(root: Path) -> Iterator[None]:
    """While files are copied by the names that the database told before: none gets another."""
    with _locked(root.parent, fcntl.LOCK_SH):
        yield


@contextmanager
def renaming(root: Path) -> Iterator[bool]:
    """While files get other names; False when somebody copies, or renames, at this moment."""
    with ExitStack() as held:
        try:
            held.enter_context(_locked(root.parent, fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
