"""The clocks of records: what nobody handled in time goes one level up, to the next officer."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.actor import SYSTEM
from bot.deadlines import deadline
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.handlers.cases import escalate
from bot.notices import about, tell_assignee
from bot.records import Record
from bot.words import render
from bot.workers.events import Event
from flows.commands import Escalate
from storage.db import Database
from storage.models.training import Registration
from storage.uow import UnitOfWork

log = structlog.get_logger()

_BATCH = 500
_AGAIN = timedelta(days=1)


async def climb_due(db: Database, now: datetime) -> list[Event]:
    """Escalate every overdue record, in one transaction."""
    async with db.write() as uow:
        return await climb(uow, now)


async def climb(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Escalate every overdue record one level, inside the caller's transaction."""
    events: list[Event] = []
    references = [row.reference for row in await uow.records.overdue(now, _BATCH)]
    for reference in references:
        try:
            async with uow.session.begin_nested():
                record = await uow.records.get(reference, lock=True)
                if record is not None and record.due_at is not None and record.due_at <= now:
                    events.append(await _climb(uow, record, now))
        except SQLAlchemyError:
            raise
        except Exception as error:  # one that cannot climb must not hold up the others
            log.error("clock.broke", reference=reference, exc_info=error)
    return events


async def _climb(uow: UnitOfWork, record: Record, now: datetime) -> Event:
    turn = Acting(uow, SYSTEM, now)
    why = render("officer.overdue")
    if isinstance(record, Registration):
        record.due_at = None
        return Event(now, "escalation", "", record.reference, "", why)
    try:
        await escalate(turn, Escalate(record.reference, reason=why))
    except Refused as refusal:
        why = f"{why}；{refusal.reason.rstrip('。')}"
        await _insist(turn, record, why)
    else:
        _later(record, now, timedelta(minutes=1))
    text = render("officer.escalated", **about(record), reason=why)
    return Event(now, "escalation", await _name(uow, record), record.reference, text, why)


async def _insist(turn: Acting, record: Record, why: str) -> None:
    """At the top of the ladder: tell the one who answers again, at most once a day."""
    record.due_at = deadline(record, turn.now)
    _later(record, turn.now, _AGAIN)
    await turn.audit("overdue", record, reason=why)
    await tell_assignee(turn, record, "officer.escalated", reason=why)


def _later(record: Record, now: datetime, least: timedelta) -> None:
    """Never leave a record overdue after a step, or the tick would not end."""
    if record.due_at is not None and record.due_at < now + least:
        record.due_at = now + least


async def _name(uow: UnitOfWork, record: Record) -> str:
    if record.assigned_to_id is None:
        return ""
    officer = await uow.officers.get(record.assigned_to_id)
    return officer.name if officer else ""
