"""Outages are told from faults of what is written, on the real databases."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import engine
from storage.db import Database
from storage.outage import is_outage
from storage.urls import async_url


async def test_a_wrong_statement_is_no_outage(any_db: Database) -> None:
    with pytest.raises(DBAPIError) as wrong:
        async with any_db.write() as uow:
            await uow.session.execute(text("SELECT nothing FROM nowhere"))
    assert not is_outage(wrong.value)
    assert not is_outage(ValueError("no number"))


async def test_a_lock_held_too_long_is_an_outage(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, db: Database
) -> None:
    monkeypatch.setattr(engine, "_BUSY_MILLISECONDS", 50)
    other = sqlite3.connect(Path(async_url(sqlite_url).database or ""), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DBAPIError) as locked:
        async with Database(engine.make_engine(sqlite_url), db.keyring).write():
            pass
    other.close()
    assert is_outage(locked.value)


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_connection_that_is_cut_is_an_outage(postgres_url: str, db: Database) -> None:
    database = Database(engine.make_engine(postgres_url), db.keyring)
    with pytest.raises(DBAPIError) as cut:
        async with database.write() as uow:
            await uow.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    await database.close()
    assert is_outage(cut.value)
    assert is_outage(ConnectionRefusedError())
