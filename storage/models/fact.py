"""What is known to have happened in a dropout case; a case's status is computed from these."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import EncryptedJSON, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class CaseFact(Base):
    """One fact, only ever added; `corrects_id` is the older fact in whose place it stands.

    `on` is the local day it is about, `until` the day on which something is to follow.
    """

    __tablename__ = "case_facts"
    __table_args__ = (
        Index(None, "case_id", "kind"),
        Index(None, "kind", "on"),
        Index(None, "kind", "until"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    kind: Mapped[Word]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    on: Mapped[date]
    until: Mapped[date | None]
    officer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    corrects_id: Mapped[int | None] = mapped_column(Id, ForeignKey("case_facts.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("case_facts.detail"))
