"""When something went wrong with people's data: what is known and who was told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import EncryptedJSON, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Key, Word


class Incident(Base):
    """One incident; `found_at` is when somebody noticed it. All else is in its entries."""

    __tablename__ = "incidents"

    id: Mapped[Key]
    region_code: Mapped[Code] = mapped_column(index=True)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    opened_by_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IncidentEntry(Base):
    """One line of the log of an incident, only ever added; the newest of a kind counts."""

    __tablename__ = "incident_entries"
    __table_args__ = (Index(None, "incident_id", "kind"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    incident_id: Mapped[int] = mapped_column(Id, ForeignKey("incidents.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    officer_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    kind: Mapped[Word]
    detail: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("incident_entries.detail"))
