"""Places given and attendance marked by an officer, by telephone or by the organiser's list."""

from bot.cases.notices import tell_person
from bot.clock import day_words, local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import touch
from bot.handlers.places import take_place
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.words import render
from flows.commands import GivePlace, MarkAttendance
from storage.kinds import RegistrationStatus
from storage.models.training import Registration


async def give_place(turn: Acting, command: GivePlace) -> Outcome:
    """Book for somebody who was asked by telephone; Refused when there is no place any more."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), GivePlace)
    if not isinstance(record, Registration) or not await take_place(turn, record):
        raise Refused(render("refused.no_place"))
    touch(turn, record)
    session = await turn.uow.trainings.by_id(record.session_id or 0)
    if session is not None:
        values = {"title": session.title, "day": day_words(session.starts_on)}
        await tell_person(turn, record, "training.given", **values)
    return outcome(record)


async def mark_attendance(turn: Acting, command: MarkAttendance) -> Outcome:
    """There or not, once the class has begun; a mistake is put right by marking again."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), MarkAttendance)
    id = getattr(record, "session_id", None)
    session = await turn.uow.trainings.by_id(id) if id is not None else None
    if session is None or session.starts_on > local_day(turn.now):
        raise Refused(render("refused.not_begun"))
    present = command.present
    touch(turn, record, RegistrationStatus.ATTENDED if present else RegistrationStatus.ABSENT)
    await turn.audit("mark_attendance", record, present=present)
    return outcome(record)
