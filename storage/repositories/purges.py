"""The ledger of the nightly purge: begun once a night, taken on by whoever is free."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.inserting import insert_new
from storage.models.purge import Purge
from storage.repositories.base import Repository


class Purges(Repository):
    """What the nights did, step by step."""

    async def last_done(self) -> date | None:
        """The last day whose purge came to its end."""
        return await self._session.scalar(
            select(func.max(Purge.day)).where(Purge.done_at.is_not(None))
        )

    async def begin(self, day: date, begun_at: datetime, untils: Mapping[str, datetime]) -> None:
        """Open the steps of a day that nobody opened yet."""
        common = {"day": day, "begun_at": begun_at, "after_id": 0, "count": 0}
        rows: list[Mapping[str, Any]] = [
            {**common, "step": step, "until": until} for step, until in untils.items()
        ]
        await insert_new(self._session, Purge, rows, ("day", "step"))

    async def of_day(self, day: date) -> dict[str, Purge]:
        """The steps of a day, by name, as they stand now."""
        query = select(Purge).where(Purge.day == day)
        fresh = query.execution_options(populate_existing=True)
        return {row.step: row for row in await self._all(fresh)}

    async def hold(self, id: int) -> Purge | None:
        """One step of a day, locked; None while somebody else is at it or when it is done."""
        query = select(Purge).where(Purge.id == id, Purge.done_at.is_(None))
        query = query.with_for_update(skip_locked=True)
        found = await self._session.scalars(query.execution_options(populate_existing=True))
        return found.one_or_none()

    async def note(self, id: int, after_id: int, count: int, oldest: date | None) -> None:
        """How far a step is, and what it has removed so far."""
        values = {"after_id": after_id, "count": count, "oldest": oldest}
        await self._session.execute(update(Purge).where(Purge.id == id).values(**values))

    async def finish(self, day: date, now: datetime) -> bool:
        """The day is done; False when somebody else said so first."""
        mine = Purge.day == day, Purge.done_at.is_(None)
        done = update(Purge).where(*mine).values(done_at=now).returning(Purge.id)
        return bool((await self._session.scalars(done)).all())

    async def finished_until(self) -> dict[str, datetime]:
        """Up to which moment each step has removed all that was over."""
        query = select(Purge.step, func.max(Purge.until)).where(Purge.done_at.is_not(None))
        rows = await self._session.execute(query.group_by(Purge.step))
        return {str(step): until for step, until in rows}

    async def between(self, first: date, last: date) -> Sequence[Purge]:
        """What finished nights did, the newest first."""
        query = select(Purge).where(
            Purge.day >= first, Purge.day <= last, Purge.done_at.is_not(None)
        )
        return await self._all(query.order_by(Purge.day.desc(), Purge.id))
