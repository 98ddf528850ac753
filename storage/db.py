"""The database: opened once per process, asked for one transaction at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from storage.columns import use_keyring
from storage.engine import is_sqlite, make_engine, reader, writer
from storage.errors import KeyProblem, NotMigrated, Stale
from storage.keys import Keyring
from storage.models.installation import KeyCheck
from storage.uow import UnitOfWork

_SAMPLE = "育路"


class Database:
    """Open connections and the keys of the sensitive columns."""

    def __init__(self, engine: AsyncEngine, keyring: Keyring) -> None:
        self._engine = engine
        self._writer = writer(engine)
        self._reader = reader(engine)
        self.keyring = keyring

    @classmethod
    async def open(cls, url: str, keyring: Keyring) -> "Database":
        """Connect to a migrated database. Raises `NotMigrated`, or `KeyProblem` for a wrong key."""
        engine = make_engine(url)
        use_keyring(engine.dialect, keyring)
        database = cls(engine, keyring)
        try:
            await database._check_key()
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def file(self) -> Path | None:
        """The file of an embedded database."""
        name = self._engine.url.database
        return Path(name) if is_sqlite(self._engine) and name else None

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """One transaction that commits on normal exit. Raises `Stale` when somebody was faster."""
        async with AsyncSession(self._writer, expire_on_commit=False) as session:
            try:
                async with session.begin():
                    await session.connection()  # begin now: SQLite takes its write lock here
                    yield UnitOfWork(session, self.keyring)
            except StaleDataError as error:
                raise Stale("别人刚改过 / changed by somebody else") from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """One consistent view; a change made inside fails."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield UnitOfWork(session, self.keyring)
            await session.flush()  # a forgotten change fails here instead of vanishing

    async def _check_key(self) -> None:
        try:
            async with self.read() as uow:
                known = await uow.session.scalar(select(KeyCheck))
        except (OperationalError, ProgrammingError) as error:
            if "key_check" not in str(error.orig):
                raise
            raise NotMigrated("数据库还没有建好，先运行 python -m bot migrate") from error
        if known is None:
            await self._remember_key()
        elif known.sample != _SAMPLE or known.blind != self.keyring.blind(_SAMPLE):
            raise KeyProblem("最早的密钥必须留在最后 / the oldest key must stay last in the ring")

    async def _remember_key(self) -> None:
        async with self.write() as uow:
            if await uow.session.scalar(select(KeyCheck)) is None:
                blind = self.keyring.blind(_SAMPLE)
                uow.session.add(KeyCheck(id=1, sample=_SAMPLE, blind=blind))
