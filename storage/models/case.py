"""Dropout cases and escalations, and apart from them who reported."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word
from storage.models.record import Record

# The kind is not first: SQLite would take such an index for the lists too, and sort all of a kind.
_COUNTED = (
    "opened_month",
    "kind",
    "region_code",
    "stage",
    "status",
    "acted_minutes",
    "closed_minutes",
    "ladder_level",
    "type",
)


class Case(Record, Base):
    """A matter an officer follows up; `type` only on escalations."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_counted", *_COUNTED),
        Index("ix_cases_settled", "closed_at", "kind", "region_code", "status", "closing_code"),
        Index(None, "type", "updated_at"),
        NEVER_REUSE_IDS,
    )

    type: Mapped[Word | None]


class Reporter(Base):
    """Who reported a case: a table of its own, so that reading it needs its own permission."""

    __tablename__ = "reporters"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), unique=True)
    name: Mapped[str | None] = mapped_column(Encrypted("reporters.name"))
    phone: Mapped[str | None] = mapped_column(Encrypted("reporters.phone"))
