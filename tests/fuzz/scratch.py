"""A folder for the files of a run: in memory where there is one, a million files need no disk."""

import atexit
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def folder() -> Path:
    """Removed when the process ends as processes should."""
    memory = Path("/dev/shm")
    found = Path(tempfile.mkdtemp(prefix="yulu-fuzz-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, found, ignore_errors=True)
    return found


def placed(name: str, content: bytes) -> Path:
    """A file of that name with these bytes."""
    path = folder() / name
    path.write_bytes(content)
    return path
