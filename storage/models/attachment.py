"""Photos and files people sent; the bytes lie outside the database."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import Base, Hash, Key, Word


class Attachment(Base):
    """One file; `document` says which paper of the checklist it shows, once that is known."""

    __tablename__ = "attachments"

    id: Mapped[Key]
    sha256: Mapped[Hash] = mapped_column(index=True)
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    path: Mapped[str] = mapped_column(String(400))
    name: Mapped[str] = mapped_column(Encrypted("attachments.name"))
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(Id, ForeignKey("conversations.id"))
    reference: Mapped[Word | None] = mapped_column(index=True)
    document: Mapped[Word | None]
    status: Mapped[Word] = mapped_column(default="kept")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
