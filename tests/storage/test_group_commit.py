"""Brief transactions of one process share commits, and none is told before it is on the disk."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from storage.db import Database
from storage.errors import TakenBack
from storage.outage import is_outage
from tests.storage import make


@pytest.fixture
def commits(db: Database) -> Iterator[Counter[str]]:
    """Counts what is committed in the database."""
    seen: Counter[str] = Counter()
    event.listen(db._engine.sync_engine, "commit", lambda _: seen.update(["commit"]))
    yield seen


async def talk(db: Database, address: str) -> None:
    async with db.write(brief=True) as uow:
        await make.conversation(uow, address)


def on_disk(db: Database) -> set[str]:
    """What somebody else finds."""
    connection = sqlite3.connect(str(db.file))
    try:
        return {address for (address,) in connection.execute("SELECT address FROM conversations")}
    finally:
        connection.close()


async def test_units_that_queue_up_share_a_commit(db: Database, commits: Counter[str]) -> None:
    await asyncio.gather(*(talk(db, f"a{number}") for number in range(20)))
    assert len(on_disk(db)) == 20
    assert commits.total() <= 3


async def test_a_unit_is_on_the_disk_when_it_is_left(db: Database) -> None:
    async def told(address: str) -> None:
        await talk(db, address)
        assert address in on_disk(db)

    await asyncio.gather(*(told(f"a{number}") for number in range(12)))


async def test_a_unit_that_fails_takes_back_only_its_own(db: Database) -> None:
    async def fail() -> None:
        async with db.write(brief=True) as uow:
            await make.conversation(uow, "wrong")
            raise RuntimeError("in the middle")

    works = (talk(db, "a"), fail(), talk(db, "b"))
    results = await asyncio.gather(*works, return_exceptions=True)
    assert [type(result) for result in results] == [type(None), RuntimeError, type(None)]
    assert on_disk(db) == {"a", "b"}


async def test_who_shares_what_the_database_gave_up_is_told(db: Database) -> None:
    """As on a full disk, where SQLite takes back the whole transaction."""

    async def lose() -> None:
        async with db.write(brief=True) as uow:
            await uow.session.execute(text("ROLLBACK"))
            raise RuntimeError("the disk is full")

    works = (talk(db, "before"), lose(), talk(db, "after"))
    results = await asyncio.gather(*works, return_exceptions=True)
    assert isinstance(results[0], TakenBack)
    assert is_outage(results[0])
    assert isinstance(results[1], Exception)
    assert results[2] is None
    assert on_disk(db) == {"after"}


async def test_one_who_stops_waiting_takes_nothing_from_the_others(db: Database) -> None:
    tasks = [asyncio.create_task(talk(db, f"a{number}")) for number in range(8)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[5].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    left = {f"a{number}" for number, result in enumerate(results) if result is None}
    assert len(left) >= 6
    assert left <= on_disk(db)
    await asyncio.wait_for(talk(db, "later"), 5)


async def test_long_work_and_brief_units_wait_for_each_other(db: Database) -> None:
    async def long_work(address: str) -> None:
        async with db.write() as uow:
            await make.conversation(uow, address)
            await asyncio.sleep(0.01)

    works = (talk(db, "a"), long_work("b"), talk(db, "c"), long_work("d"), talk(db, "e"))
    await asyncio.wait_for(asyncio.gather(*works), 10)
    assert on_disk(db) == set("abcde")


async def test_a_commit_that_fails_is_told_to_all(db: Database) -> None:
    async def defer() -> None:
        async with db.write(brief=True) as uow:
            await uow.session.execute(text("PRAGMA defer_foreign_keys=ON"))
            await uow.session.execute(
                text(
                    "INSERT INTO consents (person_id, purpose, version, granted, channel, at)"
                    " VALUES (999, 'aid', '1', 1, 'web', '2026-01-01')"
                )
            )

    results = await asyncio.gather(talk(db, "a"), defer(), return_exceptions=True)
    assert all(isinstance(result, DBAPIError) for result in results), results
    assert on_disk(db) == set()
    await talk(db, "b")
