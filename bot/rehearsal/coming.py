"""Who would hear what in the coming days if nothing else happened: the real workers, on a copy.

Nothing is predicted by other rules than those that will decide: planning, gate and truth run step
by step on a copy of what concerns some people, while the service goes on undisturbed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from bot.rights.masking import masked_name
from bot.rights.territory import covers
from bot.words import render
from bot.workers.calls import call_officers_due, next_call
from bot.workers.events import Event, Rules
from bot.workers.reminders import fire_due
from bot.workers.windows import next_window, plan_windows_due
from storage.db import Database
from storage.excerpt import excerpt
from storage.kinds import ReminderKind
from storage.models.person import Person
from storage.models.reminder import Reminder

_PLANNING = "plan"


@dataclass(frozen=True)
class Coming:
    """What a rehearsal found, in the order of time.

    `people` are the families it was played through for, `left_out` those that were too many;
    `names` says by `Event.to` what a family is called, masked.
    """

    events: tuple[Event, ...]
    people: int
    left_out: int
    names: Mapping[str, str]


@dataclass(frozen=True)
class Real:
    """What the copy does not show: the region's own `officers`, and the families by banner."""

    officers: Collection[str]
    families: Mapping[str, int]


async def rehearse(
    db: Database, region: str, now: datetime, until: datetime, most: int, rules: Rules
) -> Coming:
    """Play the time through for the families of a region; at most `most` of them."""
    async with db.read() as uow:
        people = await uow.families.to_hear(region, until, most)
        every = await uow.families.count_in(region)
        families = await uow.families.by_banner()
    async with excerpt(db, people) as copy:
        near = await _made_fit_to_show(copy, region)
        events = await _play(copy, now, until, rules, Real(near, families))
        async with copy.read() as uow:
            talks = await uow.conversations.of_people(people)
            held = {person.id: person for person in await uow.people.all_of(people)}
    names = {f"{talk.channel}:{talk.address}": _name(held[talk.person_id]) for talk in talks}
    return Coming(tuple(events), len(people), max(every - len(people), 0), names)


async def _made_fit_to_show(copy: Database, region: str) -> frozenset[str]:
    """Hide what people wrote to themselves; the names of the region's own officers."""
    async with copy.write() as uow:
        words = render("reminder.own", text=render("rehearsal.own_words"))
        own = update(Reminder).where(Reminder.kind == ReminderKind.OWN)
        await uow.session.execute(own.values(text=words))
        officers = await uow.officers.all()
    return frozenset(one.name for one in officers if covers(region, one.region_code))


def _name(person: Person) -> str:
    return masked_name(person.name) if person.name else render("officer.unknown_name")


async def _play(
    copy: Database, now: datetime, until: datetime, rules: Rules, real: Real
) -> Sequence[Event]:
    events: list[Event] = []
    moment: datetime | None = now
    while moment is not None and moment < until:
        await plan_windows_due(copy, moment, real.families)
        events += await fire_due(copy, moment, rules)
        events += [e for e in await call_officers_due(copy, moment) if e.to in real.officers]
        moment = await _next(copy, moment)
    return [event for event in events if event.kind != _PLANNING]


async def _next(copy: Database, after: datetime) -> datetime | None:
    async with copy.read() as uow:
        reminder = await uow.reminders.next_due(after)
    found = [reminder, next_window(after), next_call(after)]
    soonest = min((moment for moment in found if moment is not None), default=None)
    return None if soonest is None else max(soonest, after + timedelta(seconds=1))
