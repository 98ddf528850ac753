"""Closing a record by four eyes, and opening it again."""

from bot.cases.assignments import supervisors
from bot.cases.notices import tell_assignee, tell_officers, tell_person
from bot.cases.records import Record
from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.facts import APPROVAL, has_approval, is_dropout, keep_files, learn, standing_now
from bot.handlers.moving import move, touch
from bot.handlers.officers import end_talk, hold_talk
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.rights.actor import ActorKind
from bot.rights.territory import covers
from bot.words import render, sentences
from flows import commands as c
from flows.dropout.closing import code_of, obstacle
from flows.dropout.standing import OUT_OF_SCHOOL
from storage.kinds import CaseFactKind, DropoutStatus, RecordKind
from storage.models.case import Case

_LONGEST_CODE = 40


async def request_close(turn: Acting, command: c.RequestClose) -> Outcome:
    """Ask a second person to close the record; the supervisors of the place are told."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.RequestClose)
    await keep_files(turn, record, command.files, APPROVAL)
    await ask_to_close(turn, record, command.code, command.note)
    return outcome(record)


async def ask_to_close(turn: Acting, record: Record, code: str, note: str) -> None:
    """Note that a second person is to close the record. Raises Refused with what is missing."""
    target = next_status(record.kind, str(record.status), c.RequestClose)
    if record.close_requested_by_id is not None:
        raise Refused(render("refused.close_requested"))
    code = code.strip()[:_LONGEST_CODE]
    if not code:
        raise Refused(render("refused.code_missing"))
    if isinstance(record, Case) and is_dropout(record):
        code = code_of(code)
        approved = await has_approval(turn.uow, record)
        standing, today = await standing_now(turn.uow, record), local_day(turn.now)
        missing = obstacle(code, standing, approved, note, today)
        if missing is not None:
            raise Refused(render(missing))
    touch(turn, record, target)
    record.closing_code = code
    record.close_requested_by_id = turn.by.id
    await turn.audit("request_close", record, code=code, note=note)
    leading = await supervisors(turn.uow, record.region_code)
    name = sentences().get(f"closing.{code}", code)
    await tell_officers(turn, leading, record, "officer.close_requested", code=name)


async def mark_duplicate(turn: Acting, command: c.MarkDuplicate) -> Outcome:
    """Say which case tells of the same child, and ask a second person to close this one."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.MarkDuplicate)
    other = await turn.uow.records.get(command.of)
    is_in_reach = other is not None and (turn.by.role is None or _reaches(turn, other))
    if other is None or not is_dropout(other) or not is_in_reach:
        raise Refused(render("refused.duplicate_unknown"))
    if other.reference == record.reference or other.linked_to == record.reference:
        raise Refused(render("refused.duplicate_self"))
    record.linked_to = other.reference
    await turn.audit("mark_duplicate", record, of=other.reference, note=command.note)
    await ask_to_close(turn, record, "duplicate", command.note)
    return outcome(record)


def _reaches(turn: Acting, other: Record) -> bool:
    return covers(turn.by.region, other.region_code)


async def approve_close(turn: Acting, command: c.ApproveClose) -> Outcome:
    """The second pair of eyes: never the officer who asked."""
    await hold_talk(turn, command.reference)
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.ApproveClose)
    if record.close_requested_by_id is None:
        raise Refused(render("refused.close_not_requested"))
    if turn.by.kind is ActorKind.OFFICER and record.close_requested_by_id == turn.by.id:
        raise Refused(render("refused.four_eyes"))
    if is_dropout(record):
        await learn(turn, record, CaseFactKind.CLOSE, {"code": record.closing_code})
        await _take_up_again(turn, record)
    else:
        move(turn, record, c.ApproveClose)
    await turn.audit("approve_close", record, code=record.closing_code, note=command.note)
    await tell_assignee(turn, record, "officer.close_approved")
    if not is_dropout(record):
        await tell_person(turn, record, "escalation.closed")
    await end_talk(turn, record)
    return outcome(record)


async def decline_close(turn: Acting, command: c.DeclineClose) -> Outcome:
    """It is not to be closed after all; who asked and who answers for it are told why."""
    record = await access_for_change(turn, command)
    target = next_status(record.kind, str(record.status), c.DeclineClose)
    if record.close_requested_by_id is None:
        raise Refused(render("refused.close_not_requested"))
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    told = {record.close_requested_by_id, record.assigned_to_id} - {None}
    record.close_requested_by_id = record.closing_code = None
    touch(turn, record, target)
    await turn.audit("decline_close", record, reason=reason)
    officers = [await turn.uow.officers.get(id) for id in sorted(filter(None, told))]
    concerned = [officer for officer in officers if officer is not None and officer.active]
    await tell_officers(turn, concerned, record, "officer.close_declined", reason=reason)
    return outcome(record)


async def _take_up_again(turn: Acting, record: Record) -> None:
    """A child told of anew whose older case was at rest: that case goes on, nothing of it lost."""
    if record.closing_code != "duplicate" or record.linked_to is None:
        return
    older = await turn.uow.records.get(record.linked_to, lock=True)
    if older is None or older.status in OUT_OF_SCHOOL or older.opened_at >= record.opened_at:
        return
    if not is_dropout(older) or older.status == DropoutStatus.DUPLICATE:
        return
    reason = render("officer.told_again", other=record.reference)
    await learn(turn, older, CaseFactKind.REOPEN, {"reason": reason})
    older.close_requested_by_id = None
    older.closing_code = None
    await turn.audit("reopen", older, reason=reason)
    await tell_assignee(turn, older, "officer.reopened", reason=reason)


async def reopen(turn: Acting, command: c.Reopen) -> Outcome:
    """Open a settled record again, or decline a request to close it."""
    record = await access_for_change(turn, command)
    pending = record.close_requested_by_id is not None and record.is_open
    if not pending:
        target = next_status(record.kind, str(record.status), c.Reopen)
        if is_dropout(record):
            await learn(turn, record, CaseFactKind.REOPEN, {"reason": command.reason})
        else:
            touch(turn, record, target)
    record.close_requested_by_id = None
    record.closing_code = None
    touch(turn, record)
    await turn.audit("reopen", record, reason=command.reason)
    await tell_assignee(turn, record, "officer.reopened", reason=command.reason or "—")
    if record.kind == RecordKind.AID_APPLICATION:
        await tell_person(turn, record, "application.reopened")
    return outcome(record)
