"""What the yearly audit of minors' data says beside its numbers; from minors_audit.yaml."""

from functools import lru_cache
from pathlib import Path

from flows.content import read, understood
from flows.policy.cited import Cited
from flows.policy.loader import HERE
from flows.policy.types import Model


class Fact(Cited):
    """One sentence."""

    what: str


class Purpose(Cited):
    """Why something is processed, what of it, and what allows that."""

    name: str
    data: str
    basis: str


class Sharing(Cited):
    """Who else gets something, and how."""

    who: str
    what: str
    how: str


class MinorsAudit(Model):
    """minors_audit.yaml."""

    duty: tuple[Fact, ...]
    purposes: tuple[Purpose, ...]
    measures: tuple[Fact, ...]
    sharing: tuple[Sharing, ...]
    unknown: tuple[str, ...]


@lru_cache(maxsize=4)
def load_minors_audit(folder: Path = HERE) -> MinorsAudit:
    """The file; raises BadContent when it is wrong."""
    with understood(path := folder / "minors_audit.yaml"):
        return MinorsAudit.model_validate(read(path))
