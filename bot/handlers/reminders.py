"""A person's own reminders, and what they want to be told without asking, when and how."""

import hashlib
from datetime import timedelta

from bot.errors import NotFound, Refused
from bot.handlers.acting import Acting, Outcome
from bot.words import render
from flows.commands import (
    CancelReminder,
    MuteReminders,
    PauseReminders,
    SetPushHour,
    SetReminder,
    SharePhone,
    SwitchReminders,
)
from flows.reminders.hours import is_waking_hour
from storage.kinds import ReminderKind

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
    """Stop or start all pushes; a person's own reminders are not pushes."""
    person = await turn.person()
    changed = person.reminders_on != command.on or bool(person.muted or person.paused_until)
    person.paused_until = None
    person.muted = None if command.on else person.muted
    person.reminders_on = command.on
    await turn.audit("switch_reminders", on="on" if command.on else "off")
    return Outcome(status="on" if command.on else "off", changed=changed)


async def cancel_reminder(turn: Acting, command: CancelReminder) -> Outcome:
    """Drop a reminder that the acting person set; one that was sent stays sent."""
    person = await turn.person()
    row = await turn.uow.reminders.get(command.reminder, lock=True)
    if row is None or row.person_id != person.id or row.kind != ReminderKind.OWN:
        raise NotFound
    changed = row.status == "waiting"
    if changed:
        row.status, row.leased_until, row.done_at = "cancelled", None, turn.now
    await turn.audit("cancel_reminder", due_at=row.due_at.isoformat())
    return Outcome(status=row.status, changed=changed)


async def mute_reminders(turn: Acting, command: MuteReminders) -> Outcome:
    """Keep which kinds of pushes are not wanted; wanting one again also ends a full stop."""
    person = await turn.person()
    before, kinds = set(person.muted or ()), {kind.value for kind in command.kinds}
    after = before | kinds if command.muted else before - kinds
    if not command.muted and not person.reminders_on:
        pushes = {kind.value for kind in ReminderKind} - {ReminderKind.OWN.value}
        after, person.reminders_on = pushes - kinds, True
    person.muted = sorted(after) or None
    await turn.audit("mute_reminders", muted=person.muted or ["none"])
    return Outcome(status="muted" if command.muted else "on", changed=after != before)


async def pause_reminders(turn: Acting, command: PauseReminders) -> Outcome:
    """No pushes for a while."""
    person = await turn.person()
    if not turn.now < command.until <= turn.now + _FARTHEST:
        raise Refused(render("refused.pause"))
    person.paused_until = command.until
    await turn.audit("pause_reminders", until=command.until.isoformat())
    return Outcome(status="paused")


async def set_push_hour(turn: Acting, command: SetPushHour) -> Outcome:
    """The hour at which pushes come, never one of the night."""
    person = await turn.person()
    if not is_waking_hour(command.hour):
        raise Refused(render("refused.push_hour"))
    changed, person.push_hour = person.push_hour != command.hour, command.hour
    await turn.audit("set_push_hour", hour=command.hour)
    return Outcome(changed=changed)


async def share_phone(turn: Acting, command: SharePhone) -> Outcome:
    """Others read along: pushes name nobody from now on."""
    person = await turn.person()
    changed = person.is_phone_shared != command.shared
    person.is_phone_shared = command.shared
    await turn.audit("share_phone", shared="yes" if command.shared else "no")
    return Outcome(changed=changed)
