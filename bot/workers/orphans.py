"""Never nobody: a record whose officer's account was switched off finds another one."""

from datetime import datetime

from bot.cases.assignments import catch_all, route
from bot.cases.notices import about
from bot.handlers.acting import Acting
from bot.handlers.filing import route_record
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from storage.db import Database
from storage.uow import UnitOfWork

_BATCH = 200


async def adopt_due(db: Database, now: datetime) -> list[Event]:
    """Give every record that nobody answers for to somebody, in one transaction."""
    async with db.write() as uow:
        return await adopt(uow, now)


async def adopt(uow: UnitOfWork, now: datetime) -> list[Event]:
    """Route what nobody answers for anew; what nobody can take stays and is tried again."""
    active = [officer.id for officer in await uow.officers.all() if officer.active]
    events: list[Event] = []
    for reference in await uow.records.unheld(active, _BATCH) if active else []:
        record = await uow.records.get(reference, lock=True)
        if record is None or record.assigned_to_id in active:
            continue
        region = record.region_code
        chosen = await route(uow, region) or await catch_all(uow, region)
        if chosen.answerable is None:
            continue
        await route_record(Acting(uow, SYSTEM, now), record)
        text = render("officer.filed", **about(record))
        why = render("officer.orphan")
        events.append(Event(now, "adoption", chosen.answerable.name, reference, text, why))
    return events
