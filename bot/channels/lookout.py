"""Looks for a channel that went away: asks it something harmless, so no message is spent on it."""

import asyncio
from typing import Protocol, runtime_checkable

from bot.channels.pace import Pace
from bot.service.waiting import first_of

ANSWER_SECONDS = 10.0


@runtime_checkable
class Answering(Protocol):
    """A channel that can be asked whether it is there."""

    async def ping(self) -> None:
        """Return when the other side answers; raise whatever is wrong otherwise."""
        ...


async def wait_for_answer(channel: Answering, pace: Pace) -> None:
    """Keep the pace closed until the channel answers; an ask that hangs delays no other."""
    answered = asyncio.Event()
    asks: set[asyncio.Task[None]] = set()
    try:
        while not answered.is_set():
            every = pace.lost()
            pace.close(every + ANSWER_SECONDS)
            ask = asyncio.create_task(_ask(channel, answered))
            asks.add(ask)
            ask.add_done_callback(asks.discard)
            await first_of(answered, seconds=every)
    finally:
        for ask in asks:
            ask.cancel()
    pace.open()


async def _ask(channel: Answering, answered: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await channel.ping()
    except Exception:
        return
    answered.set()
