"""What the office says and does while it recognises a family: papers, objections, payments."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Encrypted, Id, UtcDateTime
from storage.models.base import Base, Key, Word


class PaperReview(Base):
    """A verdict on one paper or answer of an application; the newest of a document counts.

    `answered_at` is when the family sent again what was sent back; `status_before` is the
    application's status to go back to then.
    """

    __tablename__ = "paper_reviews"

    id: Mapped[Key]
    reference: Mapped[Word] = mapped_column(index=True)
    document: Mapped[Word]
    verdict: Mapped[Word]
    reason: Mapped[str | None] = mapped_column(Encrypted("paper_reviews.reason"))
    status_before: Mapped[Word | None]
    officer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Objection(Base):
    """What somebody said against a published result, and what the re-check found."""

    __tablename__ = "objections"

    id: Mapped[Key]
    reference: Mapped[Word] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Encrypted("objections.text"))
    recorded_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    finding: Mapped[str | None] = mapped_column(Encrypted("objections.finding"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Payment(Base):
    """Money that the office says was paid; the sum is the one it entered, in fen."""

    __tablename__ = "payments"

    id: Mapped[Key]
    reference: Mapped[Word] = mapped_column(index=True)
    paid_on: Mapped[date]
    fen: Mapped[int] = mapped_column(BigInteger)
    programme: Mapped[Word]
    period: Mapped[Word]
    recorded_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
