"""One run in a process of its own; says each moment (UTC) as a line once it is over.

Started as `python -m tests.autumn.child FOLDER FAMILIES SEED FIRST LAST`.
"""

import asyncio
import sys
from datetime import date, datetime
from pathlib import Path

from bot.workers.events import Event
from tests.autumn.run import Plan, run


def told(at: datetime, _: list[Event]) -> None:
    """Say how far it is."""
    print(f"{at:%Y-%m-%dT%H:%M}", flush=True)


if __name__ == "__main__":
    folder, families, seed, first, last = sys.argv[1:]
    plan = Plan(int(families), int(seed), date.fromisoformat(first), date.fromisoformat(last))
    asyncio.run(run(Path(folder), plan, told))
