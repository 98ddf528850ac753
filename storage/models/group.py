"""Work groups of an office in a messenger, and the topic that each case has there."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Key, Word


class WorkGroup(Base):
    """A group that hears of the cases of a unit; `seen_audit_id` is how far it has been told."""

    __tablename__ = "work_groups"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[Key]
    chat: Mapped[int] = mapped_column(BigInteger, unique=True)
    region_code: Mapped[Code]
    tied_by_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    tied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_audit_id: Mapped[int] = mapped_column(Id)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseThread(Base):
    """The topic of one record in one group; `told_audit_id` keeps a post from coming twice."""

    __tablename__ = "case_threads"
    __table_args__ = (
        UniqueConstraint("group_id", "reference"),
        UniqueConstraint("group_id", "thread"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    group_id: Mapped[int] = mapped_column(Id, ForeignKey("work_groups.id"))
    reference: Mapped[Word]
    thread: Mapped[int] = mapped_column(BigInteger)
    told_audit_id: Mapped[int] = mapped_column(Id)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
