"""Free places of a full class: kept a day for the first who waits, then for the next.

Nobody is booked without a word of theirs. The row of the class is locked for every change, so
that a place is never given twice; a registration is locked before its class.
"""

from collections.abc import Collection

from bot.cases.assignments import catch_all, route
from bot.cases.notices import tell_officers
from bot.clock import after_quiet_hours, day_words, local_day, spoken
from bot.handlers.acting import Acting
from bot.handlers.session_reminders import remind_of_session
from bot.training.session_times import begins_at, hold_from
from bot.turns.topics import topic_of_record
from bot.words import render
from storage.kinds import RegistrationStatus, ReminderKind
from storage.models.reminder import Reminder
from storage.models.training import Registration, TrainingSession
from storage.uow import UnitOfWork

SILENT = "silent"
"""The answer of somebody who let a hold pass."""
MOST_OFFERS = 2
"""So often is a place kept for somebody who says nothing; after that they ask for one."""


async def has_free_seat(uow: UnitOfWork, session: TrainingSession) -> bool:
    """Whether a place is neither taken nor kept for anybody."""
    return session.seats is None or await uow.trainings.taken(session.id) < session.seats


async def has_place(turn: Acting, session: TrainingSession) -> bool:
    """Whether there is one in the class of this change."""
    return await has_free_seat(turn.uow, session)


async def offer_places(turn: Acting, session_id: int, but: Collection[int] = ()) -> None:
    """Keep each free place for the next who waits; those who let one pass come after the others."""
    session = await turn.uow.trainings.by_id(session_id, lock=True)
    if session is None or session.starts_on < local_day(turn.now):
        return
    while await has_place(turn, session):
        hold = hold_from(turn.now, session)
        waiting = await turn.uow.trainings.next_waiting(session_id, MOST_OFFERS, but)
        if waiting is None or hold is None:
            return
        told, until = hold
        waiting.held_until, waiting.updated_at = until, turn.now
        await turn.uow.session.flush()
        await turn.audit("hold_place", waiting, until=until.isoformat())
        row = await turn.uow.reminders.add(
            ReminderKind.PLACE,
            _required(waiting.person_id),
            _required(waiting.conversation_id),
            told,
            place_text(waiting, session),
            reference=waiting.reference,
            dedupe_key=f"place:{waiting.reference}:{until.isoformat()}",
        )
        if row is not None and not await _hears_of_it(turn, waiting):
            turn.uow.reminders.drop(row, render("reminder.place_by_phone"), turn.now)
            await ask_by_phone(turn, waiting, session)


def place_text(record: Registration, session: TrainingSession) -> str:
    """The offer, with the last moment to take it."""
    return render(
        "reminder.place",
        title=session.title,
        day=day_words(session.starts_on),
        schedule=session.schedule or render("reminder.unknown_schedule"),
        until=spoken(record.held_until or begins_at(session)),
        reference=record.reference,
    )


async def _hears_of_it(turn: Acting, record: Registration) -> bool:
    """Whether a message reaches the person and is welcome."""
    person = await turn.uow.people.get(_required(record.person_id))
    talk = await turn.uow.conversations.get(_required(record.conversation_id))
    if person is None or talk is None or talk.gone_at is not None:
        return False
    is_paused = person.paused_until is not None and person.paused_until > turn.now
    return person.reminders_on and not is_paused and ReminderKind.PLACE not in (person.muted or ())


async def ask_by_phone(turn: Acting, record: Registration, session: TrainingSession) -> None:
    """The office of the place asks somebody whom no message reaches."""
    chosen = await route(turn.uow, record.region_code)
    chosen = chosen or await catch_all(turn.uow, record.region_code)
    until = spoken(record.held_until or begins_at(session))
    values = {"title": session.title, "until": until}
    await tell_officers(turn, chosen.officers, record, "officer.place_by_phone", **values)


async def take_place(turn: Acting, record: Registration) -> bool:
    """Book the place that is kept, or any that is free; False when there is none any more."""
    if record.status == RegistrationStatus.BOOKED:
        return True
    session = await turn.uow.trainings.by_id(record.session_id or 0, lock=True)
    if record.status != RegistrationStatus.WAITLISTED or session is None:
        return False
    is_over = session.starts_on < local_day(turn.now)
    if is_over or not (record.held_until is not None or await has_place(turn, session)):
        return False
    record.status, record.held_until = RegistrationStatus.BOOKED, None
    record.updated_at = turn.now
    await turn.uow.session.flush()
    await turn.audit("take_place", record)
    await remind_of_session(turn, record, session)
    return True


async def let_pass(turn: Acting, record: Registration) -> bool:
    """The hold is over without an answer: the next is asked; whether it was given up.

    An offer that has not even been sent is kept longer, as long as there is time.
    """
    session = await turn.uow.trainings.by_id(record.session_id or 0, lock=True)
    if session is None or record.held_until is None:
        return False
    row = await turn.uow.reminders.latest_of(record.reference, ReminderKind.PLACE)
    hold = hold_from(turn.now, session)
    if row is not None and row.status == "waiting" and hold is not None:
        record.held_until, row.text = hold[1], place_text(record, session)
        return False
    record.held_until = None
    await _was_silent(turn, row)
    await turn.uow.session.flush()
    await turn.audit("hold_over", record)
    if hold is not None:
        if row is not None and row.status == "fired":
            await _tell_hold_is_over(turn, record, session)
        await offer_places(turn, session.id, but=(record.id,))
    return True


async def _was_silent(turn: Acting, row: Reminder | None) -> None:
    if row is None:
        return
    if row.status == "waiting":
        turn.uow.reminders.drop(row, render("reminder.too_late"), turn.now)
    row.answer, row.answered_at = SILENT, turn.now


async def _tell_hold_is_over(turn: Acting, record: Registration, session: TrainingSession) -> None:
    talk_id = record.conversation_id
    talk = await turn.uow.conversations.get(talk_id) if talk_id is not None else None
    if talk is None or talk.gone_at is not None:
        return
    text = render("training.hold_over", title=session.title, reference=record.reference)
    due, topic = after_quiet_hours(turn.now), topic_of_record(record.reference)
    await turn.uow.outbox.add(talk.id, text, [], {}, turn.now, due_at=due, topic=topic)


def _required(id: int | None) -> int:
    assert id is not None  # noqa: S101 - only registrations with a person and a chat are offered
    return id
