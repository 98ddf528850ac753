"""A copy of what concerns some people, in a file of its own, on which anything may be tried."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import ColumnElement, Table, create_engine, event, insert, select

from storage.columns import use_keyring
from storage.db import Database
from storage.engine import make_engine
from storage.loading import Loading
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.schema import metadata
from storage.snapshot import snapshot

_WHOLE = frozenset({"officers", "rounds", "campaigns", "outreach_lists", "training_sessions"})
"""Short tables, and what they say concerns everybody."""


@asynccontextmanager
async def excerpt(source: Database, people: Collection[int]) -> AsyncIterator[Database]:
    """The copy, opened; it vanishes at the end. What is sensitive stays encrypted in it."""
    with TemporaryDirectory(prefix="yulu-") as folder:
        path = Path(folder) / "copy.db"
        path.write_bytes(await asyncio.to_thread(_empty))
        url = f"sqlite:///{path}"
        await _fill(url, source, people)
        copy = await Database.open(url, source.keyring)
        try:
            yield copy
        finally:
            await copy.close()


@asynccontextmanager
async def whole_copy(source: Database) -> AsyncIterator[Database]:
    """All of a database as it is at this moment, without holding up those who use it."""
    with TemporaryDirectory(prefix="yulu-") as folder:
        path = Path(folder) / "copy.db"
        if source.file is None:
            await _write_down(source.url, f"sqlite:///{path}")
        else:
            await asyncio.to_thread(_back_up, source.file, path)
        copy = await Database.open(f"sqlite:///{path}", source.keyring)
        try:
            yield copy
        finally:
            await copy.close()


def _back_up(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


async def _write_down(source: str, target: str) -> None:
    """Every row of a server's database, of one moment; it takes no lock, as a backup takes none."""
    async with snapshot(source) as here:
        loading = await Loading.prepare(target, here.revision)
        try:
            for shape in here.shapes:
                async for lines in here.lines(shape):
                    await loading.add(shape, lines)
        finally:
            await loading.close()


async def _fill(url: str, source: Database, people: Collection[int]) -> None:
    engine = make_engine(url)
    event.listen(engine.sync_engine, "connect", _forgiving)
    use_keyring(engine.dialect, source.keyring)
    try:
        async with source.read() as uow, engine.begin() as target:
            for table in metadata.sorted_tables:
                where = _concerning(table, people)
                if where is None:
                    continue
                found = await uow.session.execute(select(table).where(*where))
                rows: list[dict[str, Any]] = [dict(row) for row in found.mappings()]
                if rows:
                    await target.execute(insert(table), rows)
    finally:
        await engine.dispose()


@cache
def _empty() -> bytes:
    """A database with our tables and nothing in them: making them took a third of a rehearsal."""
    with TemporaryDirectory(prefix="yulu-") as folder:
        path = Path(folder) / "empty.db"
        engine = create_engine(f"sqlite:///{path}")
        metadata.create_all(engine)
        engine.dispose()
        return path.read_bytes()


def _forgiving(connection: Any, _: object) -> None:
    """Rows may point at what was not copied, and nothing here has to survive a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _concerning(table: Table, people: Collection[int]) -> list[ColumnElement[bool]] | None:
    """Which rows of a table to copy; None for tables that a rehearsal does not need."""
    columns = table.c
    if table.name in _WHOLE:
        return []
    if table.name == "people":
        return [columns.id.in_(people)]
    if table.name == "outreach_rows":
        phones = select(Person.phone_hash).where(Person.id.in_(people))
        return [columns.phone_hash.in_(phones)]
    if table.name in ("attachments", "paper_reviews"):
        told = select(Reminder.reference).where(Reminder.person_id.in_(people))
        return [columns.reference.in_(told)]
    if "person_id" in columns and table.name != "consents":
        return [columns.person_id.in_(people)]
    return None
