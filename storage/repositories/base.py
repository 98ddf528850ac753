"""What every repository has: the session of its transaction."""

from functools import cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, select
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
        row: M | None = await self._session.scalar(_locked(model), {"id": id})
        return row

    async def _added(self, row: M) -> M:
        self._session.add(row)
        await self._session.flush()
        return row


@cache
def _locked(model: type[M]) -> Select[M]:
    """One row, held and read anew; others may still insert rows that point at it."""
    query = select(model).where(model.__table__.c.id == bindparam("id"))
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)
