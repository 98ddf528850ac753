"""Children that came back: each working morning their officers hear whose attendance is due."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bot.clock import at_local, local_day
from bot.handlers.acting import Acting
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from flows.workdays import calendar_for
from storage.db import Database
from storage.models.audit import AuditEntry
from storage.uow import UnitOfWork

_ACTION = "attendance_round"
_MORNING = time(8)
_NAMED = 5
"""So many cases are named in one notice; the desk lists them all."""


async def go_round_due(db: Database, now: datetime) -> list[Event]:
    """Tell every officer once a working day, in one transaction."""
    async with db.write() as uow:
        return await go_round(uow, now)


async def go_round(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Tell every officer once a working day, inside the caller's transaction."""
    today = local_day(now)
    morning = at_local(today, _MORNING)
    if now < morning or not calendar_for(None).is_workday(today) or await _is_done(uow, morning):
        return []
    due = await uow.case_facts.checks_due(today)
    if not due:
        return []
    of_each: dict[int, list[str]] = defaultdict(list)
    for officer_id, reference in due:
        of_each[officer_id].append(reference)
    events = [await _tell(uow, officer, found, now) for officer, found in of_each.items()]
    await Acting(uow, SYSTEM, now).audit(_ACTION, cases=len(due))
    return [event for event in events if event is not None]


async def _tell(
    uow: UnitOfWork, officer_id: int, references: list[str], now: datetime
) -> Event | None:
    officer = await uow.officers.get(officer_id)
    if officer is None or not officer.active:
        return None
    some = "、".join(references[:_NAMED])
    key = "officer.attendance_due" if len(references) <= _NAMED else "officer.attendance_many"
    text = render(key, count=len(references), some=some)
    await uow.notices.add(officer.id, references[0], text, now)
    if officer.conversation_id is not None:
        await uow.outbox.add(officer.conversation_id, text, [], {}, now)
    return Event(now, "attendance", officer.name, None, text, render("officer.attendance_why"))


async def _is_done(uow: UnitOfWork, morning: datetime) -> bool:
    query = select(AuditEntry.id).where(AuditEntry.action == _ACTION, AuditEntry.at >= morning)
    return await uow.session.scalar(query.limit(1)) is not None


async def next_round(uow: UnitOfWork, after: datetime) -> datetime | None:
    """The next working morning; None while nobody is watched."""
    if not await uow.case_facts.is_anybody_watched():
        return None
    day = local_day(after)
    is_workday = calendar_for(None).is_workday
    while at_local(day, _MORNING) <= after or not is_workday(day):
        day += timedelta(days=1)
    return at_local(day, _MORNING)
