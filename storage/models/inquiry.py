"""What an officer asked the one who filed a record, while its clock waits for the answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class Inquiry(Base):
    """`status` is open, answered or lapsed; the words are in the audit log and in the talk.

    `seconds_left` is the office time that the clock had left; none when it was not stopped.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        Index(None, "conversation_id", "status"),
        Index(None, "reference", "status"),
        Index(None, "status", "until"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    reference: Mapped[Word]
    conversation_id: Mapped[int] = mapped_column(Id, ForeignKey("conversations.id"))
    asked_by_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds_left: Mapped[int | None]
    status: Mapped[Word] = mapped_column(default="open")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
