"""One worker process of the claiming test: claims until all is sent, prints what it got.

Started as `python -m tests.storage.claimer URL TASKS`.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from storage.db import Database
from storage.keys import Keyring
from storage.models.message import InboxMessage, OutboxMessage

KEY = bytes(range(32))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LEASE = timedelta(hours=1)
_PAUSE = 0.02
_PATIENCE = 120  # seconds; only a fault takes so long


async def is_done(db: Database) -> bool:
    """Whether every message was handled and every answer sent."""
    async with db.read() as uow:
        inbox = await uow.session.scalar(select(func.count()).select_from(InboxMessage))
        sent = select(func.count()).where(OutboxMessage.status == "sent")
        return await uow.session.scalar(sent) == inbox


async def work_inbox(db: Database, took: list[str]) -> None:
    """Claim and handle messages as a turn does: two transactions, the second with locks."""
    while not await is_done(db):
        async with db.write() as uow:
            row = await uow.inbox.claim_next(NOW, LEASE)
        if row is None:
            await asyncio.sleep(_PAUSE)
            continue
        async with db.write() as uow:
            talk = await uow.conversations.lock(row.conversation_id)
            fresh = await uow.inbox.get(row.id, lock=True)
            assert fresh is not None and fresh.status == "new"
            talk.state = {"heard": [*talk.state.get("heard", []), fresh.payload["text"]]}
            await uow.outbox.add(talk.id, fresh.payload["text"], [], {}, NOW)
            await uow.inbox.mark_handled(fresh, NOW)
        took.append(f"inbox {row.conversation_id} {row.payload['text']}")


async def work_outbox(db: Database, took: list[str]) -> None:
    """Claim and mark messages as a sender does."""
    while not await is_done(db):
        async with db.write() as uow:
            rows = await uow.outbox.claim_due(NOW, LEASE, limit=3)
        for row in rows:
            took.append(f"outbox {row.conversation_id} {row.text}")
            async with db.write() as uow:
                await uow.outbox.mark_sent(row.id, None, NOW)
        await asyncio.sleep(0 if rows else _PAUSE)


async def work(db: Database, took: list[str], tasks: int) -> None:
    """Run that many tasks of each kind until all is done."""
    async with asyncio.timeout(_PATIENCE):
        await asyncio.gather(
            *(work_inbox(db, took) for _ in range(tasks)),
            *(work_outbox(db, took) for _ in range(tasks)),
        )


async def main(url: str, tasks: int) -> None:
    """One process of several."""
    db = await Database.open(url, Keyring([KEY]))
    took: list[str] = []
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await work(db, took, tasks)
    await db.close()
    for line in took:
        print(line)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
