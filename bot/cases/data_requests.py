"""What families ask about their own data and an officer still has to answer (PIPL art. 50).

The bot erases at once what may go; what the law makes us keep is for a person to explain. The
audit log is the store: a deletion that kept something is open until an answer names it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.cases.records import Record
from bot.errors import NotFound, Refused
from bot.handlers.acting import Acting
from bot.rights.access import Right, check, may_see
from bot.rights.actor import Actor
from bot.words import render
from flows.escalation.sla import due_at
from flows.policy.loader import load
from flows.workdays import calendar_for
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.uow import UnitOfWork

ASKED, ANSWERED = "delete_my_data", "answer_data_request"


@dataclass(frozen=True)
class DataRequest:
    """One deletion that kept something: whose, since when, by when, and what is kept."""

    id: int
    person_id: int | None
    at: datetime
    due_at: datetime
    kept: tuple[Record, ...]


async def open_requests(uow: UnitOfWork, officer: Officer) -> list[DataRequest]:
    """Those of the officer's region, the longest waiting first."""
    check(officer, Right.DATA_REQUESTS)
    query = select(AuditEntry).where(AuditEntry.action.in_((ASKED, ANSWERED)))
    entries = list(await uow.session.scalars(query.order_by(AuditEntry.id)))
    answered = {(e.detail or {}).get("request") for e in entries if e.action == ANSWERED}
    waiting = [e for e in entries if e.action == ASKED and e.id not in answered]
    found = [await _request(uow, entry) for entry in waiting]
    return [each for each in found if each.kept and all(may_see(officer, row) for row in each.kept)]


async def answer(
    uow: UnitOfWork, officer: Officer, request_id: int, reason: str, now: datetime
) -> None:
    """Tell the family: done, or what cannot be deleted and why. Raises NotFound, Refused."""
    request = next((r for r in await open_requests(uow, officer) if r.id == request_id), None)
    if request is None:
        raise NotFound(render("refused.request_answered"))
    if len(reason) > 1000:
        raise Refused("写得太长了，最多 1000 个字。")
    key = "data_request.partly" if reason else "data_request.done"
    for talk in await uow.conversations.of_person(request.person_id or 0):
        if talk.gone_at is None:
            await uow.outbox.add(talk.id, render(key, reason=reason), [], {}, now)
    turn = Acting(uow, Actor.officer(officer), now)
    for row in request.kept:
        await turn.audit(ANSWERED, row, request=request.id, reason=reason)


async def _request(uow: UnitOfWork, entry: AuditEntry) -> DataRequest:
    rows = [await uow.records.get(reference) for reference in (entry.detail or {}).get("kept", ())]
    kept = tuple(row for row in rows if row is not None)
    place = kept[0].region_code if kept else None
    due = due_at(load().sla.data_request, entry.at, calendar_for(place))
    return DataRequest(entry.id, entry.actor_id, entry.at, due, kept)
