"""Our SQLite connections answer as SQLAlchemy expects of the driver they stand in for."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.db import Database
from storage.engine import make_engine, reader
from storage.sqlite_driver import Connection


async def test_rows_counts_and_errors_come_back(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    async with engine.begin() as c:
        await c.execute(text("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)"))
        many = [{"b": "乌云"}, {"b": "苏日娜"}]
        assert (await c.execute(text("INSERT INTO t (b) VALUES (:b)"), many)).rowcount == 2
        one = await c.execute(text("INSERT INTO t (b) VALUES ('白音')"))
        assert one.lastrowid == 3
        rows = await c.execute(text("SELECT a, b FROM t WHERE a < 3"))
        assert list(rows.keys()) == ["a", "b"]
        assert rows.all() == [(1, "乌云"), (2, "苏日娜")]
        changed = await c.execute(text("UPDATE t SET b = 'x' WHERE a < 3 RETURNING a"))
        assert {row.a for row in changed} == {1, 2}
        with pytest.raises(IntegrityError):
            await c.execute(text("INSERT INTO t (a) VALUES (1)"))
        with pytest.raises(OperationalError):
            await c.execute(text("SELECT nothing FROM nowhere"))
        assert (await c.execute(text("SELECT count(*) FROM t"))).scalar() == 3
    await engine.dispose()


async def test_a_statement_is_one_trip_to_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips = 0
    queued = Connection._execute

    async def counted(self: Connection, *args: object) -> object:
        nonlocal trips
        trips += 1
        return await queued(self, *args)  # type: ignore[no-untyped-call]

    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    async with engine.connect() as c:
        await c.execute(text("SELECT 1"))
        monkeypatch.setattr(Connection, "_execute", counted)
        assert (await c.execute(text("SELECT 1"))).scalar() == 1
        assert trips == 1
    await engine.dispose()


async def test_who_writes_again_and_again_does_not_keep_others_out(db: Database) -> None:
    turns = 0

    async def keep_writing() -> None:
        nonlocal turns
        for turns in range(1, 41):  # noqa: B007 - counted for the other
            async with db.write():
                await asyncio.sleep(0.03)
            await asyncio.sleep(0.01)

    busy = asyncio.create_task(keep_writing())
    await asyncio.sleep(0.01)
    async with db.write():
        waited = turns
    await busy
    assert waited <= 8


async def test_a_lock_that_is_never_free_is_given_up(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    async with engine.begin() as first:
        await first.execute(text("CREATE TABLE t (a)"))
        async with reader(engine).connect() as second:
            await second.exec_driver_sql("SELECT 1")
            await second.exec_driver_sql("COMMIT")
            await second.exec_driver_sql("PRAGMA query_only=OFF")
            await second.exec_driver_sql("PRAGMA busy_timeout=50")
            with pytest.raises(OperationalError, match="locked"):
                await second.exec_driver_sql("BEGIN IMMEDIATE")
            left = await second.exec_driver_sql("PRAGMA busy_timeout")
            assert left.scalar() == 50
    await engine.dispose()
