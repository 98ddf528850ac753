"""Applications for student aid."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import EncryptedJSON
from storage.models.base import NEVER_REUSE_IDS, Base, Word
from storage.models.record import Record


class Application(Record, Base):
    """An aid application; the school decides the level, the bot only suggests one with reasons."""

    __tablename__ = "applications"
    __table_args__ = (
        Index("ix_applications_counted", "opened_month", "region_code", "stage", "level", "status"),
        NEVER_REUSE_IDS,
    )

    level: Mapped[Word | None]
    level_suggested: Mapped[Word | None]
    level_reasons: Mapped[list[Any] | None] = mapped_column(
        EncryptedJSON("applications.level_reasons")
    )
