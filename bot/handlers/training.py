"""Places in training sessions: booked, waiting or interest only, decided under a lock."""

from datetime import datetime, time, timedelta

from bot.clock import at_local, day_words, local_day
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.filing import attach, remember
from bot.notices import tell_person
from bot.records import index
from bot.sessions import is_joinable
from bot.words import render
from flows.commands import BookTraining
from storage.kinds import RecordKind, RegistrationStatus, ReminderKind
from storage.models.person import Person
from storage.models.training import Registration, TrainingSession


async def book_training(turn: Acting, command: BookTraining) -> Outcome:
    """Register a person; the same person in the same session twice is one registration."""
    person = await turn.person()
    session = await _joinable(turn, command.session)
    record = Registration(
        reference=command.reference,
        kind=RecordKind.TRAINING_REGISTRATION,
        status=RegistrationStatus.INTERESTED,
        person_id=person.id,
        conversation_id=turn.by.conversation_id,
        slots=dict(command.slots),
        region_code=command.region,
        session_id=session.id if session else None,
        opened_at=turn.now,
        updated_at=turn.now,
    )
    index(record, turn.uow)
    known = await _known(turn, person, record)
    if known is not None:
        return outcome(known, changed=False)
    if session is not None:
        record.status = await _place(turn, session)
    await turn.uow.records.add(record)
    await attach(turn, record, command.documents)
    await remember(turn, person, command.slots)
    person.home_region = person.home_region or command.region
    await turn.audit("book", record, status=str(record.status), session=command.session)
    if session is not None and record.status == RegistrationStatus.BOOKED:
        await remind_of_session(turn, record, session)
    return outcome(record)


async def _joinable(turn: Acting, reference: str | None) -> TrainingSession | None:
    """The session, locked; None when it does not exist any more or no longer takes anybody."""
    session = await turn.uow.trainings.get(reference, lock=True) if reference else None
    if session is None or not is_joinable(session, local_day(turn.now)):
        return None
    return session


async def _known(turn: Acting, person: Person, new: Registration) -> Registration | None:
    kinds = (RecordKind.TRAINING_REGISTRATION,)
    for old in await turn.uow.records.of_person(person.id, kinds=kinds, open_only=True):
        if not isinstance(old, Registration):
            continue
        if (old.session_id, old.name_key) == (new.session_id, new.name_key):
            return old
    return None


async def _place(turn: Acting, session: TrainingSession) -> RegistrationStatus:
    if session.seats is None or await turn.uow.trainings.booked(session.id) < session.seats:
        return RegistrationStatus.BOOKED
    return RegistrationStatus.WAITLISTED


def session_due(session: TrainingSession) -> datetime:
    """10:00 local time on the day before the session starts."""
    return at_local(session.starts_on - timedelta(days=1), time(10))


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


async def remind_of_session(turn: Acting, record: Registration, session: TrainingSession) -> None:
    """Plan the reminder of the day before, unless that is past."""
    due = session_due(session)
    if due <= turn.now or record.person_id is None or record.conversation_id is None:
        return
    await turn.uow.reminders.add(
        ReminderKind.SESSION,
        record.person_id,
        record.conversation_id,
        due,
        session_text(record, session),
        reference=record.reference,
        dedupe_key=f"session:{record.reference}",
    )


async def cancel_registration(turn: Acting, record: Registration) -> None:
    """Give the place back and offer it to the first who waits."""
    held = record.status == RegistrationStatus.BOOKED
    record.status = RegistrationStatus.CANCELLED
    record.closed_at = record.updated_at = turn.now
    await turn.uow.reminders.cancel_for(record.reference)
    await turn.uow.session.flush()
    if held and record.session_id is not None:
        await offer_places(turn, record.session_id)


async def offer_places(turn: Acting, session_id: int) -> None:
    """Give the free places of a session to those who wait, first come first served."""
    session = await turn.uow.trainings.by_id(session_id, lock=True)
    if session is None or session.starts_on < local_day(turn.now):
        return
    while await _place(turn, session) is RegistrationStatus.BOOKED:
        waiting = await turn.uow.trainings.first_waiting(session_id)
        if waiting is None:
            return
        waiting.status = RegistrationStatus.BOOKED
        waiting.updated_at = turn.now
        await turn.uow.session.flush()
        await turn.audit("offer_place", waiting)
        day = day_words(session.starts_on)
        await tell_person(turn, waiting, "training.offered", title=session.title, day=day)
        await remind_of_session(turn, waiting, session)
