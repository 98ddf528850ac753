"""The engine of either database, with the settings that make SQLite safe for several writers."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.sqlite_driver import TAKE_LOCK, creator
from storage.urls import async_url

WRITER = "yulu_writer"
_BUSY_MILLISECONDS = 15_000
SYNCHRONOUS = "FULL"
"""Every commit waits for the disk, so that what was confirmed survives a power cut."""


@dataclass(frozen=True)
class ServerLimits:
    """What one process may ask of a database server: connections, and seconds a statement."""

    pool: int = 15
    statement_seconds: int = 60


_KEPT_OPEN = 5
_CONNECT_SECONDS = 10
_NETWORK_SECONDS = 5
"""So much later than the server we give up ourselves: then the network is what is broken."""

_IDLE_SECONDS = 300
"""A transaction in which nothing happens for so long belongs to a process that hangs."""


def make_engine(url: str, limits: ServerLimits | None = None) -> AsyncEngine:
    """An engine for the URL; `writer` and `reader` give it the two kinds of transaction."""
    parsed = async_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _server_engine(parsed, limits)
    Path(parsed.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed, hide_parameters=True, async_creator=creator(parsed))
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _server_engine(url: URL, limits: ServerLimits | None) -> AsyncEngine:
    connect: dict[str, Any] = {"timeout": _CONNECT_SECONDS}
    pool: dict[str, int] = {}
    if limits is not None:
        kept = min(_KEPT_OPEN, limits.pool)
        pool = {"pool_size": kept, "max_overflow": limits.pool - kept}
        connect["command_timeout"] = limits.statement_seconds + _NETWORK_SECONDS
        connect["server_settings"] = {
            "application_name": "yulu",
            "statement_timeout": f"{limits.statement_seconds}s",
            "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s",
        }
    return create_async_engine(
        url, pool_pre_ping=True, hide_parameters=True, connect_args=connect, **pool
    )


def writer(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, for transactions that change something."""
    return engine.execution_options(**{WRITER: True})


def reader(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, for transactions in which a change is an error on either database."""
    return engine.execution_options(**{WRITER: False, "postgresql_readonly": True})


def is_sqlite(engine: AsyncEngine) -> bool:
    """Whether this is the embedded database."""
    return engine.dialect.name == "sqlite"


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver must not begin transactions on its own: it would begin them late and deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        f"synchronous={SYNCHRONOUS}",
        "foreign_keys=ON",
    ):
        _execute_patiently(cursor, f"PRAGMA {pragma}")
    cursor.close()


def _execute_patiently(cursor: Any, statement: str) -> None:
    """The change to WAL of a new file does not wait for others as everything else does."""
    for _ in range(100):
        try:
            cursor.execute(statement)
        except sqlite3.OperationalError:
            time.sleep(0.02)
        else:
            return
    cursor.execute(statement)


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails with "database is locked"
    # when another wrote in between, so writers take the write lock before they look.
    writes = connection.get_execution_options().get(WRITER, True)
    mode = "OFF" if writes else "ON"
    if connection.info.get("query_only") != mode:
        connection.exec_driver_sql(f"PRAGMA query_only={mode}")
        connection.info["query_only"] = mode
    connection.exec_driver_sql(TAKE_LOCK if writes else "BEGIN")
