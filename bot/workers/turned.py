"""After the clock was turned back: what it would hold until the old time comes again is let go."""

from datetime import datetime, timedelta

from storage.db import Database

FURTHEST = timedelta(minutes=15)
"""No lease and no pause before another attempt lasts longer than that beyond the present."""


async def let_go_due(db: Database, now: datetime) -> None:
    """Free leases and waits that lie so far ahead that only another clock can have set them.

    A lease freed too early does no harm: a message is locked and looked at again before its turn.
    """
    async with db.write() as uow:
        await uow.inbox.let_go(now, now + FURTHEST)
        await uow.outbox.let_go(now, now + FURTHEST)
