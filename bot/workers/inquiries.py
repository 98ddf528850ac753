"""Questions that no family answered: their records go on."""

from datetime import datetime

from bot.cases.notices import about
from bot.handlers.acting import Acting
from bot.handlers.asking import give_up
from bot.rights.actor import SYSTEM
from bot.words import render
from bot.workers.events import Event
from storage.db import Database
from storage.uow import UnitOfWork

_BATCH = 200


async def give_up_due(db: Database, now: datetime) -> list[Event]:
    """End what waited long enough, in one transaction."""
    async with db.write() as uow:
        return await give_up_waiting(uow, now)


async def give_up_waiting(uow: UnitOfWork, now: datetime) -> list[Event]:
    """End what waited long enough, inside the caller's transaction."""
    events: list[Event] = []
    for question in await uow.inquiries.over(now, _BATCH):
        await uow.conversations.lock(question.conversation_id)
        record = await uow.records.get(question.reference, lock=True)
        if record is None:
            question.status = "lapsed"
            continue
        await give_up(Acting(uow, SYSTEM, now), record, question)
        text = render("officer.no_answer", **about(record))
        why = render("question.why")
        events.append(Event(now, "question", "", record.reference, text, why))
    return events
