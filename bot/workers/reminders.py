"""Sends what is due, having asked once more whether it is still true; each exactly once."""

import asyncio
from datetime import datetime

from bot.gate.firing import PEOPLE, fire_some
from bot.workers.events import DEFAULT, Event, Rules
from storage.db import Database
from storage.uow import UnitOfWork

_BREATH = 0.01
"""Seconds between two full handfuls: those who wait for the lock of SQLite look every few
milliseconds, and would be late each time if the next handful followed at once."""


async def fire_due(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Handle every reminder that is due; some people at a time, so that others may write too."""
    events: list[Event] = []
    while True:
        async with db.write() as uow:
            settled = await fire_some(uow, now, rules)
        if settled is None:
            return events
        events += settled
        if len(settled) >= PEOPLE:
            await asyncio.sleep(_BREATH)


async def fire(uow: UnitOfWork, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Handle every reminder that is due, inside the caller's transaction."""
    events: list[Event] = []
    while (settled := await fire_some(uow, now, rules)) is not None:
        events += settled
    return events
