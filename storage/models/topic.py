"""Which stretches of a conversation belong to which record."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class RecordTopic(Base):
    """Messages of this topic led to the record, or were added to it later."""

    __tablename__ = "record_topics"
    __table_args__ = (UniqueConstraint("reference", "topic"), Index(None, "topic"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    reference: Mapped[Word]
    topic: Mapped[str] = mapped_column(String(300))
