"""Reminders that follow from what an office did to an application."""

from datetime import date

from bot.cases.records import Record
from bot.handlers.acting import Acting
from flows.policy.reminders import reminder_rules
from flows.reminders.plan import day_moment
from storage.kinds import ReminderKind


async def plan_reminder(turn: Acting, record: Record, kind: ReminderKind, day: date) -> None:
    """Plan what the rules say of a day, once; nothing when that is past or nobody can be told."""
    due = day_moment(reminder_rules().of(kind), day)
    if due <= turn.now or record.person_id is None or record.conversation_id is None:
        return
    await turn.uow.reminders.add(
        kind,
        record.person_id,
        record.conversation_id,
        due,
        "",
        reference=record.reference,
        dedupe_key=f"{kind}:{record.reference}:{day.isoformat()}",
    )
