"""A process that takes turns all the time: each changes four tables at once, then is told of."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage.db import Database
from storage.keys import Keyring
from storage.models.message import InboxMessage


async def write(url: str, key_file: Path, name: str) -> None:
    """Turn after turn until stdin is closed."""
    db = await Database.open(url, Keyring.load(None, key_file))
    stop = asyncio.Event()
    reading = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    reading.add_done_callback(lambda _: stop.set())
    number = 0
    while not stop.is_set():
        number += 1
        await _turn(db, name, number)
        print(number, flush=True)
        await asyncio.sleep(0.01)
    await db.close()


async def _turn(db: Database, name: str, number: int) -> None:
    now = datetime.now(UTC)
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("web", name, now)
        uow.session.add(
            InboxMessage(
                conversation_id=talk.id,
                channel="web",
                external_id=f"{name}-{number}",
                payload={"number": number},
                status="handled",
                sent_at=now,
                received_at=now,
                ready_at=now,
            )
        )
        await uow.session.flush()
        await asyncio.sleep(0.001)  # a turn takes its time between its writes
        await uow.outbox.add(talk.id, str(number), [], {}, now)
        detail = {"by": name, "number": number}
        await uow.audit.add(now, "system", None, "turn", detail=detail)
        talk.state = {"count": number}


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
