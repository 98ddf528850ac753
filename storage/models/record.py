"""What every filed record has, whichever of the three tables it is in."""

from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, validates

from storage.columns import EncryptedJSON, Id, UtcDateTime
from storage.kinds import CLOSED_STATUSES
from storage.models.base import Code, Hash, Key, Referenced, Word
from storage.models.baton import Baton

_OFFICE_TIME = timezone(timedelta(hours=8))


class Record(Referenced, Baton):
    """A filed matter; a change made on an outdated `version` fails as `Stale`.

    `slots` holds the answers of contract section 5 and notices only changes of its top-level keys.
    `opened_month` (2026-11, on the office's calendar) and `stage` stand in plain columns so that
    reports can count them without opening what is encrypted; neither tells who somebody is.
    `stage` is None until it has been derived; `acted_at` is when an officer first did something.
    `acted_minutes` and `closed_minutes` follow from the moments: how long that took after filing.
    """

    __tablename__: str

    id: Mapped[Key]
    kind: Mapped[Word]
    status: Mapped[Word] = mapped_column(index=True)
    version: Mapped[int]
    region_code: Mapped[Code | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("people.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(Id, ForeignKey("conversations.id"))
    name_key: Mapped[str | None] = mapped_column(index=True)
    phone_hash: Mapped[Hash | None] = mapped_column(index=True)
    id_hash: Mapped[Hash | None] = mapped_column(index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_month: Mapped[str | None] = mapped_column(String(7))
    stage: Mapped[Word | None]
    acted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acted_minutes: Mapped[int | None]
    closed_minutes: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    assigned_to_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"), index=True)
    ladder_level: Mapped[int] = mapped_column(default=0)
    linked_to: Mapped[Word | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_code: Mapped[Word | None]
    close_requested_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("officers.id"))

    @declared_attr
    @classmethod
    def slots(cls) -> Mapped[dict[str, Any]]:
        """The answers, tied to the table they are in."""
        sealed = EncryptedJSON(f"{cls.__tablename__}.slots")
        return mapped_column(MutableDict.as_mutable(sealed), default=dict)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    @validates("opened_at", "acted_at", "closed_at")
    def _keep_spans(self, name: str, value: datetime | None) -> datetime | None:
        told = {"opened_at": self.opened_at, "acted_at": self.acted_at, "closed_at": self.closed_at}
        told[name] = value
        opened = told["opened_at"]
        if opened is not None:
            self.opened_month = f"{opened.astimezone(_OFFICE_TIME):%Y-%m}"
            self.acted_minutes = _minutes(opened, told["acted_at"])
            self.closed_minutes = _minutes(opened, told["closed_at"])
        return value

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status not in CLOSED_STATUSES


def _minutes(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else max(int((end - start).total_seconds() // 60), 0)
