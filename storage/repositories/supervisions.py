"""Records under supervision, and the ledger of what inspections found."""

from datetime import date, datetime

from sqlalchemy import case, func, select

from storage.models.supervision import Rectification, Supervision
from storage.paging import clamp, id_of, to_cursor
from storage.regions import within
from storage.repositories.base import Repository

_OPEN = Supervision.lifted_at.is_(None)


class Supervisions(Repository):
    """What superiors watch."""

    async def add(self, row: Supervision) -> Supervision:
        """Put a record under supervision."""
        return await self._added(row)

    async def of(self, reference: str) -> Supervision | None:
        """The supervision of a record that is not lifted."""
        query = select(Supervision).where(Supervision.reference == reference, _OPEN)
        return await self._session.scalar(query.limit(1))

    async def open(self, limit: int) -> list[Supervision]:
        """All that are not lifted, the first to end first."""
        query = select(Supervision).where(_OPEN).order_by(Supervision.due_at, Supervision.id)
        return await self._all(query.limit(limit))

    async def over(self, now: datetime, limit: int) -> list[Supervision]:
        """Those whose time is up and of which nobody was told yet."""
        query = select(Supervision).where(_OPEN, Supervision.told_at.is_(None))
        query = query.where(Supervision.due_at <= now).order_by(Supervision.due_at)
        return await self._all(query.limit(limit))

    async def next_end(self, after: datetime) -> datetime | None:
        """When the time of the next one is up."""
        query = select(func.min(Supervision.due_at)).where(_OPEN, Supervision.due_at > after)
        moment: datetime | None = await self._session.scalar(query)
        return moment


class Rectifications(Repository):
    """Faults that inspections found."""

    async def add(self, row: Rectification) -> Rectification:
        """Enter a fault."""
        return await self._added(row)

    async def get(self, id: int, *, lock: bool = False) -> Rectification | None:
        """One fault; locked when it is going to change."""
        return await self._by_id(Rectification, id, lock)

    async def within(self, scope: str, limit: int) -> list[Rectification]:
        """The faults of a unit: what is not closed by its deadline, then the closed."""
        is_closed = case((Rectification.status == "closed", 1), else_=0)
        query = select(Rectification).where(within(Rectification.region_code, scope))
        query = query.order_by(is_closed, Rectification.deadline, Rectification.id)
        return await self._all(query.limit(limit))

    async def page(
        self,
        scope: str,
        *,
        status: str | None = None,
        late_on: date | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[Rectification], str | None]:
        """The faults of a unit, the newest first, and the cursor of the next page.

        `late_on` leaves those whose deadline was before a day and that are not closed.
        """
        query = select(Rectification).where(within(Rectification.region_code, scope))
        if status is not None:
            query = query.where(Rectification.status == status)
        if late_on is not None:
            query = query.where(Rectification.deadline < late_on, Rectification.status != "closed")
        if cursor is not None:
            query = query.where(Rectification.id < id_of(cursor))
        size = clamp(limit)
        rows = await self._all(query.order_by(Rectification.id.desc()).limit(size + 1))
        return rows[:size], to_cursor(rows[size - 1].id) if len(rows) > size else None
