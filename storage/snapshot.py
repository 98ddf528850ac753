"""All tables as they were at one moment, read while others go on writing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import is_sqlite, make_engine, reader
from storage.portable import KEY, VERSIONS, Shape, shapes

_PAGE = 1000


class Snapshot:
    """One moment of a database."""

    def __init__(self, connection: AsyncConnection, found: list[Shape], revision: str) -> None:
        self._connection = connection
        self.shapes = found
        self.revision = revision

    @property
    def dialect(self) -> str:
        """Which kind of database this is."""
        return self._connection.dialect.name

    async def lines(self, shape: Shape) -> AsyncIterator[list[bytes]]:
        """The rows of a table in the order of their numbers, some at a time."""
        clause, last = shape.clause, None
        place = [name for name, _ in shape.columns].index(KEY)
        while True:
            page = select(*shape.selected(self.dialect)).select_from(clause)
            if last is not None:
                page = page.where(clause.c[KEY] > last)
            found = await self._connection.execute(page.order_by(clause.c[KEY]).limit(_PAGE))
            rows = found.all()
            if rows:
                yield [shape.line(row) for row in rows]
                last = rows[-1][place]
            if len(rows) < _PAGE:
                return

    async def last_number(self, shape: Shape) -> int:
        """The highest number that was ever given in a table, of deleted rows too."""
        clause = shape.clause
        highest: int = await self._connection.scalar(select(func.max(clause.c[KEY]))) or 0
        return max(highest, await self._counted(shape.name))

    async def kept_files(self) -> AsyncIterator[list[str]]:
        """Where the bytes of attachments are, each path once."""
        last = ""
        some = text(
            "SELECT path FROM attachments WHERE path > :last AND status <> 'deleted'"
            " GROUP BY path ORDER BY path LIMIT :page"
        )
        while True:
            found = await self._connection.scalars(some, {"last": last, "page": _PAGE})
            paths = [str(path) for path in found]
            if not paths:
                return
            yield paths
            last = paths[-1]

    async def _counted(self, name: str) -> int:
        if self.dialect == "sqlite":
            asked = "SELECT seq FROM sqlite_sequence WHERE name = :name"
            return await self._connection.scalar(text(asked), {"name": name}) or 0
        asked = "SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)"
        return await self._connection.scalar(text(asked), {"name": name}) or 0


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[Snapshot]:
    """The database at the moment of entering; whoever writes meanwhile is not held up."""
    engine = make_engine(url)
    readers = reader(engine)
    if not is_sqlite(engine):
        readers = readers.execution_options(isolation_level="REPEATABLE READ")
    try:
        async with readers.connect() as connection:
            revision = await connection.run_sync(_revision)
            yield Snapshot(connection, await connection.run_sync(shapes), revision)
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table(VERSIONS):
        return ""
    return connection.scalar(text(f"SELECT version_num FROM {VERSIONS}")) or ""  # noqa: S608
