"""What the nightly purge did, step by step: it goes on from here when it was cut off."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class Purge(Base):
    """One step of one night: rows up to `after_id` were looked at, `count` of them removed.

    `begun_at` is the moment by which the night judges age. What was over by `until` is gone once
    `done_at` is set; the next night begins there. `oldest` is the day of the oldest thing removed.
    """

    __tablename__ = "purges"
    __table_args__ = (UniqueConstraint("day", "step"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    day: Mapped[date]
    step: Mapped[Word]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    after_id: Mapped[int] = mapped_column(Id, default=0)
    count: Mapped[int] = mapped_column(default=0)
    oldest: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
