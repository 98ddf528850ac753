"""Attempts counted in the database: all processes share the count and a restart keeps it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.inserting import insert_if_new
from storage.keys import Keyring
from storage.models.guard import Attempt
from storage.repositories.base import Repository


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
        filled = max(row.empty_at, now) + window / attempts
        if filled > now + window:
            return filled - now - window
        row.empty_at = filled
        await self._session.flush()
        return None

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
