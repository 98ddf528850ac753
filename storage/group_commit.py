"""SQLite has one writer: brief units of work that queue up for it share a commit, one disk write.

Each unit is a savepoint of the transaction it shares: one that fails takes back its own changes
only. Nobody is told that a unit is done before the commit of all is on the disk.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from storage.errors import TakenBack
from storage.sqlite_driver import Connection


class GroupCommit:
    """The write lock of this process, taken by one unit of work after the other."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._batch: _Batch | None = None

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """The lock for somebody with a transaction of its own, which may take long."""
        async with self._turn:
            if self._batch is not None:
                await self._end(self._batch)
            yield

    @asynccontextmanager
    async def brief(self) -> AsyncIterator[AsyncSession]:
        """One unit of a few small statements; it is on the disk when the block is left."""
        async with self._turn:
            batch = await self._open()
            try:
                async with batch.session() as session, session.begin():
                    yield session
            except BaseException:
                if not batch.driver.is_in_transaction:  # SQLite gave up more than the savepoint
                    await self._end(batch)
                raise
        await asyncio.shield(batch.done)

    async def _open(self) -> "_Batch":
        """The transaction that others have begun, or a new one."""
        if self._batch is None:
            self._batch = await _Batch.begin(self._engine)
            self._batch.closing = asyncio.create_task(self._close(self._batch))
        return self._batch

    async def _close(self, batch: "_Batch") -> None:
        # The lock is fair: whoever waited when the transaction began comes before this, and joins.
        async with self._turn:
            await self._end(batch)

    async def _end(self, batch: "_Batch") -> None:
        if self._batch is batch:
            self._batch = None
            await asyncio.shield(asyncio.create_task(batch.commit()))


class _Batch:
    """One transaction of several units; `done` once it is on the disk, or with what went wrong."""

    def __init__(self, connection: AsyncConnection, driver: Connection) -> None:
        self.connection, self.driver = connection, driver
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closing: asyncio.Task[None] | None = None

    @classmethod
    async def begin(cls, engine: AsyncEngine) -> "_Batch":
        """Take the write lock of the database."""
        connection = await engine.connect()
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, Connection)  # noqa: S101 - `storage.engine` made it
        driver.is_brief = True
        try:
            await connection.begin()
        except BaseException:
            driver.is_brief = False
            await connection.close()
            raise
        return cls(connection, driver)

    def session(self) -> AsyncSession:
        """For one unit; its commit ends a savepoint."""
        return AsyncSession(
            self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )

    async def commit(self) -> None:
        """Wait for the disk, in the thread of the connection, and tell all who wait."""
        self.driver.is_brief = False
        error: BaseException | None = None
        try:
            if not self.driver.is_in_transaction:  # a commit of nothing would succeed
                raise TakenBack("数据库收回了这次改动 / the transaction was given up")
            await self.connection.commit()
        except BaseException as found:
            error = found
            await self.connection.invalidate()  # nothing of it must go on in the next one
        await self.connection.close()
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
            self.done.exception()  # seen: units that failed by themselves do not ask
