"""Fills an empty database with rows that were written down, under the numbers they had."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Text, bindparam, cast, insert, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine import is_sqlite, make_engine, writer
from storage.migrate import upgrade
from storage.portable import VERSIONS, Shape

_AT_ONCE = 500


class Loading:
    """An empty database with the schema of the rows that come."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = writer(engine)

    @classmethod
    async def prepare(cls, url: str, revision: str) -> "Loading":
        """Make the schema as it was at a revision."""
        await upgrade(url, revision)
        return cls(make_engine(url))

    async def add(self, shape: Shape, lines: Sequence[bytes]) -> None:
        """Insert rows, all or none."""
        statement = insert(shape.clause).values(self._places(shape))
        rows = [shape.row(line) for line in lines]
        async with self._writer.begin() as connection:
            for start in range(0, len(rows), _AT_ONCE):
                await connection.execute(statement, rows[start : start + _AT_ONCE])

    async def count_on(self, last: Mapping[str, int], gap: int) -> None:
        """Give new rows numbers behind all that were ever given, and so much further on.

        What was given after the rows were written down is not known here, but to clients it is.
        """
        async with self._writer.begin() as connection:
            for name, number in last.items():
                await _count_from(connection, name, number + gap)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    def _places(self, shape: Shape) -> dict[str, Any]:
        if is_sqlite(self._engine):
            return {name: bindparam(name) for name, _ in shape.columns}
        return {
            name: cast(bindparam(name, type_=Text), JSON) if kind == "json" else bindparam(name)
            for name, kind in shape.columns
        }


async def is_empty(url: str) -> bool:
    """Whether a database has no table but that of Alembic, which an undone schema leaves."""
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            names = await connection.run_sync(lambda c: inspect(c).get_table_names())
            return set(names) <= {VERSIONS}
    finally:
        await engine.dispose()


async def _count_from(connection: AsyncConnection, name: str, number: int) -> None:
    values = {"name": name, "number": number}
    if connection.dialect.name == "sqlite":
        known = "UPDATE sqlite_sequence SET seq = :number WHERE name = :name"
        if (await connection.execute(text(known), values)).rowcount == 0:
            new = "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"
            await connection.execute(text(new), values)
        return
    counter = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)"
    await connection.execute(text(counter), values)
