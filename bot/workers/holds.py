"""Places kept for somebody who did not answer go to the next in line."""

from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.handlers.acting import Acting
from bot.handlers.places import let_pass
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from storage.db import Database
from storage.models.training import Registration
from storage.uow import UnitOfWork

log = structlog.get_logger()

_BATCH = 200


async def release_due(db: Database, now: datetime) -> list[Event]:
    """End the holds that are over, in one transaction."""
    async with db.write() as uow:
        return await release(uow, now)


async def release(uow: UnitOfWork, now: datetime) -> list[Event]:
    """End the holds that are over, inside the caller's transaction."""
    events: list[Event] = []
    for reference in await uow.trainings.lapsed(now, _BATCH):
        try:
            async with uow.session.begin_nested():
                events += await _release(uow, reference, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # one class must not keep the places of the others
            log.error("hold.broke", reference=reference, exc_info=error)
    return events


async def _release(uow: UnitOfWork, reference: str, now: datetime) -> list[Event]:
    record = await uow.records.get(reference, lock=True)
    if not isinstance(record, Registration):
        return []
    if record.held_until is None or record.held_until > now:
        return []
    if not await let_pass(Acting(uow, SYSTEM, now), record):
        return []
    return [Event(now, "hold", "", reference, "", render("training.hold_why"))]


async def next_release(uow: UnitOfWork, after: datetime) -> datetime | None:
    """When the next hold is over."""
    return await uow.trainings.next_lapse(after)
