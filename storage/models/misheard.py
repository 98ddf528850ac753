"""Sentences that the bot did not understand, or misunderstood, until an officer has judged them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Hash, Key, Word


class Misheard(Base):
    """A sentence without the people in it, and nothing that leads to who said it.

    Days instead of moments, for a moment would point at a message. `text_key` finds the same
    sentence again; `chosen` is the intent that the person picked afterwards; `status` is waiting,
    labelled or dropped, and a dropped sentence has no text any more.
    """

    __tablename__ = "misheard"
    __table_args__ = (
        UniqueConstraint("text_key", "region_code"),
        Index(None, "status", "region_code"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    text: Mapped[str] = mapped_column(Encrypted("misheard.text"))
    text_key: Mapped[Hash]
    region_code: Mapped[Code]
    reason: Mapped[Word]
    guess: Mapped[Word]
    confidence: Mapped[float]
    runner_up: Mapped[Word | None]
    chosen: Mapped[Word | None]
    times: Mapped[int] = mapped_column(default=1)
    first_on: Mapped[date]
    last_on: Mapped[date]
    status: Mapped[Word] = mapped_column(default="waiting")
    label: Mapped[Word | None]
    decided_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
