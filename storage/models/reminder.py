"""What people are to be told later."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class Reminder(Base):
    """A message for a later day; `status` is waiting, fired, suppressed or cancelled.

    `due_at` moves when the gate puts the message off, `planned_for` stays: by it staleness is
    judged. `about` names what it is told of when that is no record (`event:recognition:2026`,
    `campaign:7`). Several fired together share one message, `outbox_id`. `answer` is what the
    person replied to it.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        Index(None, "status", "due_at"),
        Index(None, "about", "status"),
        Index(None, "person_id", "status", "done_at"),
        Index(None, "person_id", "due_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    kind: Mapped[Word]
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), index=True)
    conversation_id: Mapped[int] = mapped_column(Id, ForeignKey("conversations.id"))
    reference: Mapped[Word | None] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Encrypted("reminders.text"))
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    status: Mapped[Word] = mapped_column(default="waiting")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(200))
    about: Mapped[str | None] = mapped_column(String(200))
    # No foreign key: old messages are purged, what became of a reminder is kept longer.
    outbox_id: Mapped[int | None] = mapped_column(Id, index=True)
    answer: Mapped[Word | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
