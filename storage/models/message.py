"""What came in and what goes out: both are queues that workers claim from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, EncryptedJSON, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Line, Word

_REPLY_WAITS = text("status = 'queued' AND in_reply_to IS NOT NULL")


class InboxMessage(Base):
    """One accepted message; `status` is new, handled or parked.

    `topic` names what it was part of, a form or a record, see `flows.talk`.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index(None, "status", "ready_at"),
        Index(None, "conversation_id", "status"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(Id, ForeignKey("conversations.id"))
    channel: Mapped[Word]
    external_id: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("inbox.payload"))
    album: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[Word] = mapped_column(default="new")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Encrypted("inbox.error"))
    heard: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    topic: Mapped[str | None] = mapped_column(String(300))


class OutboxMessage(Base):
    """One message to send; `status` is queued, sent or failed.

    `due_at` is when it may go, `next_try_at` when a failed sending is tried again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index(None, "status", "due_at"),
        Index(None, "conversation_id", "status"),
        Index(
            "ix_outbox_replies",  # the few that somebody waits for, among many pushes
            *("status", "due_at", "conversation_id"),
            sqlite_where=_REPLY_WAITS,
            postgresql_where=_REPLY_WAITS,
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(Id, ForeignKey("conversations.id"))
    in_reply_to: Mapped[int | None] = mapped_column(
        Id, ForeignKey("inbox.id", ondelete="SET NULL"), index=True
    )
    text: Mapped[str] = mapped_column(Encrypted("outbox.text"))
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJSON("outbox.buttons"))
    custom: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("outbox.custom"))
    dedupe_key: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[Word] = mapped_column(default="queued")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    external_id: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[Line | None]
    topic: Mapped[str | None] = mapped_column(String(300))
