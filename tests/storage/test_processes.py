"""Who is there, and what a process that runs says of itself."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.service.presence import stay_known
from storage.db import Database

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


async def seen(db: Database, since: datetime) -> dict[str, list[str]]:
    async with db.read() as uow:
        return {row.name: row.key_ids for row in await uow.processes.seen_since(since)}


async def test_a_process_is_one_row_that_is_kept_fresh(any_db: Database) -> None:
    for minute, keys in ((0, ["a"]), (1, ["b", "a"])):
        async with any_db.write() as uow:
            await uow.processes.is_here("one", keys, NOW + timedelta(minutes=minute))
            await uow.processes.is_here("two", ["a"], NOW)
    assert await seen(any_db, NOW) == {"one": ["b", "a"], "two": ["a"]}
    assert await seen(any_db, NOW + timedelta(minutes=1)) == {"one": ["b", "a"]}
    async with any_db.write() as uow:
        await uow.processes.leaves("one")
        await uow.processes.is_here("three", ["a"], NOW + timedelta(days=3))
    assert await seen(any_db, NOW) == {"three": ["a"]}


async def test_a_running_process_says_so_and_then_goodbye(db: Database) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(stay_known(db, lambda: NOW, stop, every=0.01))
    there: dict[str, list[str]] = {}
    for _ in range(200):
        await asyncio.sleep(0.01)
        there = await seen(db, NOW)
        if there:
            break
    assert list(there.values()) == [db.keyring.ids]
    stop.set()
    await running
    assert await seen(db, NOW) == {}
