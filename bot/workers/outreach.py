"""Lists of children: what was not compared yet is, and lists whose time is over are removed."""

from datetime import datetime

from bot.actor import SYSTEM
from bot.clock import local_day
from bot.handlers.acting import Acting
from bot.outreach.comparing import compare_some
from bot.outreach.dropping import drop_list
from storage.db import Database
from storage.uow import UnitOfWork

_MOST_ROUNDS = 8
"""A tick is short: the rest of a long list waits for the next one."""


async def compare_due(db: Database, now: datetime) -> None:
    """Compare some of what waits, each part in a transaction of its own."""
    for _ in range(_MOST_ROUNDS):
        async with db.write() as uow:
            if not await compare_some(uow, now):
                return


async def purge_lists(uow: UnitOfWork, now: datetime) -> int:
    """Remove lists whose time is over; the others are compared anew, once a day."""
    outdated = await uow.outreach.outdated(local_day(now))
    for one in outdated:
        await drop_list(Acting(uow, SYSTEM, now), one, "outdated")
    await uow.outreach.compare_again()
    return len(outdated)
