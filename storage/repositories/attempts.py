"""Attempts counted in the database: all processes share the count and a restart keeps it."""

from datetime import datetime, timedelta

from sqlalchemy import Interval, bindparam, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import UtcDateTime
from storage.inserting import insert_if_new
from storage.keys import Keyring
from storage.models.guard import Attempt
from storage.repositories.base import Repository

TURNED_BACK = timedelta(minutes=1)
"""A measure that is fuller than it can be was filled before the clock was turned back."""

_TABLE = Attempt.metadata.tables[Attempt.__tablename__]
_NOW, _MOST = (bindparam(name, type_=UtcDateTime) for name in ("now", "most"))
_FILL = (
    insert(_TABLE)
    .values(caller=bindparam("caller"), empty_at=bindparam("first", type_=UtcDateTime))
    .on_conflict_do_update(
        index_elements=["caller"],
        set_={
            "empty_at": case(
                (_TABLE.c.empty_at > bindparam("turned", type_=UtcDateTime), _NOW),
                else_=func.greatest(func.least(_TABLE.c.empty_at, _MOST), _NOW),
            )
            + bindparam("drop", type_=Interval())
        },
    )
    .returning(_TABLE.c.empty_at)
)


class Attempts(Repository):
    """A measure for each caller that fills with every attempt and empties with time."""

    def __init__(self, session: AsyncSession, keyring: Keyring) -> None:
        super().__init__(session)
        self._keyring = keyring

    async def take(
        self, caller: str, now: datetime, attempts: int, window: timedelta
    ) -> timedelta | None:
        """Count one attempt; when the measure is full count nothing and say how long to wait.

        Callers are taken one after the other, so that many at once get no more than few.
        """
        row = await self._locked(self._key(caller), now)
        is_possible = row.empty_at <= now + window + TURNED_BACK
        filled = max(row.empty_at if is_possible else now, now) + window / attempts
        if filled > now + window:
            return filled - now - window
        row.empty_at = filled
        await self._session.flush()
        return None

    async def over(
        self, caller: str, now: datetime, attempts: int, window: timedelta, longest: timedelta
    ) -> timedelta:
        """Count an attempt in any case; by how much the measure runs over, about `longest` at most.

        In one statement, because each message of a chat passes here. Only a database server counts
        for several processes; the embedded one has a process to itself, which counts in memory.
        """
        connection = await self._session.connection()
        if connection.dialect.name == "sqlite":
            return timedelta()
        most, drop = now + window + longest, window / attempts
        values = {"caller": self._key(caller), "now": now, "first": now + drop, "drop": drop}
        values |= {"most": most, "turned": most + drop + TURNED_BACK}
        filled: datetime = await connection.scalar(_FILL, values)
        return max(filled - now - window, timedelta())

    async def _locked(self, key: str, now: datetime) -> Attempt:
        """The caller's row, for nobody else until the end of the transaction.

        Between being found and being locked it may be forgotten: then there is a new one.
        """
        first = {"caller": key, "empty_at": now}
        query = select(Attempt).where(Attempt.caller == key).with_for_update()
        row: Attempt | None = None
        while row is None:
            await insert_if_new(self._session, Attempt, first, ("caller",))
            row = await self._session.scalar(query.execution_options(populate_existing=True))
        return row

    async def forget(self, *callers: str) -> None:
        """Begin anew for those who have proved to be genuine."""
        keys = [self._key(caller) for caller in callers]
        await self._session.execute(delete(Attempt).where(Attempt.caller.in_(keys)))

    async def forget_old(self, now: datetime) -> None:
        """Nothing is kept of those whose measure is empty."""
        free = select(Attempt.id).where(Attempt.empty_at <= now).with_for_update(skip_locked=True)
        await self._session.execute(delete(Attempt).where(Attempt.id.in_(free)))

    def _key(self, caller: str) -> str:
        return self._keyring.blind(f"attempt:{caller}")
