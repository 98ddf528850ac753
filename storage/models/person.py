"""People who write to the service, and what they agreed to."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Hash, Key, Word


class Person(Base):
    """Somebody who writes to us: a parent or a village cadre.

    `reminders_on` is the switch for all pushes, `muted` the kinds of them that are not wanted,
    `push_hour` the local hour at which they are; `is_phone_shared` says that others read along.
    """

    __tablename__ = "people"

    id: Mapped[Key]
    name: Mapped[str | None] = mapped_column(Encrypted("people.name"))
    phone: Mapped[str | None] = mapped_column(Encrypted("people.phone"))
    phone_hash: Mapped[Hash | None] = mapped_column(index=True)
    role: Mapped[Word | None]
    home_region: Mapped[Code | None]
    language: Mapped[Word] = mapped_column(default="zh")
    reminders_on: Mapped[bool] = mapped_column(default=True)
    muted: Mapped[list[str] | None] = mapped_column(JSON)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    push_hour: Mapped[int | None]
    is_phone_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    join_code_hash: Mapped[Hash | None] = mapped_column(index=True)
    join_code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Consent(Base):
    """A guardian's yes or no to one purpose, under one version of the notice."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "person_id", "purpose"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("people.id"))
    purpose: Mapped[Word]
    version: Mapped[Word]
    granted: Mapped[bool]
    relation: Mapped[Word | None]
    channel: Mapped[Word]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
