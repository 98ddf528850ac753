"""Aid applications: what the school does with them, and what the family is told each time."""

from typing import Any

from bot.cases.notices import tell_assignee, tell_person
from bot.cases.records import Record
from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome, record_of_person
from bot.handlers.moving import move, touch
from bot.handlers.papers import accept_received
from bot.handlers.planning import plan_reminder
from bot.handlers.publishing import require_published
from bot.handlers.training import cancel_registration
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.words import render
from flows import commands as c
from flows.aid.eligibility import Suggestion, suggest_level
from storage.kinds import ReminderKind
from storage.models.application import Application
from storage.models.training import Registration


async def accept_application(turn: Acting, command: c.AcceptApplication) -> Outcome:
    """The papers are complete: the application goes under review."""
    record = await access_for_change(turn, command)
    move(turn, record, c.AcceptApplication)
    await accept_received(turn, record)
    await turn.uow.reminders.cancel_for(record.reference)
    return await _told(turn, record, "accept", "application.accepted")


async def set_level(turn: Acting, command: c.SetLevel) -> Outcome:
    """The hardship level that the school decided (教财〔2018〕16号), beside what the bot suggested.

    The family hears it when it is published, not before.
    """
    record = await access_for_change(turn, command)
    move(turn, record, c.SetLevel)
    suggestion = suggested_level(record)
    if isinstance(record, Application):
        record.level, record.level_reason = command.level, command.reason.strip() or None
        record.level_suggested, record.level_reasons = suggestion.level, suggestion.reasons
    await turn.audit(
        "set_level",
        record,
        level=command.level.value,
        reason=command.reason,
        suggested=suggestion.level.value,
    )
    return outcome(record, level=command.level.value)


def suggested_level(record: Record) -> Suggestion:
    """What the answers suggest, with reasons; the school decides."""
    hardship, slots = record.slots.get("hardship"), record.slots
    size, income = slots.get("household_size"), slots.get("annual_income")
    return suggest_level(
        hardship if isinstance(hardship, list) else [],
        size if isinstance(size, int) else None,
        income if isinstance(income, int) else None,
    )


async def approve_application(turn: Acting, command: c.ApproveApplication) -> Outcome:
    """The recognition is final once its publication is over; no sum is ever told here."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.ApproveApplication)
    published = await require_published(turn, record)
    move(turn, record, c.ApproveApplication)
    await turn.uow.reminders.cancel_for(record.reference)
    await turn.audit("approve", record, note=command.note, published=published)
    level = getattr(record, "level", None)
    key = "application.approved" if level else "application.approved_plain"
    values = {"level": render(f"level.{level}")} if level else {}
    await tell_person(turn, record, key, **values)
    return outcome(record)


async def reject_application(turn: Acting, command: c.RejectApplication) -> Outcome:
    """Not recognised; the family hears the reason and how to object."""
    record = await access_for_change(turn, command)
    reason = _required(command.reason)
    move(turn, record, c.RejectApplication)
    await turn.uow.reminders.cancel_for(record.reference)
    await plan_reminder(turn, record, ReminderKind.DECISION, local_day(turn.now))
    await turn.audit("reject", record, reason=reason)
    await tell_person(turn, record, "application.rejected", reason=reason)
    return outcome(record)


async def withdraw(turn: Acting, command: c.Withdraw) -> Outcome:
    """A person takes back an application or cancels a registration; twice is once."""
    record = await record_of_person(turn, command.reference)
    if not record.is_open and record.status in ("withdrawn", "cancelled"):
        return outcome(record, changed=False)
    target = next_status(record.kind, str(record.status), c.Withdraw)
    if isinstance(record, Registration):
        await cancel_registration(turn, record)
    else:
        touch(turn, record, target)
        await turn.uow.reminders.cancel_for(record.reference)
        await tell_assignee(turn, record, "officer.withdrawn")
    await turn.audit("withdraw", record)
    return outcome(record)


async def _told(turn: Acting, record: Record, action: str, key: str, **detail: Any) -> Outcome:
    await turn.audit(action, record, **detail)
    await tell_person(turn, record, key)
    return outcome(record)


def _required(reason: str) -> str:
    if not reason.strip():
        raise Refused(render("refused.reason_missing"))
    return reason.strip()
