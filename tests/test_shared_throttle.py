"""One limit for all processes on a server; each by itself on the embedded database."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.login.shared_throttle import PARTS, SharedThrottle
from bot.login.throttle import Limit, TooMany
from storage.db import Database
from storage.keys import Keyring
from storage.models.guard import Attempt

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LIMIT = Limit(100, timedelta(minutes=1))
UNASKED = LIMIT.attempts // PARTS


@pytest.fixture
async def server(postgres_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    db = await Database.open(postgres_url, keyring)
    yield db
    await db.close()


async def passed(
    throttle: SharedThrottle, db: Database, tries: int, now: datetime = NOW, caller: str = "a"
) -> int:
    """How many of so many tries are let through."""
    found: Counter[bool] = Counter()
    for _ in range(tries):
        try:
            await throttle.take(db, caller, now)
        except TooMany:
            found[False] += 1
        else:
            found[True] += 1
    return found[True]


async def rows(db: Database) -> int:
    async with db.read() as uow:
        return await uow.attempts._session.scalar(select(func.count(Attempt.id))) or 0


@pytest.mark.postgres
@pytest.mark.slow
async def test_processes_on_one_server_share_a_limit(server: Database) -> None:
    processes = [SharedThrottle("x", LIMIT) for _ in range(4)]
    through = [await passed(each, server, 150) for each in processes]
    assert through[0] == LIMIT.attempts, "one alone may ask for all of it"
    assert LIMIT.attempts <= sum(through) <= LIMIT.attempts + len(processes) * UNASKED
    later = NOW + LIMIT.window
    assert await passed(processes[3], server, 150, later) >= LIMIT.attempts - UNASKED
    assert await passed(processes[0], server, 5, NOW, caller="b") == 5


@pytest.mark.postgres
@pytest.mark.slow
async def test_what_is_ordinary_writes_nothing_and_many_at_once_take_one_part(
    server: Database,
) -> None:
    throttle, other = SharedThrottle("x", LIMIT), SharedThrottle("x", LIMIT)
    assert await passed(throttle, server, UNASKED) == UNASKED
    assert await rows(server) == 0
    await asyncio.gather(*(throttle.take(server, "a", NOW) for _ in range(UNASKED)))
    assert await rows(server) == 1
    left = LIMIT.attempts - UNASKED
    assert await passed(other, server, 150) == UNASKED + left, "five at once took one part"


@pytest.mark.postgres
@pytest.mark.slow
async def test_who_is_refused_costs_the_database_nothing_until_there_is_room(
    server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (SharedThrottle("x", LIMIT) for _ in range(2))
    await passed(first, server, LIMIT.attempts)
    assert await passed(second, server, 2 * UNASKED + 1) == 2 * UNASKED, "unasked and the last part"
    with pytest.raises(TooMany) as full:
        second.check("a", NOW)
    monkeypatch.setattr(server, "write", None)
    assert await passed(second, server, 10) == 0
    monkeypatch.undo()
    assert await passed(second, server, 1, NOW + timedelta(seconds=full.value.retry_after)) == 1
    earlier = NOW - timedelta(hours=1)
    second.check("a", earlier)


async def test_the_embedded_database_is_not_asked(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "write", None)
    assert await passed(SharedThrottle("x", LIMIT), db, 150) == LIMIT.attempts


@pytest.mark.parametrize("attempts", [1, 5, 60, 6000])
async def test_a_small_limit_is_a_limit_too(attempts: int, db: Database) -> None:
    throttle = SharedThrottle("x", Limit(attempts, timedelta(minutes=1)))
    assert await passed(throttle, db, attempts + 3) == attempts
