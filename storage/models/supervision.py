"""What superiors watch: records under supervision, and faults that inspections found."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Key, Word


class Supervision(Base):
    """A record under supervision (督办): what is demanded, until when, by whom.

    Open while `lifted_at` is empty; `told_at` is when its time was up and everybody heard so.
    """

    __tablename__ = "supervisions"
    __table_args__ = (Index(None, "reference", "lifted_at"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    reference: Mapped[Word]
    demand: Mapped[str] = mapped_column(Encrypted("supervisions.demand"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    by_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))


class Rectification(Base):
    """A fault that an inspection found (整改台账): `status` is open, done or closed.

    Done is what the unit says of itself; closed is what a second person has looked at.
    """

    __tablename__ = "rectifications"
    __table_args__ = (Index(None, "status", "deadline"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    region_code: Mapped[Code] = mapped_column(index=True)
    problem: Mapped[str] = mapped_column(Encrypted("rectifications.problem"))
    found_on: Mapped[date]
    inspection: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(Encrypted("rectifications.measure"))
    owner: Mapped[str] = mapped_column(String(100))
    deadline: Mapped[date]
    status: Mapped[Word] = mapped_column(default="open")
    evidence: Mapped[str] = mapped_column(Encrypted("rectifications.evidence"), default="")
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_by_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    closed_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    closed_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it
