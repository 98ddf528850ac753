"""When an office opens its officers hear in their chat, once a working day, what is due.

No child is named: a phone's screen is seen by others. Nothing due, nothing said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bot.clock import at_local, local_day
from bot.handlers.acting import Acting
from bot.officers.buttons import button
from bot.officers.lines import Verb
from bot.officers.views import list_lines
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from flows.workdays import OfficeCalendar, calendar_for
from storage.db import Database
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

_ACTION = "digest"
_NAMED = 3
_COMES_TO = ("assign", "accept_transfer", "route", "escalate")
"""What puts a record into somebody's hands."""


@dataclass(frozen=True)
class Due:
    """How much an officer has to do today, and the most urgent of it in words."""

    late: int
    today: int
    new: int
    lines: tuple[str, ...]
    references: tuple[str, ...]


async def greet_due(db: Database, now: datetime) -> list[Event]:
    """Tell every linked officer once a working day, in one transaction."""
    async with db.write() as uow:
        return await greet(uow, now)


async def greet(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Tell every linked officer once a working day, inside the caller's transaction."""
    open_now = [o for o in await uow.officers.linked() if _has_opened(o, now)]
    told = await _told(uow, local_day(now)) if open_now else set()
    waiting = [officer for officer in open_now if officer.id not in told]
    if not waiting:
        return []
    moved = await _moved(uow, _morning_before(calendar_for(None), local_day(now)))
    events = [await _tell(uow, officer, now, moved) for officer in waiting]
    # Also those to whom nothing was said: what falls due at noon is no news of the morning.
    await Acting(uow, SYSTEM, now).audit(_ACTION, officers=[officer.id for officer in waiting])
    return [event for event in events if event is not None]


def _has_opened(officer: Officer, now: datetime) -> bool:
    """Whether the officer's office has opened today and not closed yet."""
    calendar, today = calendar_for(officer.region_code), local_day(now)
    if not calendar.is_workday(today):
        return False
    opens, closes = calendar.day_from(today)
    return opens <= now < closes


async def _told(uow: UnitOfWork, today: date) -> set[int]:
    """Whose turn it was already today."""
    midnight = at_local(today, time.min)
    query = select(AuditEntry.detail).where(AuditEntry.action == _ACTION, AuditEntry.at >= midnight)
    rows = await uow.session.scalars(query)
    return {int(id) for detail in rows for id in (detail or {}).get("officers", [])}


def _morning_before(calendar: OfficeCalendar, today: date) -> datetime:
    """When offices opened on the working day before this one."""
    day = today - timedelta(days=1)
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return calendar.day_from(day)[0]


async def _moved(uow: UnitOfWork, since: datetime) -> set[str]:
    """Records that came into somebody's hands since then."""
    query = select(AuditEntry.reference).where(
        AuditEntry.at >= since, AuditEntry.action.in_(_COMES_TO)
    )
    return {reference for reference in await uow.session.scalars(query) if reference}


async def _tell(uow: UnitOfWork, officer: Officer, now: datetime, moved: set[str]) -> Event | None:
    assert officer.conversation_id is not None  # noqa: S101 - only linked officers are asked for
    conversation = await uow.conversations.get(officer.conversation_id)
    due = await _due(uow, officer, now, moved)
    if conversation is None or conversation.gone_at is not None or due is None:
        return None
    text = render(
        "digest.text",
        late=due.late,
        today=due.today,
        new=due.new,
        lines="\n".join(due.lines),
    )
    shown = [button(Verb.LOOK, ref, f"看 {ref}") for ref in due.references]
    key = f"digest:{officer.id}:{local_day(now).isoformat()}"
    row = await uow.outbox.add(conversation.id, text, shown, {}, now, dedupe_key=key)
    if row is None:
        return None
    return Event(now, "digest", officer.name, None, text, render("digest.why"))


async def _due(uow: UnitOfWork, officer: Officer, now: datetime, moved: set[str]) -> Due | None:
    """What the officer has to do today; None when nothing is due."""
    own = RecordQuery(open_only=True, assigned_to=officer.id, soonest_first=True, limit=_NAMED)
    tonight = at_local(local_day(now) + timedelta(days=1), time.min)
    late = await uow.records.count(replace(own, overdue=now))
    until_tonight = await uow.records.count(replace(own, overdue=tonight))
    if not until_tonight:
        return None
    rows, _ = await uow.records.page(replace(own, overdue=tonight))
    new = await uow.records.held(officer.id, moved)
    lines = tuple(await list_lines(uow, rows, now))
    references = tuple(row.reference for row in rows)
    return Due(late, until_tonight - late, new, lines, references)


async def next_digest(uow: UnitOfWork, after: datetime) -> datetime | None:
    """When the next office with a linked officer opens; None while no chat is linked."""
    regions = {officer.region_code for officer in await uow.officers.linked()}
    return min(_openings(regions, after), default=None)


def _openings(regions: Iterable[str], after: datetime) -> Iterable[datetime]:
    for region in regions:
        calendar, day = calendar_for(region), local_day(after)
        opens = calendar.day_from(day)[0]
        while opens <= after:
            day += timedelta(days=1)
            opens = calendar.day_from(day)[0]
        yield opens
