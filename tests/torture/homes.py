"""Where the service keeps its records, and what can be done to that place."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url, text

from storage.engine import make_engine
from storage.keys import Keyring
from tests.storage.postgres import running_server
from tests.torture.process import Process
from tests.torture.proxy import Proxy

Trouble = Callable[[], Awaitable[None]]
LOCKED = 6.0
"""Seconds; a process of the service waits four for the write lock, in life fifteen."""

SHORT, LONG = 0.5, 2.0
TINY = 4096


@dataclass
class Home:
    """One database; `environment` leads the service to it, `url` leads the oracle."""

    name: str
    url: str
    environment: dict[str, str]
    processes: list[Process] = field(default_factory=list)
    troubles: dict[str, Trouble] = field(default_factory=dict)


@asynccontextmanager
async def sqlite_home(folder: Path) -> AsyncIterator[Home]:
    """The embedded default: a file in the data folder."""
    home = Home("SQLite", f"sqlite:///{(folder / 'yulu.db').absolute()}", {})
    home.troubles = {
        "write lock held by another process": lambda: _lock(folder / "yulu.db"),
        "disk full": lambda: _fill(home.processes),
    }
    yield home


async def _lock(file: Path) -> None:
    def hold() -> sqlite3.Connection | None:
        connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for _ in range(200):
            with suppress(sqlite3.OperationalError):
                connection.execute("BEGIN IMMEDIATE")
                return connection
        connection.close()
        return None

    connection = await asyncio.to_thread(hold)
    await asyncio.sleep(LOCKED)
    if connection is not None:
        connection.close()


async def _fill(processes: list[Process]) -> None:
    """Nobody may write beyond the first page of any file; what is there may be read."""
    for process in processes:
        process.tell("disk", TINY)
    await asyncio.sleep(LONG)
    for process in processes:
        process.tell("disk", -1)


@asynccontextmanager
async def postgres_home(through_proxy: bool) -> AsyncIterator[Home]:
    """A server of our own; the service reaches it through a proxy that can be cut."""
    with running_server(Keyring([bytes(32)])) as server, server.new_database() as url:
        parsed = make_url(url)
        folder = Path(str(parsed.query["host"]))
        proxy = Proxy(folder / f".s.PGSQL.{parsed.port or 5432}")
        await proxy.start()
        way = parsed.difference_update_query(["host"]).set(host="127.0.0.1", port=proxy.port)
        shown = (way if through_proxy else parsed).render_as_string(hide_password=False)
        home = Home("PostgreSQL", url, {"DATABASE_URL": shown})
        home.troubles = {
            "connections cut": lambda: proxy.cut(LONG),
            "connections reset for a moment": lambda: proxy.cut(SHORT),
            "network holds everything up": lambda: proxy.hold(LONG),
            "connections ended by the server": lambda: _terminate(url),
            "its disk full: the server breaks down and recovers": lambda: _break_down(url),
        }
        try:
            yield home
        finally:
            await proxy.stop()


_OTHERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid()"
)


async def _terminate(url: str) -> None:
    await _pids(url, f"SELECT pg_terminate_backend(pid) FROM ({_OTHERS}) AS others")


async def _break_down(url: str) -> None:
    """Its backends may write no file further than a page: the log of changes breaks off."""
    for pid in await _pids(url, _OTHERS):
        with suppress(OSError):
            _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (TINY, most))
    await asyncio.sleep(LONG)
    with suppress(Exception):  # whoever noticed nothing writes on as before
        for pid in await _pids(url, _OTHERS):
            with suppress(OSError):
                _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


async def _pids(url: str, query: str) -> list[int]:
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            return [int(pid) for pid in (await connection.execute(text(query))).scalars()]
    except Exception:  # it is just breaking down
        return []
    finally:
        await engine.dispose()
