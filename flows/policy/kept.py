"""Keeps what was learned in a file until questions or code change: learning takes seconds."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

from flows.policy.learned import Learned
from flows.policy.traits import Wordings

HERE = Path(__file__).parent
FOLDER = HERE / "model"
_CODE = ("learned.py", "learning.py", "sounds.py", "traits.py")

_log = logging.getLogger(__name__)


def learned(samples: Sequence[str], owners: Sequence[int], wordings: Wordings) -> Learned:
    """What these samples teach: as it was kept, or learned now and kept for the next time."""
    path = path_of(samples, owners, wordings)
    try:
        return Learned.load(path)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        _log.warning("%s is damaged and will be made again", path.name)
    from flows.policy.learning import learn  # scipy: only when it is needed

    new = learn(samples, owners, wordings)
    _keep(new, path)
    return new


def path_of(samples: Sequence[str], owners: Sequence[int], wordings: Wordings) -> Path:
    """Where that is kept which exactly these samples, wordings and this code teach."""
    code = [(HERE / name).read_bytes() for name in _CODE]
    content = repr((tuple(samples), tuple(owners), wordings.content)).encode("utf-8")
    return FOLDER / f"{hashlib.sha256(b''.join([*code, content])).hexdigest()[:16]}.npz"


def _keep(new: Learned, path: Path) -> None:
    try:
        new.save(path)
        for old in path.parent.glob("*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("what was learned stays in memory only: %s", error.strerror)
