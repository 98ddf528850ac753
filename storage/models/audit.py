"""Who did what and who read what; rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import EncryptedJSON, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Key, Word


class AuditEntry(Base):
    """One change or one read of a person's record; `actor_kind` is person, officer or system."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "action", "at"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_kind: Mapped[Word]
    actor_id: Mapped[int | None] = mapped_column(Id)
    action: Mapped[Word]
    reference: Mapped[Word | None] = mapped_column(index=True)
    region_code: Mapped[Code | None]
    detail: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJSON("audit.detail"))
