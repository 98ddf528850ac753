"""The people at the desk: accounts, API tokens and what they still have to see."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Hash, Key, Word


class Officer(Base):
    """An account of the desk; `region_code` is the unit they answer for."""

    __tablename__ = "officers"

    id: Mapped[Key]
    name: Mapped[Word] = mapped_column(unique=True)
    role: Mapped[Word]
    region_code: Mapped[Code] = mapped_column(index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    conversation_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("conversations.id"), index=True
    )
    link_code_hash: Mapped[Hash | None] = mapped_column(unique=True)
    link_code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A program's way in; only the SHA-256 of the random token is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[Key]
    officer_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notice(Base):
    """Something an officer should see at the desk."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "officer_id", "seen_at"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    officer_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    reference: Mapped[Word | None]
    text: Mapped[str] = mapped_column(Encrypted("notices.text"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
