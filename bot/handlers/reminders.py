"""A person's own reminders, and the switch for pushes."""

import hashlib
from datetime import timedelta

from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome
from bot.words import render
from flows.commands import SetReminder, SwitchReminders

_FARTHEST = timedelta(days=366)


async def set_reminder(turn: Acting, command: SetReminder) -> Outcome:
    """Plan a reminder; the same words for the same moment twice are one."""
    person = await turn.person()
    conversation = await turn.conversation()
    if command.due_at <= turn.now:
        raise Refused(render("refused.past"))
    if command.due_at > turn.now + _FARTHEST:
        raise Refused(render("refused.far"))
    words = hashlib.sha256(command.text.encode()).hexdigest()[:16]
    added = await turn.uow.reminders.add(
        command.kind,
        person.id,
        conversation.id,
        command.due_at,
        render("reminder.own", text=command.text),
        dedupe_key=f"own:{person.id}:{command.due_at.isoformat()}:{words}",
    )
    await turn.audit("set_reminder", due_at=command.due_at.isoformat())
    return Outcome(changed=added is not None)


async def switch_reminders(turn: Acting, command: SwitchReminders) -> Outcome:
    """Stop or start pushes; a person's own reminders are not pushes."""
    person = await turn.person()
    changed = person.reminders_on != command.on
    person.reminders_on = command.on
    await turn.audit("switch_reminders", on="on" if command.on else "off")
    return Outcome(status="on" if command.on else "off", changed=changed)
