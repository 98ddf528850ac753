"""Letting a clock wait until a day: with a reason, not for long, and never when there is danger."""

from datetime import date, timedelta

from bot.cases.deadlines import is_urgent, set_clock, wait_for
from bot.cases.records import Record
from bot.clock import day_words, local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import touch
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.words import render
from flows import commands as c
from flows.policy.loader import load
from flows.workdays import calendar_for


async def snooze(turn: Acting, command: c.Snooze) -> Outcome:
    """The time is up at the end of that day; the owner is reminded in its morning."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.Snooze)
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    until = _day(turn, record, command.until)
    first = record.first_due_at or record.due_at
    opens, closes = calendar_for(record.region_code).day_from(until)
    if record.due_at is not None and closes <= record.due_at:
        raise Refused(render("refused.snooze_early"))
    touch(turn, record)
    set_clock(record, turn.now, closes)
    record.first_due_at = first
    wait_for(record, opens)
    await turn.audit("snooze", record, until=until.isoformat(), reason=reason)
    return outcome(record)


def _day(turn: Acting, record: Record, until: date | None) -> date:
    """The day, when the clock may wait so long. Raises Refused."""
    due = record.first_due_at or record.due_at
    if is_urgent(record):
        raise Refused(render("refused.snooze_urgent"))
    if due is None:
        raise Refused(render("refused.snooze_no_clock"))
    if until is None or until <= local_day(turn.now):
        raise Refused(render("refused.snooze_past"))
    latest = local_day(due) + timedelta(days=load().sla.snooze_days)
    if until > latest:
        raise Refused(render("refused.snooze_far", latest=day_words(latest)))
    return until
