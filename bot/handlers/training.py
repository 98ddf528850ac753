"""Places in training sessions: booked, waiting or interest only, decided under a lock."""

from bot.cases.records import index
from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome, record_of_person
from bot.handlers.filing import attach, remember
from bot.handlers.places import has_place, offer_places, take_place
from bot.handlers.session_reminders import remind_of_session
from bot.training.sessions import is_joinable
from bot.words import render
from flows.commands import BookTraining, MoveRegistration, TakePlace
from storage.kinds import RecordKind, RegistrationStatus
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
        free = await has_place(turn, session)
        record.status = RegistrationStatus.BOOKED if free else RegistrationStatus.WAITLISTED
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


async def cancel_registration(turn: Acting, record: Registration) -> None:
    """Give the place back, booked or kept, and offer it to the next who waits."""
    was_taken = record.status == RegistrationStatus.BOOKED or record.held_until is not None
    record.status, record.held_until = RegistrationStatus.CANCELLED, None
    record.closed_at = record.updated_at = turn.now
    await turn.uow.reminders.cancel_for(record.reference)
    await turn.uow.session.flush()
    if was_taken and record.session_id is not None:
        await offer_places(turn, record.session_id)


async def claim_place(turn: Acting, command: TakePlace) -> Outcome:
    """Whoever waits says yes; Refused when the place has gone to somebody else."""
    record = await record_of_person(turn, command.reference)
    if not isinstance(record, Registration):
        raise Refused(render("refused.no_place"))
    before = record.status
    if not await take_place(turn, record):
        raise Refused(render("refused.no_place"))
    return outcome(record, changed=before != record.status)


async def move_registration(turn: Acting, command: MoveRegistration) -> Outcome:
    """Another session under the same number; the old place is given up only for a sure one."""
    record = await record_of_person(turn, command.reference)
    if not isinstance(record, Registration) or not record.is_open:
        raise Refused(render("refused.registration_over"))
    old, new = record.session_id, await turn.uow.trainings.get(command.session)
    if new is not None and new.id == old:
        return outcome(record, changed=False)
    for id in sorted({id for id in (old, new.id if new else None) if id is not None}):
        await turn.uow.trainings.by_id(id, lock=True)
    if new is None or not is_joinable(new, local_day(turn.now)) or not await has_place(turn, new):
        raise Refused(render("refused.session_full"))
    was_taken = record.status == RegistrationStatus.BOOKED or record.held_until is not None
    await turn.uow.reminders.cancel_for(record.reference)
    record.session_id, record.status = new.id, RegistrationStatus.BOOKED
    record.slots = {**record.slots, "session": new.reference}
    record.held_until, record.updated_at = None, turn.now
    await turn.uow.session.flush()
    await turn.audit("move", record, session=command.session)
    await remind_of_session(turn, record, new)
    if was_taken and old is not None:
        await offer_places(turn, old)
    return outcome(record)
