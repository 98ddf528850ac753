"""The rate, the pauses and the receiver of a channel, shared by all processes."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage.db import Database
from tests.storage.make import NOW

RATE = 20.0


async def reserve(db: Database, count: int, now: datetime = NOW) -> float:
    async with db.write() as uow:
        return await uow.lanes.reserve("telegram", count, RATE, now)


async def look(db: Database, now: datetime = NOW) -> tuple[float, float, float, str | None]:
    async with db.read() as uow:
        state = (await uow.lanes.look(["telegram"], now))["telegram"]
    return state.ahead, state.held, state.failed, state.failed_for


async def test_a_rate_is_given_out_once(any_db: Database) -> None:
    firsts = await asyncio.gather(*(reserve(any_db, 10) for _ in range(4)))
    together = 4 * 10 / RATE
    assert min(firsts) == pytest.approx(-0.25, abs=0.01)
    # The server's clock goes on between two of them, so all but the first are a little less.
    spans = [
        after - before for before, after in zip(sorted(firsts), sorted(firsts)[1:], strict=False)
    ]
    assert spans == [pytest.approx(10 / RATE, abs=0.15)] * 3
    ahead = (await look(any_db))[0]
    assert ahead == pytest.approx(together - 0.25, abs=0.4)


async def test_idle_time_is_not_saved_up(db: Database) -> None:
    await reserve(db, 1)
    assert await reserve(db, 1, NOW + timedelta(hours=1)) == pytest.approx(-0.25)


async def test_a_clock_turned_back_stops_nobody(db: Database) -> None:
    await reserve(db, 10, NOW + timedelta(hours=1))
    async with db.write() as uow:
        await uow.lanes.hold("telegram", 60, NOW + timedelta(hours=1))
    assert await look(db) == (0, 0, 0, None)
    assert await reserve(db, 1) == 0
    assert (await look(db))[1] == 0


async def test_pauses_are_told_and_end(db: Database) -> None:
    async with db.write() as uow:
        await uow.lanes.hold("telegram", 30, NOW)
        await uow.lanes.hold("telegram", 5, NOW)
        await uow.lanes.failed("telegram", "one", 2, NOW)
    assert (await look(db))[1:] == (30, 2, "one")
    assert (await look(db, NOW + timedelta(seconds=10)))[1:] == (20, 0, "one")
    assert (await look(db, NOW + timedelta(seconds=31)))[1:] == (0, 0, "one")


async def test_one_process_receives_and_the_next_after_its_lease(db: Database) -> None:
    async def receives(process: str, seconds: float) -> bool:
        async with db.write() as uow:
            now = NOW + timedelta(seconds=seconds)
            return await uow.lanes.receives("telegram", process, timedelta(seconds=60), now)

    assert await receives("one", 0)
    assert not await receives("two", 1)
    assert await receives("one", 30), "renewed"
    assert not await receives("two", 89)
    assert await receives("two", 91)
    async with db.write() as uow:
        await uow.lanes.stops_receiving("telegram", "one", NOW)
        await uow.lanes.stops_receiving("telegram", "two", NOW + timedelta(seconds=92))
    assert await receives("one", 93)


async def test_many_begin_at_once(any_db: Database) -> None:
    async def receives(process: str) -> bool:
        async with any_db.write() as uow:
            return await uow.lanes.receives("telegram", process, timedelta(seconds=60), NOW)

    won = await asyncio.gather(*(receives(str(number)) for number in range(5)))
    assert sorted(won) == [False] * 4 + [True]
