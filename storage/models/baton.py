"""Who holds the baton and what the clock does next: columns that all records have."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column, validates

from storage.columns import Id, UtcDateTime
from storage.models.base import Code


def _due(context: Any) -> Any:
    return context.get_current_parameters().get("due_at")


class Baton:
    """`step_at` is when the clock acts next: a reminder to the owner, or a step up the ladder.

    Whoever sets `due_at` sets it too, so that no clock runs unheard. `climbed_at` is set while
    nobody has acknowledged the last step; `first_due_at` keeps the time before the first snooze.
    An offer to hand the record on is open while `offer_by_id` is set: to an officer, or to the
    officers of the place `offer_region`. No foreign keys: SQLite cannot add them later.
    """

    step_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, default=_due)
    climbed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_by_id: Mapped[int | None] = mapped_column(Id)
    offer_to_id: Mapped[int | None] = mapped_column(Id, index=True)
    offer_region: Mapped[Code | None] = mapped_column(index=True)
    offer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("due_at")
    def _step_then(self, _: str, value: datetime | None) -> datetime | None:
        self.step_at = value
        return value
