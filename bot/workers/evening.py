"""Pushes that could not be sent by day wait for the morning; a channel may come back at midnight.

The gate keeps nights quiet when it queues a message. What then lies in the outbox because a channel
is away must not be made up for while people sleep; what they asked for themselves still comes.
"""

from datetime import datetime

from bot.clock import after_quiet_hours
from bot.words import render
from bot.workers.events import DEFAULT, Event, Rules
from storage.db import Database
from storage.uow import UnitOfWork


async def hold_pushes_due(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """At night move unsent pushes to the morning, in one transaction; nothing by day."""
    if after_quiet_hours(now, rules.quiet_from, rules.quiet_until) <= now:
        return []
    async with db.read() as uow:
        if not await uow.outbox.waiting_pushes(now):
            return []
    async with db.write() as uow:
        return await hold_pushes(uow, now, rules)


async def hold_pushes(uow: UnitOfWork, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """The same inside the caller's transaction."""
    morning = after_quiet_hours(now, rules.quiet_from, rules.quiet_until)
    if morning <= now:
        return []
    held = await uow.outbox.hold_pushes(now, morning)
    return [Event(now, "held", "", None, "", render("gate.quiet"), False) for _ in range(held)]
