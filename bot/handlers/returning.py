"""A child that is back in school or placed: where, and whether it stays."""

from dataclasses import replace
from datetime import date, datetime, time

from bot.cases.deadlines import set_clock, start_clock
from bot.cases.notices import tell_assignee
from bot.cases.records import Record
from bot.clock import at_local, local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.facts import (
    APPROVAL,
    dropout_of,
    has_approval,
    is_dropout,
    keep_files,
    learn,
    not_future,
    standing_now,
)
from bot.handlers.gone_again import absent_again
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.words import render
from flows import commands as c
from flows.dropout.next_step import next_check
from flows.dropout.placements import OTHER, Placement, placement_of
from flows.dropout.standing import ABSENT_ALARM, Fact, Standing
from flows.workdays import calendar_for
from storage.kinds import CaseFactKind
from storage.models.case import Case
from storage.uow import UnitOfWork

_EVENING = time(18)
"""Of the last day on which a child is let off school: until then nobody has to act."""


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
        set_clock(record, turn.now, at_local(until, _EVENING))
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
    following = _next_check(turn, case, before, Fact(CaseFactKind.ATTENDANCE, on, told))
    standing = await learn(turn, record, CaseFactKind.ATTENDANCE, told, on=on, until=following)
    start_clock(case, turn.now)
    await turn.audit("attendance", record, **told, on=on.isoformat())
    if standing.absent_days >= ABSENT_ALARM:
        await absent_again(turn, case, standing)
    return outcome(record, absent_days=standing.absent_days)


def _next_check(turn: Acting, case: Case, before: Standing, check: Fact) -> date:
    """The day to look again, once this check is known."""
    after = replace(before, checks={**before.checks, check.on: check})
    is_workday = calendar_for(case.region_code).is_workday
    return next_check(after, is_workday, local_day(turn.now))


async def rests_until(uow: UnitOfWork, record: Record) -> datetime | None:
    """The end of the last day on which a child is let off school: nobody has to act before."""
    if not isinstance(record, Case) or not is_dropout(record) or not record.is_open:
        return None
    standing = await standing_now(uow, record)
    is_deferral = standing.placement is not None and standing.placement.is_deferral
    until = standing.back.until if is_deferral and standing.back is not None else None
    return at_local(until, _EVENING) if until is not None else None


async def end_deferral(turn: Acting, case: Case) -> None:
    """The time for which a child was let off school is over: somebody must act again."""
    await learn(turn, case, CaseFactKind.DEFERRAL_OVER, {})
    case.close_requested_by_id = None
    case.closing_code = None
    start_clock(case, turn.now)
    await turn.audit("deferral_over", case)
    await tell_assignee(turn, case, "officer.deferral_over")
