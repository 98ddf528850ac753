"""One worker process of `claims`: sends what is due, beside others that do the same.

Started as `python -m tests.autumn.firer URL`; prints how many reminders it sent.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bot.workers.reminders import fire_due
from storage.db import Database
from storage.keys import Keyring

KEY = bytes(range(32))
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
MOMENTS = (NOW, NOW + timedelta(minutes=30))
"""Half is due at the first, the rest half an hour later; nobody waits for the others between."""


async def main(url: str) -> None:
    """One process of several."""
    db = await Database.open(url, Keyring([KEY]))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    sent = 0
    for moment in MOMENTS:
        sent += len(await fire_due(db, moment))
    await db.close()
    print(sent)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
