"""What somebody with a place in a class is told: the day before, soon before, the day after."""

from datetime import datetime, time, timedelta

from bot.clock import after_quiet_hours, at_local, day_words, local
from bot.handlers.acting import Acting
from bot.training.session_times import begins_at, start_clock
from bot.words import render
from storage.kinds import ReminderKind
from storage.models.training import Registration, TrainingSession

_SOON = timedelta(hours=2)
_TOO_SOON = timedelta(minutes=30)


def session_due(session: TrainingSession) -> datetime:
    """10:00 local time on the day before the session starts."""
    return at_local(session.starts_on - timedelta(days=1), time(10))


def soon_due(session: TrainingSession) -> datetime | None:
    """Two hours before the class, not in the night; None when its time of day is not known."""
    if start_clock(session.schedule) is None:
        return None
    due = after_quiet_hours(begins_at(session) - _SOON)
    return due if begins_at(session) - due >= _TOO_SOON else None


def attendance_due(session: TrainingSession) -> datetime:
    """10:00 local time on the day after the last one."""
    last = session.ends_on or session.starts_on
    return at_local(last + timedelta(days=1), time(10))


def session_text(record: Registration, session: TrainingSession) -> str:
    """What the reminder of a session says."""
    return render(
        "reminder.session",
        day=day_words(session.starts_on),
        title=session.title,
        schedule=session.schedule or render("reminder.unknown_schedule"),
        venue=session.venue or render("reminder.unknown_venue"),
        reference=record.reference,
    )


def soon_text(session: TrainingSession) -> str:
    """What is said two hours before."""
    return render(
        "reminder.session_soon",
        clock=f"{local(begins_at(session)):%H:%M}",
        title=session.title,
        venue=session.venue or render("reminder.unknown_venue"),
    )


def attendance_text(session: TrainingSession) -> str:
    """The question of the day after."""
    is_long = session.ends_on is not None and session.ends_on > session.starts_on
    key = "reminder.attendance_long" if is_long else "reminder.attendance"
    return render(key, title=session.title, day=day_words(session.ends_on or session.starts_on))


async def remind_of_session(turn: Acting, record: Registration, session: TrainingSession) -> None:
    """Plan all that is still to come; the same registration in the same class once."""
    plan: list[tuple[ReminderKind, datetime | None, str]] = [
        (ReminderKind.SESSION, session_due(session), session_text(record, session)),
        (ReminderKind.SESSION_SOON, soon_due(session), soon_text(session)),
        (ReminderKind.ATTENDANCE, attendance_due(session), attendance_text(session)),
    ]
    for kind, due, text in plan:
        if due is not None and due > turn.now:
            key = f"{kind.value}:{record.reference}:{session.id}"
            await _plan(turn, record, kind, due, text, key)


async def _plan(
    turn: Acting, record: Registration, kind: ReminderKind, due: datetime, text: str, key: str
) -> None:
    if record.person_id is None or record.conversation_id is None:
        return
    whose = record.person_id, record.conversation_id
    about = record.reference
    reminders = turn.uow.reminders
    added = await reminders.add(kind, *whose, due, text, reference=about, dedupe_key=key)
    if added is None:
        await reminders.revive(key, due, text)
