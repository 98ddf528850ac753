"""Insert a row unless its unique key is already there, without failing the transaction."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.base import Base


async def insert_if_new(
    session: AsyncSession, model: type[Base], values: Mapping[str, Any], unique: Sequence[str]
) -> int | None:
    """The new row's id, or None when `unique` is taken."""
    await session.flush()
    connection = await session.connection()
    statement = _insert_if_new(model, connection.dialect.name, tuple(unique))
    id: int | None = await connection.scalar(statement, dict(values))
    return id


@cache
def _insert_if_new(model: type[Base], dialect: str, unique: tuple[str, ...]) -> Executable:
    """Built once: to build it costs more than to run it."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = model.metadata.tables[model.__tablename__]
    return insert(table).on_conflict_do_nothing(index_elements=unique).returning(table.c.id)


async def insert_new(
    session: AsyncSession,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    unique: Sequence[str],
) -> None:
    """Many rows at once; those whose `unique` is taken are left out."""
    if not rows:
        return
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(model).on_conflict_do_nothing(index_elements=unique)
    await session.execute(statement, [dict(row) for row in rows])


async def insert_new_ids(
    session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]], unique: str
) -> dict[str, int]:
    """Many rows at once, each with all the same columns: the ids of the new ones by `unique`."""
    if not rows:
        return {}
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = model.__table__.c
    statement = insert(model).on_conflict_do_nothing(index_elements=(unique,))
    returning = statement.returning(columns[unique], columns.id)
    found = await session.execute(returning, [dict(row) for row in rows])
    return {str(key): id for key, id in found.all()}
