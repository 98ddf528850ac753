"""The clocks of records: a reminder to the owner, then one level up, to the next officer."""

from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.cases.deadlines import is_up, set_clock, start_ladder_clock, wait_for
from bot.cases.notices import about, tell_assignee
from bot.cases.records import Record
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.handlers.cases import escalate
from bot.handlers.returning import rests_until
from bot.handlers.transfers import lapse_offer
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from flows.commands import Escalate
from storage.db import Database
from storage.models.training import Registration
from storage.uow import UnitOfWork

log = structlog.get_logger()

_BATCH = 500


async def climb_due(db: Database, now: datetime) -> list[Event]:
    """Take every step that is due, in one transaction."""
    async with db.write() as uow:
        return await climb(uow, now)


async def climb(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Remind of every record that is due soon, escalate every overdue one by one level."""
    events: list[Event] = []
    for reference in await uow.records.steps_due(now, _BATCH):
        try:
            async with uow.session.begin_nested():
                record = await uow.records.get(reference, lock=True)
                if record is not None and record.step_at is not None and record.step_at <= now:
                    events += await _step(uow, record, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # one that cannot climb must not hold up the others
            log.error("clock.broke", reference=reference, exc_info=error)
    return events


async def _step(uow: UnitOfWork, record: Record, now: datetime) -> list[Event]:
    if isinstance(record, Registration):
        return _let_go(record, now)
    rest = await rests_until(uow, record)
    if rest is not None and rest > now and record.due_at != rest:
        set_clock(record, now, rest)
        return []
    if is_up(record, now):
        return [await _climb(uow, record, now)]
    is_early = record.due_at is not None and now < record.due_at
    wait_for(record)
    return [await _remind(uow, record, now)] if is_early else []


def _let_go(record: Record, now: datetime) -> list[Event]:
    """Nobody answers for an interest in a course: its clock is only shown."""
    if record.due_at is not None and now < record.due_at:
        wait_for(record)
        return []
    record.due_at = None
    return [Event(now, "escalation", "", record.reference, "", render("officer.overdue"))]


async def _remind(uow: UnitOfWork, record: Record, now: datetime) -> Event:
    """The time is nearly up and the owner still has it in hand."""
    turn = Acting(uow, SYSTEM, now)
    await turn.audit("remind", record, to=record.assigned_to_id)
    await tell_assignee(turn, record, "officer.due_soon")
    text = render("officer.due_soon", **about(record))
    why = render("officer.due_soon_why")
    return Event(now, "clock_reminder", await _name(uow, record), record.reference, text, why)


async def _climb(uow: UnitOfWork, record: Record, now: datetime) -> Event:
    turn, why = Acting(uow, SYSTEM, now), _why(record, now)
    try:
        await escalate(turn, Escalate(record.reference, reason=why))
    except Refused as refusal:
        why = f"{why}；{refusal.reason.rstrip('。')}"
        await _insist(turn, record, why)
    text = render("officer.escalated", **about(record), reason=why)
    return Event(now, "escalation", await _name(uow, record), record.reference, text, why)


def _why(record: Record, now: datetime) -> str:
    is_late = record.due_at is not None and record.due_at <= now
    return render("officer.overdue" if is_late else "transfer.unanswered")


async def _insist(turn: Acting, record: Record, why: str) -> None:
    """At the top of the ladder: tell the one who answers again, once in the ladder's time."""
    await lapse_offer(turn, record)
    start_ladder_clock(record, turn.now)
    await turn.audit("overdue", record, reason=why)
    await tell_assignee(turn, record, "officer.escalated", reason=why)


async def _name(uow: UnitOfWork, record: Record) -> str:
    if record.assigned_to_id is None:
        return ""
    officer = await uow.officers.get(record.assigned_to_id)
    return officer.name if officer else ""
