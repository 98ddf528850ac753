"""Lists of children the office looks out for, how they compare with the ledgers, and campaigns."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import NEVER_REUSE_IDS, Base, Code, Hash, Key, Word


class OutreachList(Base):
    """A list from a spreadsheet: of families to look after, or a school's roll to compare with.

    It is known by kind, place and title, so that a file given twice is the same list. After
    `until` it is removed with all its rows.
    """

    __tablename__ = "outreach_lists"
    __table_args__ = (UniqueConstraint("kind", "region_code", "title"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    kind: Mapped[Word]
    title: Mapped[Word]
    region_code: Mapped[Code] = mapped_column(index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    imported_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[date] = mapped_column(index=True)


class OutreachRow(Base):
    """One child of a list; of an identity number only year of birth and last four are kept.

    `identity` tells that two lines mean the same child. `applied`, `enrolled` and `dropped` sum
    up the matches: none, possible or sure; `compared_at` is empty until that was looked at.
    `state` is what an officer noted after a visit.
    """

    __tablename__ = "outreach_rows"
    __table_args__ = (
        UniqueConstraint("list_id", "identity"),
        Index(None, "compared_at", "list_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Key]
    list_id: Mapped[int] = mapped_column(Id, ForeignKey("outreach_lists.id"))
    number: Mapped[int]
    identity: Mapped[Hash]
    name: Mapped[str] = mapped_column(Encrypted("outreach_rows.name"))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    birth_year: Mapped[int | None]
    id_tail: Mapped[str | None] = mapped_column(Encrypted("outreach_rows.id_tail"))
    school: Mapped[Word | None]
    grade: Mapped[Word | None]
    region_code: Mapped[Code] = mapped_column(index=True)
    guardian: Mapped[str | None] = mapped_column(Encrypted("outreach_rows.guardian"))
    phone: Mapped[str | None] = mapped_column(Encrypted("outreach_rows.phone"))
    phone_hash: Mapped[Hash | None] = mapped_column(index=True)
    category: Mapped[str | None] = mapped_column(Encrypted("outreach_rows.category"))
    compared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied: Mapped[Word] = mapped_column(default="none")
    enrolled: Mapped[Word] = mapped_column(default="none")
    dropped: Mapped[Word] = mapped_column(default="none")
    state: Mapped[Word | None]
    state_note: Mapped[str | None] = mapped_column(Encrypted("outreach_rows.state_note"))
    state_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    state_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutreachMatch(Base):
    """Why a row and something in a ledger may be one child; `verdict` is an officer's: same, other.

    `target` is a record's reference, or `row:7` for a line of a school's roll.
    """

    __tablename__ = "outreach_matches"
    __table_args__ = (UniqueConstraint("row_id", "target"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    row_id: Mapped[int] = mapped_column(Id, ForeignKey("outreach_rows.id"))
    ledger: Mapped[Word]
    target: Mapped[Word]
    strength: Mapped[Word]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    against: Mapped[list[str]] = mapped_column(JSON)
    verdict: Mapped[Word | None]
    by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Campaign(Base):
    """Words for the families of a list; `status` is draft, approved, running or stopped.

    Only a second person approves. `region_code` and `audience` say who of the list is meant;
    `skipped` counts by reason who was not written to when it started.
    """

    __tablename__ = "campaigns"

    id: Mapped[Key]
    list_id: Mapped[int] = mapped_column(Id, ForeignKey("outreach_lists.id"), index=True)
    region_code: Mapped[Code]
    audience: Mapped[Word]
    template: Mapped[Word]
    text: Mapped[str] = mapped_column(Encrypted("campaigns.text"))
    status: Mapped[Word] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(server_default=sql("1"))
    created_by_id: Mapped[int] = mapped_column(Id, ForeignKey("officers.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stop_reason: Mapped[str | None] = mapped_column(Encrypted("campaigns.stop_reason"))
    skipped: Mapped[dict[str, int] | None] = mapped_column(JSON)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it
