"""A forgotten take-over: after a time without an officer's word the bot answers again."""

from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.cases.notices import about, tell_officers
from bot.clock import after_quiet_hours
from bot.handlers.acting import Acting
from bot.handlers.officers import give_back
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import DEFAULT, Event, Rules
from storage.db import Database
from storage.models.conversation import Conversation
from storage.uow import UnitOfWork

log = structlog.get_logger()

_BATCH = 200
_SPOKE = func.coalesce(Conversation.officer_at, Conversation.updated_at)


async def hand_back_due(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Let the bot answer where officers fell silent, in one transaction."""
    async with db.write() as uow:
        return await hand_back_silent(uow, now, rules)


async def hand_back_silent(uow: UnitOfWork, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Let the bot answer where officers fell silent; at night it waits for the morning."""
    if after_quiet_hours(now, rules.quiet_from, rules.quiet_until) > now:
        return []
    silent = Conversation.officer_id.is_not(None), now - rules.takeover >= _SPOKE
    query = select(Conversation.id).where(*silent).order_by(Conversation.id).limit(_BATCH)
    events: list[Event] = []
    for id in (await uow.session.scalars(query)).all():
        try:
            async with uow.session.begin_nested():
                events += await _hand_back(uow, id, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # one talk must not keep the bot silent in the others
            log.error("handback.broke", conversation=id, exc_info=error)
    return events


async def next_hand_back(uow: UnitOfWork, after: datetime, rules: Rules) -> datetime | None:
    """When the next officer will have been silent for too long."""
    query = select(func.min(_SPOKE)).where(
        Conversation.officer_id.is_not(None), after - rules.takeover < _SPOKE
    )
    spoke: datetime | None = await uow.session.scalar(query)
    if spoke is None:
        return None
    return after_quiet_hours(spoke + rules.takeover, rules.quiet_from, rules.quiet_until)


async def _hand_back(uow: UnitOfWork, id: int, now: datetime) -> list[Event]:
    talk = await uow.conversations.lock(id)
    officer = await uow.officers.get(talk.officer_id) if talk.officer_id is not None else None
    reference = talk.officer_reference
    record = await uow.records.get(reference, lock=True) if reference else None
    if record is None:
        talk.officer_id = talk.officer_reference = None
        return []
    turn, why = Acting(uow, SYSTEM, now), render("handback.why")
    await give_back(turn, record, talk, "reply.handed_back_late", why)
    text = render("officer.handed_back", **about(record))
    await tell_officers(turn, [officer] if officer else [], record, "officer.handed_back")
    return [Event(now, "hand_back", f"{talk.channel}:{talk.address}", record.reference, text, why)]
