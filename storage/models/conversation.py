"""One person on one channel, and how far the talk has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import EncryptedJSON, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class Conversation(Base):
    """A talk; `state` notices only changes of its top-level keys, so assign it anew.

    `officer_at` is when the officer who talks here spoke last; `code_misses` counts wrong one-time
    codes since `code_missed_at`.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "address"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"), index=True)
    channel: Mapped[Word]
    address: Mapped[str] = mapped_column(String(200))
    state: Mapped[dict[str, Any]] = mapped_column(
        MutableDict.as_mutable(EncryptedJSON("conversations.state")), default=dict
    )
    # No foreign key: officers point at conversations, and tables cannot be made in a circle.
    # Officers are switched off, never deleted.
    officer_id: Mapped[int | None] = mapped_column(Id)
    officer_reference: Mapped[Word | None]
    officer_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_misses: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    code_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
