"""Lists of children: what was not compared yet is."""

from datetime import datetime

from bot.outreach.comparing import compare_some
from storage.db import Database

_MOST_ROUNDS = 8
"""A tick is short: the rest of a long list waits for the next one."""


async def compare_due(db: Database, now: datetime) -> None:
    """Compare some of what waits, each part in a transaction of its own."""
    for _ in range(_MOST_ROUNDS):
        async with db.write() as uow:
            if not await compare_some(uow, now):
                return
