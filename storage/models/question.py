"""How often each question of the forms was asked and answered: counts a day, of nobody."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import NEVER_REUSE_IDS, Base, Key, Word


class QuestionCount(Base):
    """One question on one day, all people and places together, so that nobody can be told."""

    __tablename__ = "question_counts"
    __table_args__ = (UniqueConstraint("day", "flow", "slot"), NEVER_REUSE_IDS)

    id: Mapped[Key]
    day: Mapped[date]
    flow: Mapped[Word]
    slot: Mapped[Word]
    asked: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
