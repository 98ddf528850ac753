"""One run of the autumn in a folder of its own, or the rest of one that was killed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.workers.events import Event
from storage import engine
from storage.db import Database
from storage.keys import Keyring
from storage.migrate import upgrade
from tests.autumn.script import World, make_world
from tests.autumn.sent import Message, dropped_by_reason, messages_of
from tests.autumn.stepping import Told, step_through

KEY = bytes(range(32))


@dataclass(frozen=True)
class Plan:
    """Which autumn: how many families, from which seed, between which days."""

    families: int
    seed: int
    first: date
    last: date

    def world(self) -> World:
        """All that happens in it."""
        return make_world(self.families, self.seed, self.first, self.last)


@dataclass(frozen=True)
class Result:
    """What came of it; nothing was heard of what was put off in other processes."""

    messages: list[Message]
    dropped: Counter[str]
    put_off: Counter[str]


async def run(folder: Path, plan: Plan, told: Told) -> None:
    """Begin, or go on where the database says."""
    engine.SYNCHRONOUS = "OFF"  # a killed process loses nothing by it, only a power cut would
    url = f"sqlite:///{folder / 'autumn.db'}"
    await upgrade(url)
    db = await Database.open(url, Keyring([KEY]))
    try:
        await step_through(db, plan.world(), told)
    finally:
        await db.close()


async def result(folder: Path, put_off: Counter[str]) -> Result:
    """What a finished run left in its database."""
    db = await Database.open(f"sqlite:///{folder / 'autumn.db'}", Keyring([KEY]))
    try:
        return Result(await messages_of(db), await dropped_by_reason(db), put_off)
    finally:
        await db.close()


class Heard:
    """Counts why things were put off, and passes on how far the run has come."""

    def __init__(self) -> None:
        self.put_off: Counter[str] = Counter()

    def __call__(self, at: datetime, events: list[Event]) -> None:
        """One moment."""
        self.put_off.update(event.why for event in events if not event.is_sent)
