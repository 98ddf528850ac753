"""The database: opened once per process, asked for one transaction at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from storage.columns import use_keyring
from storage.engine import ServerLimits, is_sqlite, make_engine, reader, writer
from storage.errors import KeyProblem, NotMigrated, Stale, Undecryptable, UnknownKey
from storage.group_commit import GroupCommit
from storage.inserting import insert_if_new
from storage.keys import Keyring
from storage.models.installation import KeyCheck
from storage.uow import UnitOfWork

_SAMPLE = "育路"
_OTHER_KEY = (
    "这个数据库里的内容是用另一把密钥加密的，现在的密钥打不开，所以没有启动。"
    "几台机器共用一个数据库时，每台都要用同一把密钥：把第一台数据目录里的 key 文件拷过来，"
    "或者在每台上设同一个 YULU_KEY。"
)


class Database:
    """Open connections and the keys of the sensitive columns."""

    def __init__(self, engine: AsyncEngine, keyring: Keyring) -> None:
        self._engine = engine
        self._writer = writer(engine)
        self._reader = reader(engine)
        self._groups: WeakKeyDictionary[asyncio.AbstractEventLoop, GroupCommit] = (
            WeakKeyDictionary()
        )
        self.keyring = keyring

    @classmethod
    async def open(
        cls, url: str, keyring: Keyring, limits: ServerLimits | None = None
    ) -> "Database":
        """Connect to a migrated database. Raises `NotMigrated`, or `KeyProblem` for a wrong key."""
        engine = make_engine(url, limits or ServerLimits())
        use_keyring(engine.dialect, keyring)
        database = cls(engine, keyring)
        try:
            await database._check_key()
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def url(self) -> str:
        """Where it is, with the password: for a second connection of our own, never to be shown."""
        return self._engine.url.render_as_string(hide_password=False)

    @property
    def is_shared(self) -> bool:
        """Whether it is a server that several processes are made to use."""
        return not is_sqlite(self._engine)

    @property
    def file(self) -> Path | None:
        """The file of an embedded database."""
        name = self._engine.url.database
        return Path(name) if is_sqlite(self._engine) and name else None

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def write(self, *, brief: bool = False) -> AsyncIterator[UnitOfWork]:
        """One transaction that commits on normal exit. Raises `Stale` when somebody was faster.

        `brief`: only a few small statements, which may share a commit with those of others.
        """
        try:
            async with self._unit(brief) as session:
                yield UnitOfWork(session, self.keyring)
        except StaleDataError as error:
            raise Stale("别人刚改过 / changed by somebody else") from error

    @asynccontextmanager
    async def _unit(self, brief: bool) -> AsyncIterator[AsyncSession]:
        if not is_sqlite(self._engine):
            async with self._own_transaction() as session:
                yield session
        elif brief:
            async with self._group().brief() as session:
                yield session
        else:
            async with self._group().alone(), self._own_transaction() as session:
                yield session

    def _group(self) -> GroupCommit:
        """Who queues up in this loop; loops of other threads wait for SQLite's own lock."""
        loop = asyncio.get_running_loop()
        if loop not in self._groups:
            self._groups[loop] = GroupCommit(self._writer)
        return self._groups[loop]

    @asynccontextmanager
    async def _own_transaction(self) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            await session.connection()  # begin now: SQLite takes its write lock here
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """One consistent view; a change made inside fails."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield UnitOfWork(session, self.keyring)
            await session.flush()  # a forgotten change fails here instead of vanishing

    async def _check_key(self) -> None:
        known = await self._known_key()
        if known is None:
            await self._remember_key()
            known = await self._known_key()  # perhaps another process was faster, with its own
        if known is None or known.sample != _SAMPLE or known.blind != self.keyring.blind(_SAMPLE):
            raise KeyProblem("最早的密钥必须留在最后 / the oldest key must stay last in the ring")

    async def _known_key(self) -> KeyCheck | None:
        try:
            async with self.read() as uow:
                return await uow.session.scalar(select(KeyCheck))
        except (OperationalError, ProgrammingError) as error:
            if "key_check" not in str(error.orig):
                raise
            raise NotMigrated("数据库还没有建好，先运行 python -m bot migrate") from error
        except (UnknownKey, Undecryptable) as error:
            raise KeyProblem(_OTHER_KEY) from error

    async def _remember_key(self) -> None:
        async with self.write() as uow:
            values = {"id": 1, "sample": _SAMPLE, "blind": self.keyring.blind(_SAMPLE)}
            await insert_if_new(uow.session, KeyCheck, values, ("id",))
