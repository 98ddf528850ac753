"""All work that is due at a moment: reminders, clocks, retention and the like; or a rehearsal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from bot.workers.attendance import go_round, go_round_due, next_round
from bot.workers.calls import call_officers, call_officers_due, next_call
from bot.workers.deferrals import call_back, call_back_due, next_call_back
from bot.workers.digest import greet, greet_due, next_digest
from bot.workers.escalation import climb, climb_due
from bot.workers.evening import hold_pushes, hold_pushes_due
from bot.workers.events import DEFAULT, Event, Rules
from bot.workers.handback import hand_back_due, hand_back_silent, next_hand_back
from bot.workers.holds import next_release, release, release_due
from bot.workers.inquiries import give_up_due, give_up_waiting
from bot.workers.orphans import adopt, adopt_due
from bot.workers.outreach import compare_due
from bot.workers.plain_files import seal_plain_due
from bot.workers.reminders import fire, fire_due
from bot.workers.retention import purge_at_night, purge_inside
from bot.workers.supervisions import remind_supervised, remind_supervised_due
from bot.workers.turned import let_go_due
from bot.workers.visits import call_for_visits, call_for_visits_due, next_visits
from bot.workers.windows import next_window, plan_windows, plan_windows_due
from storage.db import Database
from storage.uow import UnitOfWork


async def tick(
    db: Database, now: datetime, dry_run: bool = False, rules: Rules = DEFAULT
) -> list[Event]:
    """Do all that is due; with `dry_run` say what would be done and change nothing."""
    if dry_run:
        async with _rehearsal(db) as uow:
            return await _run(uow, now, replace(rules, files=None))
    await let_go_due(db, now)
    events = await hold_pushes_due(db, now, rules)
    events += await plan_windows_due(db, now)
    events += await release_due(db, now)
    events += await fire_due(db, now, rules)
    events += await call_officers_due(db, now)
    events += await call_for_visits_due(db, now)
    events += await call_back_due(db, now)
    events += await go_round_due(db, now)
    events += await greet_due(db, now)
    events += await adopt_due(db, now)
    events += await give_up_due(db, now)
    events += await remind_supervised_due(db, now)
    events += await climb_due(db, now)
    events += await hand_back_due(db, now, rules)
    events += await purge_at_night(db, now, rules)
    events += await seal_plain_due(db, now, rules)
    await compare_due(db, now)
    return events


async def tick_between(
    db: Database, start: datetime, until: datetime, dry_run: bool = False, rules: Rules = DEFAULT
) -> list[Event]:
    """Step through every moment at which something falls due, from `start` to `until`."""
    if dry_run:
        async with _rehearsal(db) as uow:
            return await _rehearse(uow, start, until, replace(rules, files=None))
    events: list[Event] = []
    moment: datetime | None = start
    while moment is not None:
        events += await tick(db, moment, rules=rules)
        async with db.read() as uow:
            moment = await _next(uow, moment, until, rules)
    return events


async def _rehearse(uow: UnitOfWork, start: datetime, until: datetime, rules: Rules) -> list[Event]:
    events: list[Event] = []
    moment: datetime | None = start
    while moment is not None:
        events += await _run(uow, moment, rules)
        moment = await _next(uow, moment, until, rules)
    return events


async def _run(uow: UnitOfWork, now: datetime, rules: Rules) -> list[Event]:
    planned = [*await hold_pushes(uow, now, rules), *await plan_windows(uow, now)]
    planned += await release(uow, now)
    fired = [*planned, *await fire(uow, now, rules)]
    called = [*await call_officers(uow, now), *await call_for_visits(uow, now)]
    called += [*await call_back(uow, now), *await go_round(uow, now), *await greet(uow, now)]
    climbed = [
        *await adopt(uow, now),
        *await give_up_waiting(uow, now),
        *await remind_supervised(uow, now),
        *await climb(uow, now),
    ]
    back = await hand_back_silent(uow, now, rules)
    return [*fired, *called, *climbed, *back, *await purge_inside(uow, now, rules)]


async def _next(uow: UnitOfWork, after: datetime, until: datetime, rules: Rules) -> datetime | None:
    """The next moment at which a reminder or a clock falls due; at last `until` itself."""
    if after >= until:
        return None
    found: list[datetime | None] = [
        await uow.reminders.next_due(after),
        await uow.records.next_step(after),
        await uow.inquiries.next_end(after),
        await uow.supervisions.next_end(after),
    ]
    found.append(await next_hand_back(uow, after, rules))
    found.append(await next_call_back(uow, after))
    found.append(await next_round(uow, after))
    found.append(await next_release(uow, after))
    found.append(await next_digest(uow, after))
    found += [next_window(after), next_call(after), await next_visits(uow, after)]
    return min([moment for moment in found if moment is not None and moment < until] + [until])


class _Rolled(Exception):
    """Undo the rehearsal."""


@asynccontextmanager
async def _rehearsal(db: Database) -> AsyncIterator[UnitOfWork]:
    """A transaction in which everything may be done and nothing remains."""
    try:
        async with db.write() as uow:
            yield uow
            raise _Rolled
    except _Rolled:
        pass
