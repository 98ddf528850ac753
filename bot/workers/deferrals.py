"""Children who were let off school for a time: when it is over, their case is open again."""

from datetime import datetime, time

from bot.cases.notices import about
from bot.clock import at_local, local_day
from bot.handlers.acting import Acting
from bot.handlers.facts import standing_now
from bot.handlers.returning import end_deferral
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from flows.dropout.standing import SETTLED, Standing
from storage.db import Database
from storage.uow import UnitOfWork

_OPENING = time(8)
"""From this local time on the day itself, so that nobody is told at midnight."""

_WAITS = frozenset({"deferred", "placed"})
"""Closed for these reasons a case only waits for the day."""


async def call_back_due(db: Database, now: datetime) -> list[Event]:
    """Open the cases whose day has come, in one transaction."""
    async with db.write() as uow:
        return await call_back(uow, now)


async def call_back(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Open the cases whose day has come, inside the caller's transaction."""
    events = []
    today = local_day(now)
    if now < at_local(today, _OPENING):
        return []
    for found in await uow.case_facts.deferred_until(today):
        case = await uow.records.get(found.reference, lock=True)
        if case is None or not _waits(await standing_now(uow, found)):
            continue
        await end_deferral(Acting(uow, SYSTEM, now), found)
        text = render("officer.deferral_over", **about(found))
        events.append(Event(now, "deferral", "", found.reference, text, render("deferral.why")))
    return events


async def next_call_back(uow: UnitOfWork, after: datetime) -> datetime | None:
    """When the next such day begins at the office."""
    today = at_local(local_day(after), _OPENING)
    if after < today and await uow.case_facts.deferred_until(local_day(after)):
        return today
    day = await uow.case_facts.next_deferral_end(local_day(after))
    return at_local(day, _OPENING) if day is not None else None


def _waits(standing: Standing) -> bool:
    return standing.status not in SETTLED or standing.closing_code in _WAITS
