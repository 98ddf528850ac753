"""Applications for student aid."""

from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, EncryptedJSON
from storage.models.base import NEVER_REUSE_IDS, Base, Word
from storage.models.record import Record

_COUNTED = (
    "opened_month",
    "region_code",
    "stage",
    "level",
    "status",
    "acted_minutes",
    "closed_minutes",
    "ladder_level",
)


class Application(Record, Base):
    """An aid application; the school decides the level, the bot only suggests one with reasons.

    `level_reasons` are those of the suggestion, `level_reason` is what the officer wrote. The
    result is published from `published_on` through `published_until`.
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index("ix_applications_counted", *_COUNTED),
        NEVER_REUSE_IDS,
    )

    level: Mapped[Word | None]
    level_suggested: Mapped[Word | None]
    level_reasons: Mapped[list[Any] | None] = mapped_column(
        EncryptedJSON("applications.level_reasons")
    )
    level_reason: Mapped[str | None] = mapped_column(Encrypted("applications.level_reason"))
    published_on: Mapped[date | None]
    published_until: Mapped[date | None]
