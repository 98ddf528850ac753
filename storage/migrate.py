"""Bring a database to the newest schema; safe to call at every start and by several processes."""

import asyncio
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import is_sqlite, make_engine, reader
from storage.errors import StorageError
from storage.revisions import knows, newest

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 20_261_123
"""Any number that nobody else takes an advisory lock on."""


LOCK_SECONDS = 3
TRIES = 20
_LOCK_NOT_AVAILABLE = "55P03"

log = structlog.get_logger()


class SchemaBusy(StorageError):
    """Other processes use the tables so much that they cannot be changed now."""


async def upgrade(url: str, revision: str = "head") -> bool:
    """Run the migrations that are missing up to a revision; whether there were any.

    A schema that is newer than this program stays as it is: migrations only add, so an older
    program runs on it, and one process may be taken back while others are ahead.
    """
    engine = make_engine(url)
    try:
        if revision == "head" and not await _is_behind(engine):  # most starts: nobody waits
            return False
        return await _patiently(engine, revision)
    finally:
        await engine.dispose()


async def downgrade(url: str, revision: str) -> bool:
    """Undo migrations down to a revision, `base` for an empty database."""
    engine = make_engine(url)
    try:
        return await _in_transaction(engine, revision, forward=False)
    finally:
        await engine.dispose()


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    made.attributes["connection"] = connection
    return made


async def _is_behind(engine: AsyncEngine) -> bool:
    async with reader(engine).connect() as connection:
        current = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    if current is not None and not knows(current):
        log.warning("schema.newer", database=current, program=newest())
        return False
    return current != newest()


async def _patiently(engine: AsyncEngine, revision: str) -> bool:
    """Wait for the tables a little at a time: who waits for one holds up all that come later."""
    for _ in range(TRIES):
        try:
            return await _in_transaction(engine, revision, forward=True)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
        await asyncio.sleep(1)
    raise SchemaBusy("数据库一直有人在用，表结构升级不了。过一会儿再试，或者先停掉一部分进程。")


async def _in_transaction(engine: AsyncEngine, revision: str, forward: bool) -> bool:
    async with engine.begin() as connection:
        if not is_sqlite(engine):  # on SQLite, BEGIN IMMEDIATE keeps the others out
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        return await connection.run_sync(_run, revision, forward)


def _run(connection: Connection, revision: str, forward: bool) -> bool:
    before = MigrationContext.configure(connection).get_current_revision()
    (command.upgrade if forward else command.downgrade)(config(connection), revision)
    return MigrationContext.configure(connection).get_current_revision() != before
