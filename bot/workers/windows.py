"""When a window opens or will close, every family it concerns gets a reminder of its own minute.

Planned a day ahead, some people in one transaction; who dies in it goes on where they stopped.
Whether a family still has to hear it is asked when its minute has come, see `bot.gate.truth`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import at_local, local_day
from bot.words import render
from bot.workers.events import Event
from flows.policy.loader import load
from flows.policy.reminders import Window, reminder_rules
from flows.policy.types import YearEvent
from flows.reminders.plan import edge_day, local_rows, mornings_needed, row_for, slot, span_in
from flows.workdays import calendar_for
from storage.db import Database
from storage.kinds import ReminderKind
from storage.models.round import Round
from storage.repositories.reachable import Reachable
from storage.uow import UnitOfWork

_SOME = 500
_DAY = timedelta(days=1)
_STAGES = {"families": (), "graduates": ("senior", "vocational")}
_BANNER = 6
Families = Mapping[str, int]
"""By banner."""


@dataclass(frozen=True)
class Occurrence:
    """One edge of one window in one year, where one row of the calendar holds."""

    window: Window
    event: YearEvent
    year: int

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"window:{self.window.id}:{self.event.id}:{self.year}"

    @property
    def about(self) -> str:
        """What its reminders are about."""
        return f"event:{self.window.event}:{self.window.edge}:{self.year}"

    @property
    def day(self) -> date:
        """The day on which the first families hear of it."""
        return edge_day(self.window, self.event, self.year)


async def plan_windows_due(
    db: Database, now: datetime, families: Families | None = None
) -> list[Event]:
    """Plan what begins tomorrow or has begun, some families in one transaction.

    On a copy that holds some people only, `families` says how many each banner really has: over
    so many mornings they are spread.
    """
    async with db.read() as uow:
        waiting = await _unplanned(uow, now)
    events: list[Event] = []
    for occurrence in waiting:
        while True:
            async with db.write() as uow:
                event = await _plan_some(uow, occurrence, now, families)
            if event is None:
                break
            events.append(event)
    return events


async def plan_windows(uow: UnitOfWork, now: datetime) -> list[Event]:
    """The same inside the caller's transaction."""
    events: list[Event] = []
    for occurrence in await _unplanned(uow, now):
        while (event := await _plan_some(uow, occurrence, now)) is not None:
            events.append(event)
    return events


def next_window(after: datetime) -> datetime | None:
    """When the next window is to be planned."""
    year = local_day(after).year
    begin = [_planned_at(occurrence) for occurrence in (*_all(year), *_all(year + 1))]
    return min((moment for moment in begin if moment > after), default=None)


def _planned_at(occurrence: Occurrence) -> datetime:
    return at_local(occurrence.day - _DAY, reminder_rules().gate.mornings[0])


def _all(year: int) -> Iterable[Occurrence]:
    calendar = load().calendar
    for window in reminder_rules().windows:
        for event in local_rows(calendar, window.event):
            if event.in_force(span_in(event, year)[0]):
                yield Occurrence(window, event, year)


async def _unplanned(uow: UnitOfWork, now: datetime) -> list[Occurrence]:
    """What is to be planned now and has not been."""
    due = [
        occurrence
        for occurrence in _all(local_day(now).year)
        if _planned_at(occurrence) <= now
        and local_day(now) <= span_in(occurrence.event, occurrence.year)[1]
    ]
    done = await uow.rounds.done([occurrence.key for occurrence in due])
    return [occurrence for occurrence in due if occurrence.key not in done]


async def _plan_some(
    uow: UnitOfWork, occurrence: Occurrence, now: datetime, families: Families | None = None
) -> Event | None:
    """Plan for the next families; None once all have theirs, or while another process is at it."""
    round_ = await uow.rounds.begin(occurrence.key, now)
    if round_ is None:
        return None
    stages = _STAGES[occurrence.window.who]
    people = await uow.families.reachable(round_.after_person_id or 0, _SOME, stages)
    if not people:
        round_.done_at = now
        return None
    mornings = await _mornings(uow, families or await uow.families.by_banner())
    rows = _rows(occurrence, round_, people, mornings)
    await uow.reminders.add_each(rows)
    round_.after_person_id = people[-1].person_id
    why = render("window.planned", count=len(rows))
    return Event(now, "plan", "", None, occurrence.key, why)


def _rows(
    occurrence: Occurrence, round_: Round, people: Iterable[Reachable], mornings: Families
) -> list[dict[str, Any]]:
    gate, calendar = reminder_rules().gate, load().calendar
    window, own = occurrence.window, occurrence.event
    first = max(occurrence.day, local_day(round_.at) + _DAY)
    rows = []
    for person in people:
        if row_for(calendar, window.event, person.home_region, first) is not own:
            continue
        banner = (person.home_region or "")[:_BANNER]
        is_workday = calendar_for(person.home_region).is_workday
        due = slot(person.person_id, first, mornings.get(banner, 1), gate, is_workday)
        rows.append(_reminder(occurrence, person, due))
    return rows


async def _mornings(uow: UnitOfWork, families: Families) -> dict[str, int]:
    """Over how many mornings the families of each banner hear of something."""
    gate = reminder_rules().gate
    active = [officer for officer in await uow.officers.all() if officer.active]
    officers = Counter(officer.region_code[:_BANNER] for officer in active)
    return {code: mornings_needed(many, officers[code], gate) for code, many in families.items()}


def _reminder(occurrence: Occurrence, person: Reachable, due: datetime) -> dict[str, Any]:
    return {
        "kind": ReminderKind.WINDOW,
        "person_id": person.person_id,
        "conversation_id": person.conversation_id,
        "due_at": due,
        "planned_for": due,
        "text": occurrence.window.what,
        "dedupe_key": f"{occurrence.key}:{person.person_id}",
        "about": occurrence.about,
        "status": "waiting",
    }
