"""Numbers for those who told of a child whom somebody else had filed already."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Key, Referenced, Word


class Receipt(Referenced, Base):
    """A person's own number for what they added to `record`, whose number they never hear.

    `name` is the child's name as they said it.
    """

    __tablename__ = "receipts"
    __table_args__ = (Index(None, "person_id", "record"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    record: Mapped[Word]
    kind: Mapped[Word]
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(Encrypted("receipts.name"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
