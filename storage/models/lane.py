"""What all processes must know of a channel together: how fast, whether it pauses, who receives."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class Lane(Base):
    """One channel.

    `free_at` is when the next message keeps the rate. Until `held_until` the channel asks all to
    wait; until `failed_until` all wait because it failed for one of them. `seen_at` is when this
    was written: a clock that is behind it was turned back.
    """

    __tablename__ = "lanes"
    __table_args__ = (UniqueConstraint("name"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    name: Mapped[Word]
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    free_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_for: Mapped[Word | None]
    received_by: Mapped[Word | None]
    received_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
