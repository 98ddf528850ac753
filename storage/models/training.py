"""Mandarin training sessions and who takes part."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Key, Line, Referenced, Word
from storage.models.record import Record


class TrainingSession(Referenced, Base):
    """A course somebody offers; `source_key` tells an imported row from a new one."""

    __tablename__ = "training_sessions"

    id: Mapped[Key]
    source_key: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[Line]
    organiser: Mapped[Line] = mapped_column(default="")
    audience: Mapped[Line] = mapped_column(default="")
    level: Mapped[Word] = mapped_column(default="")
    mode: Mapped[Word] = mapped_column(default="")
    region_code: Mapped[Code | None] = mapped_column(index=True)
    venue: Mapped[Line] = mapped_column(default="")
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date | None]
    schedule: Mapped[Line] = mapped_column(default="")
    seats: Mapped[int | None]
    fee: Mapped[Line] = mapped_column(default="")
    contact: Mapped[Line] = mapped_column(default="")
    phone: Mapped[Word] = mapped_column(default="")
    apply_by: Mapped[date | None]


class Registration(Record, Base):
    """A person's place in a session, or their interest when there is none.

    A free place is held until `held_until` for the one on the waiting list to whom it is offered.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        Index("ix_registrations_counted", "opened_month", "region_code", "status"),
        Index(None, "session_id", "held_until"),
        NEVER_REUSE_IDS,
    )

    session_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("training_sessions.id"), index=True
    )
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
