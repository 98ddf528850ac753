"""On the morning of a promised visit those responsible for the child hear of it, once.

What is still not done later is the business of the clock, not of another reminder.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from bot.clock import local_day
from bot.handlers.facts import standing_now
from bot.words import render
from bot.workers.events import Event
from flows.workdays import OfficeCalendar, calendar_for
from storage.db import Database
from storage.models.case import Case
from storage.uow import UnitOfWork

_NAMED = 5
_DAY = timedelta(days=1)


async def call_for_visits_due(db: Database, now: datetime) -> list[Event]:
    """Tell each officer of the visits of this working day, in one transaction."""
    if not calendar_for(None).is_open(now):
        return []
    async with db.read() as uow:
        if await uow.rounds.done([_key(local_day(now))]):
            return []
    async with db.write() as uow:
        return await call_for_visits(uow, now)


async def call_for_visits(uow: UnitOfWork, now: datetime) -> list[Event]:
    """The same inside the caller's transaction."""
    calendar, today = calendar_for(None), local_day(now)
    if not calendar.is_open(now):
        return []
    round_ = await uow.rounds.begin(_key(today), now)
    if round_ is None:
        return []
    round_.done_at = now
    of_each: dict[int, list[str]] = defaultdict(list)
    for case in await uow.case_facts.visits_due(_workday_before(calendar, today), today):
        for officer in await _responsible(uow, case):
            of_each[officer].append(case.reference)
    events = [await _tell(uow, id, found, now) for id, found in of_each.items()]
    return [event for event in events if event is not None]


async def next_visits(uow: UnitOfWork, after: datetime) -> datetime | None:
    """When the next morning with a promised visit begins."""
    calendar, today = calendar_for(None), local_day(after)
    day = await uow.case_facts.next_visit(_workday_before(calendar, today))
    if day is None:
        return None
    opens = calendar.day_from(max(day, today))[0]
    return opens if opens > after else calendar.day_from(today + _DAY)[0]


async def _responsible(uow: UnitOfWork, case: Case) -> set[int]:
    """The officers named for the child, else the one who holds the case."""
    standing = await standing_now(uow, case)
    named = {fact.detail.get("officer") for fact in standing.responsible.values()} - {None}
    holder = {case.assigned_to_id} - {None}
    return {int(id) for id in named or holder if id is not None}


async def _tell(
    uow: UnitOfWork, officer_id: int, references: list[str], now: datetime
) -> Event | None:
    officer = await uow.officers.get(officer_id)
    if officer is None or not officer.active:
        return None
    some = "、".join(references[:_NAMED])
    text = render("visit.due", count=len(references), some=some)
    await uow.notices.add(officer.id, references[0], text, now)
    if officer.conversation_id is not None:
        await uow.outbox.add(officer.conversation_id, text, [], {}, now)
    return Event(now, "visit", officer.name, references[0], text, render("visit.why"))


def _key(day: date) -> str:
    return f"visits:{day.isoformat()}"


def _workday_before(calendar: OfficeCalendar, day: date) -> date:
    day -= _DAY
    while not calendar.is_workday(day):
        day -= _DAY
    return day
