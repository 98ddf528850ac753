"""The processes that are there; each says so for itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from storage.inserting import insert_if_new
from storage.models.process import Process
from storage.repositories.base import Repository

_FORGOTTEN = timedelta(days=2)


class Processes(Repository):
    """Who is there, with which keys."""

    async def is_here(self, name: str, key_ids: Sequence[str], now: datetime) -> None:
        """A process is there now and has these keys; those long silent are forgotten."""
        values = {"key_ids": list(key_ids), "seen_at": now}
        new = {"name": name, "started_at": now, **values}
        if await insert_if_new(self._session, Process, new, ("name",)) is not None:
            gone = delete(Process).where(Process.seen_at < now - _FORGOTTEN)
            await self._session.execute(gone)
            return
        await self._session.execute(update(Process).where(Process.name == name).values(**values))

    async def leaves(self, name: str) -> None:
        """A process ends as it should."""
        await self._session.execute(delete(Process).where(Process.name == name))

    async def seen_since(self, moment: datetime) -> list[Process]:
        """Who was there at or after a moment, the longest running first."""
        query = select(Process).where(Process.seen_at >= moment)
        return await self._all(query.order_by(Process.started_at, Process.id))
