"""A process that writes all the time, as the service does: says a number once it is committed."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.service.presence import stay_known
from storage.db import Database
from storage.keys import Keyring


def _now() -> datetime:
    return datetime.now(UTC)


async def write(url: str, key_file: Path, name: str) -> None:
    """New rows, and one row that is changed again and again, until stdin is closed."""
    db = await Database.open(url, Keyring.load(None, key_file))
    stop = asyncio.Event()
    present = asyncio.create_task(stay_known(db, _now, stop, every=0.2))
    asyncio.get_running_loop().run_in_executor(None, sys.stdin.read).add_done_callback(
        lambda _: stop.set()
    )
    number = 0
    while not stop.is_set():
        number += 1
        async with db.write() as uow:
            hot = await uow.conversations.get_or_create("web", name, _now())
            assert hot.state.get("count", 0) == number - 1  # as it was left, under whichever key
            hot.state = {"count": number}
            new = await uow.conversations.get_or_create("web", f"{name}-{number}", _now())
            new.state = {"said": f"小军 {number}"}
        print(number, flush=True)
        await asyncio.sleep(0.02)
    await present
    await db.close()


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
