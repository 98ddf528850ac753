"""A process that takes some work in hand and never ends it: to be killed in the middle.

Started as `python -m tests.scale.holder URL inbox|outbox|reminders`; says `holding` once it holds.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.channels.base import Accept, Outbound
from bot.gate.firing import fire_some
from bot.sending.outbox import Sender
from bot.turns.turn import claim
from bot.workers.events import DEFAULT
from storage.db import Database
from storage.keys import Keyring

KEY = bytes(range(32))
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)


async def hang() -> None:
    """Say that the work is in hand, and do no more."""
    print("holding", flush=True)
    await asyncio.Event().wait()


class Hanging:
    """A channel that takes a message and never says so."""

    name = "web"

    async def run(self, accept: Accept) -> None:
        """Receives nothing."""

    async def send(self, message: Outbound) -> str:
        await hang()
        return ""


async def inbox(db: Database) -> None:
    assert await claim(db, NOW, LEASE) is not None
    await hang()


async def outbox(db: Database) -> None:
    sender = Sender(db, {"web": Hanging()}, lambda: NOW, attempts=3, poll_seconds=1)
    await sender.run(asyncio.Event())


async def reminders(db: Database) -> None:
    async with db.write() as uow:
        assert await fire_some(uow, NOW, DEFAULT)
        await hang()


WORK: dict[str, Callable[[Database], Awaitable[None]]] = {
    "inbox": inbox,
    "outbox": outbox,
    "reminders": reminders,
}


async def main(url: str, what: str) -> None:
    """Open the database as the service does and begin."""
    await WORK[what](await Database.open(url, Keyring([KEY])))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
