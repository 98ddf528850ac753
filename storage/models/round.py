"""What happens once on a day for many: who came first does it, who dies in it is gone on from."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Id, UtcDateTime
from storage.models.base import Base, Key


class Round(Base):
    """One occurrence of a rule, `key` names both; people up to `after_person_id` are planned."""

    __tablename__ = "rounds"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    after_person_id: Mapped[int | None] = mapped_column(Id)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
