"""APScheduler is the clock of the ticks: it says when to look, the tables say what is due.

It keeps to the wall clock, so one that is turned back an hour would stop it for an hour; that is
noticed by the monotonic clock, which nobody turns.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from importlib import import_module

from bot.clock import SHANGHAI
from bot.service.waiting import first_of

FIRST_TICK = timedelta(seconds=5)
LOOK_SECONDS = 5.0
JUMP_SECONDS = 2.0


async def tick_until(
    stop: asyncio.Event, tick: Callable[[], Awaitable[None]], seconds: float
) -> None:
    """Tick every so many seconds until told to stop, also when somebody turns the clock."""
    await first_of(stop, seconds=FIRST_TICK.total_seconds())
    await asyncio.to_thread(import_module, "apscheduler.schedulers.asyncio")  # others are served
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    scheduler = AsyncIOScheduler(timezone=SHANGHAI)
    job = scheduler.add_job(
        tick,
        "interval",
        seconds=seconds,
        next_run_time=datetime.now(SHANGHAI),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    try:
        apart = _apart()
        while not stop.is_set():
            await first_of(stop, seconds=LOOK_SECONDS)
            before, apart = apart, _apart()
            if abs(apart - before) > JUMP_SECONDS:
                job.modify(next_run_time=datetime.now(SHANGHAI))
    finally:
        scheduler.shutdown(wait=False)


def _apart() -> float:
    """How far the two clocks are apart; changes only when the wall clock is turned."""
    return time.time() - time.monotonic()
