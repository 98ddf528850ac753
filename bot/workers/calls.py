"""What comes round for officers: the census of a term, monthly and quarterly returns, the audit.

Said once, when the office opens on the working day that the rule names, at the desk and in the
chat of those who linked one. Nobody is told on a day off; after days without service it is said
late, as long as its day is not over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import day_words, local_day
from bot.rights.access import has_role
from bot.words import render
from bot.workers.events import Event
from flows.policy.loader import load
from flows.policy.reminders import Call, reminder_rules
from flows.reminders.plan import before_holiday, row_for, span_in
from flows.workdays import calendar_for
from storage.db import Database
from storage.models.officer import Officer
from storage.uow import UnitOfWork

_DAY = timedelta(days=1)
_LATE = timedelta(days=7)
"""What begins a season is still worth saying some days later, returns are not after their day."""


@dataclass(frozen=True)
class Due:
    """One call in one period, about `day`: said from `on`, pointless after `until`."""

    call: Call
    day: date
    on: date
    until: date

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"call:{self.call.id}:{self.day.isoformat()}"


async def call_officers_due(db: Database, now: datetime) -> list[Event]:
    """Tell every officer whom it concerns, in one transaction."""
    if not any(_is_time(due, now) for due in _around(local_day(now))):
        return []
    async with db.write() as uow:
        return await call_officers(uow, now)


async def call_officers(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Tell every officer whom it concerns, inside the caller's transaction."""
    due = [each for each in _around(local_day(now)) if _is_time(each, now)]
    done = await uow.rounds.done([each.key for each in due])
    events: list[Event] = []
    for each in due:
        round_ = await uow.rounds.begin(each.key, now) if each.key not in done else None
        if round_ is None:
            continue
        for officer in await uow.officers.all():
            if officer.active and has_role(officer.role, each.call.least):
                events.append(await _tell(uow, officer, each, now))
        round_.done_at = now
    return events


def next_call(after: datetime) -> datetime | None:
    """When the next one is to be said."""
    today = local_day(after)
    opens = [_opening(due) for due in (*_around(today), *_around(today + 31 * _DAY))]
    return min((moment for moment in opens if moment > after), default=None)


async def _tell(uow: UnitOfWork, officer: Officer, due: Due, now: datetime) -> Event:
    text = render(due.call.text, day=day_words(due.day))
    await uow.notices.add(officer.id, None, text, now)
    if officer.conversation_id is not None:
        key = f"{due.key}:{officer.id}"
        await uow.outbox.add(officer.conversation_id, text, [], {}, now, dedupe_key=key)
    return Event(now, due.call.id, officer.name, None, text, render("call.why"))


def _is_time(due: Due, now: datetime) -> bool:
    calendar = calendar_for(None)
    return _opening(due) <= now and local_day(now) <= due.until and calendar.is_open(now)


def _opening(due: Due) -> datetime:
    return calendar_for(None).day_from(due.on)[0]


def _around(today: date) -> Iterable[Due]:
    """The calls of this month and the two beside it."""
    for call in reminder_rules().calls:
        event = row_for(load().calendar, call.event, None, today)
        if event is None:
            continue
        for first in (_month(today, -1), _month(today, 0), _month(today, 1)):
            day = _day_in(call, first, span_in(event, first.year)[0])
            if day is None:
                continue
            until = day + _LATE if call.every == "year" else day
            if until < today:
                continue
            on = before_holiday(day + min(call.days, 0) * _DAY, calendar_for(None).is_workday)
            yield Due(call, day, on, until)


def _day_in(call: Call, first: date, starts: date) -> date | None:
    """The day of a call that falls into the month; None when none does."""
    if call.every == "month":
        return first.replace(day=call.day)
    if call.every == "quarter":
        return _month(first, 1) - _DAY if first.month % 3 == 0 else None
    day = starts + max(call.days, 0) * _DAY
    return day if (day.year, day.month) == (first.year, first.month) else None


def _month(day: date, step: int) -> date:
    """The first day of a month before or after that of the day."""
    number = day.year * 12 + day.month - 1 + step
    return date(number // 12, number % 12 + 1, 1)
