"""What was told last in a conversation without being asked for, while it can still be answered."""

from datetime import datetime, timedelta

from bot.cases.titles import title_of
from bot.clock import local_day
from bot.handlers.asking import ASKED
from bot.handlers.places import has_free_seat
from bot.pushes.views import view_of_reminder
from bot.training.session_times import begins_at
from flows.ports import PushView, RegistrationView
from storage.models.message import OutboxMessage
from storage.models.training import Registration
from storage.uow import UnitOfWork

ANSWERABLE = timedelta(days=3)
_LOOKS_BACK = 8  # messages
_ABOUT_PUSHES = ("!reply", "!remind")


async def last_push(uow: UnitOfWork, conversation_id: int, now: datetime) -> PushView | None:
    """The latest push, if it is not too old and nothing else has been asked since."""
    messages = await uow.outbox.latest(conversation_id, now, _LOOKS_BACK)
    told = await uow.reminders.told_in([message.id for message in messages])
    is_alone = True
    for number, message in enumerate(messages):
        rows = told.get(message.id)
        if rows:
            if now - message.created_at > ANSWERABLE:
                return None
            items = tuple([await view_of_reminder(uow, row) for row in rows])
            return PushView(items, _offers(message), number == 0, is_alone)
        if "asks" in message.custom or ASKED in message.custom:
            return None
        is_alone = is_alone and not _offers_else(message)
    return None


def _offers_else(message: OutboxMessage) -> bool:
    """Whether buttons stand under it that have nothing to do with pushes."""
    return any(not str(b["payload"]).startswith(_ABOUT_PUSHES) for b in message.buttons)


def _offers(message: OutboxMessage) -> tuple[tuple[str, str], ...]:
    return tuple((str(b["payload"]), str(b["title"])) for b in message.buttons)


async def registration_of(
    uow: UnitOfWork, person_id: int, reference: str, now: datetime
) -> RegistrationView | None:
    """A registration of the person, it and its class locked until the turn is done."""
    record = await uow.records.get(reference, lock=True)
    if not isinstance(record, Registration) or record.person_id != person_id:
        return None
    session = await uow.trainings.by_id(record.session_id or 0, lock=True)
    if session is None:
        return None
    slots = record.slots
    purpose, level = slots.get("purpose"), slots.get("current_level")
    return RegistrationView(
        reference=record.reference,
        status=str(record.status),
        session=session.reference,
        title=await title_of(uow, record),
        starts_on=session.starts_on,
        region=record.region_code,
        purpose=purpose if isinstance(purpose, str) else None,
        level=level if isinstance(level, str) else None,
        is_kept=record.held_until is not None,
        has_free_seat=await has_free_seat(uow, session),
        has_begun=begins_at(session) <= now and session.starts_on <= local_day(now),
    )
