"""The clocks of records under supervision."""

from datetime import datetime

from bot.cases.notices import about
from bot.handlers.acting import Acting
from bot.handlers.supervising import time_is_up
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from storage.db import Database
from storage.uow import UnitOfWork

_BATCH = 200


async def remind_supervised_due(db: Database, now: datetime) -> list[Event]:
    """Say of every supervision whose time is up that it is, in one transaction."""
    async with db.write() as uow:
        return await remind_supervised(uow, now)


async def remind_supervised(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Say so once, inside the caller's transaction."""
    events: list[Event] = []
    for supervision in await uow.supervisions.over(now, _BATCH):
        record = await uow.records.get(supervision.reference, lock=True)
        if record is None:
            supervision.told_at = now
            continue
        await time_is_up(Acting(uow, SYSTEM, now), record, supervision)
        text = render("officer.supervision_over", **about(record))
        why = render("supervision.why")
        events.append(Event(now, "supervision", "", record.reference, text, why))
    return events
