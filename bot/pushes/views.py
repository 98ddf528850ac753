"""Reminders as the dialogue may see them: of what, in words, and what became of them."""

from bot.cases.records import subject_name
from bot.cases.titles import title_of
from bot.words import render
from flows.ports import ReminderView
from storage.kinds import ReminderKind
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork


async def view_of_reminder(uow: UnitOfWork, row: Reminder) -> ReminderView:
    """What its person may hear of a reminder."""
    return ReminderView(
        id=row.id,
        kind=ReminderKind(row.kind),
        due_at=row.due_at,
        title=await _title(uow, row),
        reference=row.reference,
        about=row.about,
        status=row.status,
        answer=row.answer,
    )


async def _title(uow: UnitOfWork, row: Reminder) -> str:
    """One's own words, or the class or the child that a push is about."""
    if row.kind == ReminderKind.OWN:
        return row.text.removeprefix(render("reminder.own", text=""))
    record = await uow.records.get(row.reference) if row.reference else None
    if record is None:
        return ""
    name = subject_name(record) if record.kind == "aid_application" else None
    return name or await title_of(uow, record)
