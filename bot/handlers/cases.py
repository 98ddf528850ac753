"""Dropout cases and escalations: notes, visits, returns, the ladder, and closing by four eyes."""

from datetime import date

from bot.access import access_for_change
from bot.actor import ActorKind
from bot.assignments import route, supervisors
from bot.clock import local_day
from bot.deadlines import deadline
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import move, touch
from bot.handlers.officers import end_talk, hold_talk
from bot.handlers.transitions import next_status
from bot.notices import tell_assignee, tell_officers, tell_person
from bot.words import render, sentences
from flows import commands as c
from storage.kinds import DropoutStatus, RecordKind

_CLOSED_AS = {"duplicate": DropoutStatus.DUPLICATE, "excluded": DropoutStatus.EXCLUDED}
_LONGEST_CODE = 40
_SAME_SCHOOL = frozenset({"", "return", "returned", "复学", "回校", "原校复学", "插班复学"})


async def add_note(turn: Acting, command: c.AddNote) -> Outcome:
    """Keep an internal note; the family never sees it."""
    record = await access_for_change(turn, command)
    move(turn, record, c.AddNote)
    await turn.audit("note", record, text=_text(command.text))
    return outcome(record)


async def log_visit(turn: Acting, command: c.LogVisit) -> Outcome:
    """Add one attempt to bring the child back (劝返记录); nothing is ever changed or removed."""
    record = await access_for_change(turn, command)
    _not_future(turn, command.on)
    move(turn, record, c.LogVisit)
    await turn.audit(
        "visit",
        record,
        method=command.method,
        met=command.met,
        result=command.result,
        on=(command.on or local_day(turn.now)).isoformat(),
        next_on=command.next_on.isoformat() if command.next_on else None,
    )
    return outcome(record)


async def escalate(turn: Acting, command: c.Escalate) -> Outcome:
    """One step up the ladder to the next level that has officers."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.Escalate)
    above = await route(turn.uow, record.region_code, at_least=record.ladder_level + 1)
    if above is None or above.answerable is None:
        raise Refused(render("refused.top"))
    record.ladder_level = above.level
    record.assigned_to_id = above.answerable.id
    touch(turn, record)
    record.due_at = deadline(record, turn.now)
    await turn.audit(
        "escalate",
        record,
        reason=command.reason,
        level=above.level,
        to=above.answerable.id,
    )
    reason = command.reason or "—"
    await tell_officers(turn, above.officers, record, "officer.escalated", reason=reason)
    return outcome(record, level=above.level, assigned_to=above.answerable.id)


async def record_return(turn: Acting, command: c.RecordReturn) -> Outcome:
    """An officer has verified that the child is back or placed elsewhere."""
    record = await access_for_change(turn, command)
    _not_future(turn, command.on)
    same = command.placement.strip() in _SAME_SCHOOL
    move(turn, record, c.RecordReturn, None if same else DropoutStatus.PLACED)
    await turn.audit(
        "return",
        record,
        placement=command.placement,
        school=command.school,
        on=(command.on or local_day(turn.now)).isoformat(),
    )
    return outcome(record)


async def request_close(turn: Acting, command: c.RequestClose) -> Outcome:
    """Ask a second person to close the record; the supervisors of the place are told."""
    record = await access_for_change(turn, command)
    target = next_status(record.kind, str(record.status), c.RequestClose)
    if record.close_requested_by_id is not None:
        raise Refused(render("refused.close_requested"))
    code = command.code.strip()[:_LONGEST_CODE]
    if not code:
        raise Refused(render("refused.code_missing"))
    if code == "excluded" and not command.note.strip():
        raise Refused(render("refused.reason_missing"))
    touch(turn, record, target)
    record.closing_code = code
    record.close_requested_by_id = turn.by.id
    await turn.audit("request_close", record, code=code, note=command.note)
    leading = await supervisors(turn.uow, record.region_code)
    name = sentences().get(f"closing.{code}", code)
    await tell_officers(turn, leading, record, "officer.close_requested", code=name)
    return outcome(record)


async def approve_close(turn: Acting, command: c.ApproveClose) -> Outcome:
    """The second pair of eyes: never the officer who asked."""
    await hold_talk(turn, command.reference)
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.ApproveClose)
    if record.close_requested_by_id is None:
        raise Refused(render("refused.close_not_requested"))
    if turn.by.kind is ActorKind.OFFICER and record.close_requested_by_id == turn.by.id:
        raise Refused(render("refused.four_eyes"))
    is_dropout = record.kind == RecordKind.DROPOUT_CASE
    other = _CLOSED_AS.get(record.closing_code or "") if is_dropout else None
    move(turn, record, c.ApproveClose, other)
    await turn.audit("approve_close", record, code=record.closing_code, note=command.note)
    await tell_assignee(turn, record, "officer.close_approved")
    if not is_dropout:
        await tell_person(turn, record, "escalation.closed")
    await end_talk(turn, record)
    return outcome(record)


async def reopen(turn: Acting, command: c.Reopen) -> Outcome:
    """Open a settled record again, or decline a request to close it."""
    record = await access_for_change(turn, command)
    pending = record.close_requested_by_id is not None and record.is_open
    target = None if pending else next_status(record.kind, str(record.status), c.Reopen)
    record.close_requested_by_id = None
    record.closing_code = None
    touch(turn, record, target)
    await turn.audit("reopen", record, reason=command.reason)
    await tell_assignee(turn, record, "officer.reopened", reason=command.reason or "—")
    if record.kind == RecordKind.AID_APPLICATION:
        await tell_person(turn, record, "application.reopened")
    return outcome(record)


def _text(text: str) -> str:
    if not text.strip():
        raise Refused(render("refused.text_missing"))
    return text.strip()


def _not_future(turn: Acting, on: date | None) -> None:
    if on is not None and on > local_day(turn.now):
        raise Refused(render("refused.day_future"))
