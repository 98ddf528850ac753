"""SQLite connections that make one trip to their thread for a statement; aiosqlite makes four.

SQLAlchemy opens a cursor, executes, fetches, closes: each is a switch of threads in aiosqlite,
and together they cost more than the statement. Only `storage.engine` uses this.
"""

import random
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy import URL

TAKE_LOCK = "BEGIN IMMEDIATE"
_LOOKS = (0.001, 0.005)  # seconds between two looks, by chance so that nobody is always late
_CHUNK = 64  # rows; aiosqlite wants to be told, we never fetch in chunks


class Cursor:
    """The part of aiosqlite's cursor that SQLAlchemy uses; rows are here once `execute` returns."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> "Cursor":
        """Execute the statement and fetch all it returns."""
        await self._connection.do(sql, self._run, "execute", sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> "Cursor":
        """Execute the statement for each set of parameters."""
        await self._connection.do(sql, self._run, "executemany", sql, parameters)
        return self

    def _run(self, connection: sqlite3.Connection, method: str, sql: str, parameters: Any) -> None:
        cursor = connection.cursor()
        try:
            if sql == TAKE_LOCK:
                _take_lock(cursor)
            else:
                getattr(cursor, method)(sql, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        """The rows that `execute` fetched."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open any more."""


def _take_lock(cursor: sqlite3.Cursor) -> None:
    """Wait for the write lock as long as the connection waits, but look every few milliseconds.

    SQLite looks only ten times a second once it has waited for a while: beside a process that
    writes again and again all others would come away empty-handed until they give up.
    """
    (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
    end = time.monotonic() + patience / 1000
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while not _got_lock(cursor, time.monotonic() >= end):
            time.sleep(random.uniform(*_LOOKS))
    finally:
        cursor.execute(f"PRAGMA busy_timeout={patience}")


def _got_lock(cursor: sqlite3.Cursor, is_last: bool) -> bool:
    try:
        cursor.execute(TAKE_LOCK)
    except sqlite3.OperationalError as error:
        if is_last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with the cursors above.

    While it `is_brief`, statements run at once where they are asked for: a trip to the thread and
    back costs more than a small statement. What may wait, for a lock or the disk, goes there.
    """

    is_brief = False

    @property
    def is_in_transaction(self) -> bool:
        """Whether there is something to commit; not once the connection is closed."""
        return self._connection is not None and self._connection.in_transaction

    def cursor(self) -> Cursor:  # type: ignore[override]  # aiosqlite wraps its own
        """A cursor; costs nothing until it executes."""
        return Cursor(self)

    async def do(self, sql: str, work: Callable[..., None], *args: Any) -> None:
        """Run the work with the real connection, in its thread unless it is brief."""
        if self.is_brief and sql != TAKE_LOCK:
            work(self._conn, *args)
        else:
            await self._execute(work, self._conn, *args)  # type: ignore[no-untyped-call]


def creator(url: URL) -> Callable[[], Awaitable[Connection]]:
    """What opens a connection to the file of the URL, as SQLAlchemy's own dialect would."""
    args, options = url.get_dialect()().create_connect_args(url)

    async def connect() -> Connection:
        connection = Connection(partial(sqlite3.connect, *args, **options), _CHUNK)
        connection._thread.daemon = True  # as SQLAlchemy does: never keeps a process from ending
        await connection
        return connection

    return connect
