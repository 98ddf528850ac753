"""The one table that says of every table how long what is in it is kept; from retention.yaml."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from flows.content import read, understood
from flows.policy.cited import Cited
from flows.policy.loader import HERE
from flows.policy.types import Model
from storage.kinds import RecordKind


class Fate(StrEnum):
    """What happens to the rows of a table."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    WITH_RECORD = "with_record"
    KEPT = "kept"


Period = Literal["drafts", "messages", "records", "audit", "now", "own"]


class Kept(Cited):
    """One table: what it holds, how long, since when, which steps carry it away, and why."""

    holds: str = Field(min_length=2)
    fate: Fate
    period: Period
    since: str = Field(min_length=2)
    steps: tuple[str, ...] = ()
    sealed: Mapping[str, str] = {}
    why: str = Field(min_length=2)


class Beside(Model):
    """A place outside the database where something is kept."""

    where: str
    holds: str
    how: str


class Statutory(Cited):
    """Records of a kind that stay although their owner asks for erasure: told to families."""

    why: str
    until: str


class Retention(Model):
    """retention.yaml."""

    tables: Mapping[str, Kept]
    statutory: Mapping[RecordKind, Statutory]
    beside: tuple[Beside, ...]


@lru_cache(maxsize=4)
def load_retention(folder: Path = HERE) -> Retention:
    """The table; raises BadContent when the file is wrong."""
    with understood(path := folder / "retention.yaml"):
        return Retention.model_validate(read(path))
