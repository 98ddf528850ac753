"""A child that is back in school or placed: where, and whether it stays."""

from datetime import time, timedelta

from bot.access import access_for_change
from bot.clock import at_local, local_day
from bot.deadlines import deadline
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.facts import (
    APPROVAL,
    dropout_of,
    has_approval,
    keep_files,
    learn,
    not_future,
    standing_now,
)
from bot.handlers.transitions import next_status
from bot.notices import tell_assignee, tell_officers
from bot.records import Record
from bot.words import render
from flows import commands as c
from flows.dropout.placements import OTHER, Placement, placement_of
from flows.dropout.standing import ABSENT_ALARM, Standing
from storage.kinds import CaseFactKind
from storage.models.case import Case

_EVENING = time(18)
"""Of the last day on which a child is let off school: until then nobody has to act."""

_ALARM = timedelta(hours=24)
"""How soon somebody must have asked why a child stays away again."""


async def record_return(turn: Acting, command: c.RecordReturn) -> Outcome:
    """An officer has verified that the child is back, placed elsewhere, or let off for a time."""
    record = await access_for_change(turn, command)
    not_future(turn, command.on)
    next_status(record.kind, str(record.status), c.RecordReturn)
    placement = placement_of(command.placement)
    await keep_files(turn, record, command.files, APPROVAL)
    await _is_approved(turn, record, placement, command)
    words = command.placement.strip() if placement.code == OTHER else ""
    told = {"placement": placement.code, "words": words, "school": command.school.strip()}
    on = command.on or local_day(turn.now)
    until = command.until if placement.is_deferral else None
    await learn(turn, record, CaseFactKind.RETURN, told, on=on, until=until)
    if until is not None:
        record.due_at = at_local(until, _EVENING)
    await turn.audit(
        "return",
        record,
        placement=words or render(f"placement.{placement.code}"),
        placement_code=placement.code,
        school=told["school"],
        on=on.isoformat(),
        until=until.isoformat() if until else None,
    )
    return outcome(record)


async def _is_approved(
    turn: Acting, record: Record, placement: Placement, command: c.RecordReturn
) -> None:
    """Being let off school needs a last day and the paper of who approved it."""
    if not placement.is_deferral:
        return
    if command.until is None or command.until <= local_day(turn.now):
        raise Refused(render("refused.until_missing"))
    if not await has_approval(turn.uow, record):
        raise Refused(render("refused.approval_missing"))


async def check_attendance(turn: Acting, command: c.CheckAttendance) -> Outcome:
    """Keep whether the child was in school; after some absent days somebody is told at once."""
    record = await access_for_change(turn, command)
    not_future(turn, command.on)
    next_status(record.kind, str(record.status), c.CheckAttendance)
    case = dropout_of(record)
    on = command.on or local_day(turn.now)
    before = await standing_now(turn.uow, case)
    if before.placement is not None and not before.placement.is_watched:
        raise Refused(render("refused.not_watched"))
    if before.back is not None and on < before.back.on:
        raise Refused(render("refused.before_return"))
    told = {"present": command.present, "note": command.note.strip()}
    standing = await learn(turn, record, CaseFactKind.ATTENDANCE, told, on=on)
    case.due_at = deadline(case, turn.now)
    await turn.audit("attendance", record, **told, on=on.isoformat())
    if standing.absent_days >= ABSENT_ALARM:
        await _alarm(turn, case, standing)
    return outcome(record, absent_days=standing.absent_days)


async def _alarm(turn: Acting, case: Case, standing: Standing) -> None:
    """The officer of the case and both who answer for the child hear that it stays away."""
    soon = turn.now + _ALARM
    case.due_at = min(case.due_at or soon, soon)
    days = standing.absent_days
    numbers = {fact.detail.get("officer") for fact in standing.responsible.values()}
    found = [await turn.uow.officers.get(number) for number in numbers if isinstance(number, int)]
    others = [o for o in found if o is not None and o.active and o.id != case.assigned_to_id]
    await tell_officers(turn, others, case, "officer.absent", days=days)
    await tell_assignee(turn, case, "officer.absent", days=days)


async def end_deferral(turn: Acting, case: Case) -> None:
    """The time for which a child was let off school is over: somebody must act again."""
    await learn(turn, case, CaseFactKind.DEFERRAL_OVER, {})
    case.close_requested_by_id = None
    case.closing_code = None
    case.due_at = deadline(case, turn.now)
    await turn.audit("deferral_over", case)
    await tell_assignee(turn, case, "officer.deferral_over")
