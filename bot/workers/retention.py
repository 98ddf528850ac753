"""Nothing is kept longer than needed (PIPL art. 19): the purge of every night, a bit at a time.

Rows are looked for in a view that holds nobody up and removed in transactions of a moment, each
noted in the ledger with what it did: a purge that is cut off is gone on from there.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Protocol

from bot.clock import local, local_day
from bot.handlers.acting import Acting
from bot.retention.step import Span, Step, day_of
from bot.retention.steps import STEPS
from bot.rights.actor import SYSTEM
from bot.workers.events import DEFAULT, Event, Rules
from storage.db import Database
from storage.uow import UnitOfWork

ACTION = "retention"
NIGHT_UNTIL = clock_time(6)
"""The purge runs between midnight and this local time."""
LONGEST_BREATH = 0.2
"""After each transaction the others have the database for as long, but no longer than this."""


class _Opens(Protocol):
    """Where transactions come from."""

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A consistent view."""

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction."""


@dataclass(frozen=True)
class _Inside:
    """Everything in the caller's transaction: a rehearsal."""

    uow: UnitOfWork

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """The caller's transaction."""
        yield self.uow

    write = read


async def purge_at_night(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """The purge of today when it is night, or when a whole night was missed."""
    return await _purge(db, now, rules) if await _is_time(db, now) else []


async def purge_inside(uow: UnitOfWork, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """The same inside the caller's transaction: a rehearsal."""
    source = _Inside(uow)
    return await _purge(source, now, rules) if await _is_time(source, now) else []


async def purge_old(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """The purge of today at any hour; the second call of a day is idle."""
    return await _purge(db, now, rules)


async def _is_time(source: _Opens, now: datetime) -> bool:
    async with source.read() as uow:
        last = await uow.purges.last_done()
    yesterday = local_day(now) - timedelta(days=1)
    return last is None or last < yesterday or local(now).time() < NIGHT_UNTIL


async def _purge(source: _Opens, now: datetime, rules: Rules) -> list[Event]:
    begun = time.monotonic()
    async with source.read() as uow:
        if await uow.purges.last_done() == local_day(now):
            return []
    tonight = await _begin(source, now, rules)
    for step in STEPS:
        work = tonight[step.name]
        while ids := await _over(source, step, work):
            if not await _some(source, step, work, ids):
                return []  # another process is at it
            if rules.purge_seconds is not None and time.monotonic() - begun > rules.purge_seconds:
                return []
    return await _finish(source, now)


@dataclass
class _Work:
    """One step of tonight, and how far it is."""

    row_id: int
    span: Span
    after: int


async def _begin(source: _Opens, now: datetime, rules: Rules) -> dict[str, _Work]:
    """The steps of tonight, also those that somebody began before."""
    day = local_day(now)
    async with source.write() as uow:
        untils = {step.name: now - step.period(rules) for step in STEPS}
        await uow.purges.begin(day, now, untils)
        done = await uow.purges.finished_until()
        rows = await uow.purges.of_day(day)
        return {
            name: _Work(row.id, Span(row.begun_at, row.until, done.get(name), rules), row.after_id)
            for name, row in rows.items()
        }


async def _over(source: _Opens, step: Step, work: _Work) -> Sequence[int]:
    """The next rows that are over; looking for them locks nothing."""
    query = step.due(work.span).where(step.key > work.after).limit(step.at_once)
    async with source.read() as uow:
        return [id for id, _ in (await uow.session.execute(query)).all()]


async def _some(source: _Opens, step: Step, work: _Work, ids: Sequence[int]) -> bool:
    """Do it to some rows; False when another process is faster."""
    begun = time.monotonic()
    async with source.write() as uow:
        row = await uow.purges.hold(work.row_id)
        if row is None or row.after_id != work.after:
            return False
        before, oldest_before = row.count, row.oldest
        query = step.due(work.span).where(step.key.in_(ids))
        still = (await uow.session.execute(query)).all()
        count = await step.act(uow, [id for id, _ in still], work.span) if still else 0
        days = [day for _, moment in still if (day := day_of(moment)) is not None] if count else []
        oldest = min([*days, *([oldest_before] if oldest_before else [])], default=None)
        await uow.purges.note(work.row_id, ids[-1], before + count, oldest)
    work.after = ids[-1]
    if not isinstance(source, _Inside):
        await asyncio.sleep(min(time.monotonic() - begun, LONGEST_BREATH))
    return True


async def _finish(source: _Opens, now: datetime) -> list[Event]:
    """The night is over: what went is in the audit log, table by table."""
    day = local_day(now)
    async with source.write() as uow:
        if not await uow.purges.finish(day, now):
            return []
        rows = await uow.purges.of_day(day)
        gone = [rows[step.name] for step in STEPS if step.removes]
        counts = {row.step: row.count for row in gone if row.count}
        oldest = {row.step: row.oldest.isoformat() for row in gone if row.oldest}
        turn = Acting(uow, SYSTEM, now)
        await turn.audit(ACTION, None, counts=counts, oldest=oldest)
    return [
        Event(now, ACTION, "", None, f"清理{step.label}{counts[step.name]}份", "超过保存期限")
        for step in STEPS
        if step.name in counts
    ]
