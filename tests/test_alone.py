"""A message that was in hand when processes died is handled while nothing else is."""

import asyncio
import time
from datetime import timedelta

import pytest

from bot.config import Config
from bot.turns.alone import Room
from bot.turns.intake import MOST_ATTEMPTS, Intake
from nlu.types import Context, Understanding
from storage.db import Database
from tests.conversation import Clock
from tests.engine import engine
from tests.test_turn import Crash, drain, message


async def visit(room: Room, seen: list[str], name: str, alone: bool, leave: asyncio.Event) -> None:
    async with room.entered(alone):
        seen.append(name)
        await leave.wait()
        seen.append(f"{name} left")


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_alone_waits_for_all_and_all_for_it() -> None:
    room, seen = Room(), list[str]()
    first, second, third = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(visit(room, seen, "a", False, first))
        group.create_task(visit(room, seen, "b", False, first))
        await settle()
        group.create_task(visit(room, seen, "alone", True, second))
        await settle()
        group.create_task(visit(room, seen, "c", False, third))
        await settle()
        assert seen == ["a", "b"]
        first.set()
        await settle()
        assert seen == ["a", "b", "a left", "b left", "alone"]
        second.set()
        await settle()
        assert seen[5:] == ["alone left", "c"]
        third.set()


async def test_who_gives_up_waiting_to_be_alone_holds_nobody_up() -> None:
    room, seen, leave = Room(), list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(visit(room, seen, "a", False, leave))
        await settle()
        waiting = group.create_task(visit(room, seen, "alone", True, leave))
        await settle()
        waiting.cancel()
        await settle()
        group.create_task(visit(room, seen, "b", False, leave))
        await settle()
        assert seen == ["a", "b"]
        leave.set()


class Watching:
    """An engine that knows how many texts are being understood at the same time."""

    def __init__(self) -> None:
        self.now = 0
        self.together: dict[str, int] = {}

    def understand(self, text: str, context: Context) -> Understanding:
        self.now += 1
        time.sleep(0.05)  # until others have begun too
        self.together[text] = self.now
        try:
            return engine().understand(text, context)
        finally:
            self.now -= 1


async def test_after_deaths_a_message_is_by_itself(any_db: Database) -> None:
    clock = Clock()

    def die(name: str) -> None:
        if name == "claimed":
            raise Crash

    dying = Intake(any_db, engine(), Config(), clock, die)
    await dying.accept(message(1, "你好", clock, "first"))
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Crash):
            await dying.handle_next()
        clock.at += timedelta(minutes=5)
    watching = Watching()
    calm = Intake(any_db, watching, Config(), clock)
    for number in range(4):
        await calm.accept(message(1, f"补助怎么申请{number}", clock, f"other {number}"))
    await asyncio.gather(*(drain(calm) for _ in range(5)))
    assert watching.together["你好"] == 1
    async with any_db.read() as uow:
        assert await uow.inbox.parked() == []
        row = await uow.inbox.by_external("rest", "first-1")
        assert row is not None and (row.status, row.attempts) == ("handled", MOST_ATTEMPTS + 1)
