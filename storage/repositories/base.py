"""What every repository has: the session of its transaction."""

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.base import Base

M = TypeVar("M", bound=Base)


class Repository:
    """Rows in, rows out, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def _all(self, query: Select[M]) -> list[M]:
        return list((await self._session.scalars(query)).all())

    async def _by_id(self, model: type[M], id: int, lock: bool) -> M | None:
        """One row; locked, it is read again, because what was read before may be outdated."""
        if not lock:
            return await self._session.get(model, id)
        for_update = {"key_share": True}  # others may still insert rows that point at this one
        return await self._session.get(
            model, id, with_for_update=for_update, populate_existing=True
        )

    async def _added(self, row: M) -> M:
        self._session.add(row)
        await self._session.flush()
        return row
