"""A chat that floods is heard more slowly, whole and in order; nobody else waits for it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.channels.base import Inbound
from bot.config import Config
from bot.login.throttle import Limit, TooMany
from bot.turns.intake import Intake
from flows.words import find
from storage.db import Database
from storage.keys import Keyring
from storage.models.message import InboxMessage, OutboxMessage
from tests.conversation import Clock
from tests.engine import engine

FLOOD = 100


def word(number: int, who: str, channel: str, clock: Clock) -> Inbound:
    return Inbound(channel, who, f"{who}-{number}", clock.at, text="你好")


async def ready(db: Database) -> list[InboxMessage]:
    async with db.read() as uow:
        rows = await uow.session.scalars(select(InboxMessage).order_by(InboxMessage.id))
        return list(rows)


async def drain(intake: Intake) -> int:
    count = 0
    while await intake.handle_next():
        count += 1
    return count


async def slower(db: Database) -> int:
    async with db.read() as uow:
        rows = await uow.session.scalars(select(OutboxMessage))
        return [row.text for row in rows].count(find("common.slower"))


@pytest.mark.slow
async def test_a_flood_on_telegram_is_kept_whole_and_handled_in_order_and_slowly(
    db: Database,
) -> None:
    clock = Clock()
    intake = Intake(db, engine(), Config(), clock)
    for number in range(FLOOD):
        assert await intake.accept(word(number, "flood", "telegram", clock))
    assert await intake.accept(word(0, "calm", "telegram", clock))
    assert len(await ready(db)) == FLOOD + 1
    assert await slower(db) == 1, "told once, kindly"
    assert await drain(intake) == 40 + 1, "the calm one is answered beside the flood"
    clock.at += timedelta(seconds=30)
    assert await drain(intake) == 20
    clock.at += timedelta(minutes=10)
    assert await drain(intake) == FLOOD - 60
    rows = [row for row in await ready(db) if row.external_id.startswith("flood")]
    assert [row.status for row in rows] == ["handled"] * FLOOD
    handled = [row.handled_at for row in rows]
    assert handled == sorted(handled, key=lambda at: at or clock.at)


@pytest.mark.slow
async def test_no_message_waits_longer_than_some_minutes(db: Database) -> None:
    clock = Clock()
    intake = Intake(db, engine(), Config(), clock)
    for number in range(500):
        await intake.accept(word(number, "flood", "telegram", clock))
    assert max(row.ready_at for row in await ready(db)) <= clock.at + timedelta(minutes=10)
    assert await slower(db) == 1


async def test_other_channels_are_told_at_once_and_never_wait(db: Database) -> None:
    clock = Clock()
    intake = Intake(db, engine(), Config(), clock)
    for number in range(FLOOD):
        await intake.accept(word(number, "u", "rest", clock))
    assert {row.ready_at for row in await ready(db)} == {clock.at}


@pytest.mark.postgres
@pytest.mark.slow
async def test_two_processes_on_one_server_count_together(
    postgres_url: str, keyring: Keyring
) -> None:
    db = await Database.open(postgres_url, keyring)
    try:
        clock = Clock()
        both = [Intake(db, engine(), Config(), clock) for _ in range(2)]
        for number in range(FLOOD):
            await both[number % 2].accept(word(number, "flood", "telegram", clock))
        at_once = [row for row in await ready(db) if row.ready_at == clock.at]
        assert len(at_once) == 40
        assert await slower(db) == 1
        limit = Limit(3, timedelta(minutes=1))
        measure = [("chat x", limit)]
        for number in range(3):
            await both[number % 2].accept(word(number, "x", "web", clock), measure)
        with pytest.raises(TooMany):
            await both[1].accept(word(3, "x", "web", clock), measure)
        assert len(await ready(db)) == FLOOD + 3, "what was refused is not kept"
        clock.at += timedelta(seconds=20)
        assert await both[0].accept(word(3, "x", "web", clock), measure)
    finally:
        await db.close()
