"""Which processes of the service run, and which keys each of them has."""

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class Process(Base):
    """A process says at `seen_at` that it is there; `key_ids` are its keys, the writing one first.

    A new key encrypts only once every process that is there can read it.
    """

    __tablename__ = "processes"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[Key]
    name: Mapped[Word] = mapped_column(unique=True)
    key_ids: Mapped[list[str]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
