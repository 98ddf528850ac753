"""One channel as a sender uses it: how much is being sent, how fast, whether it is there at all."""

import asyncio
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Away, Channel
from bot.channels.lookout import Answering, wait_for_answer
from bot.channels.pace import LONGEST_DOUBT, SOONEST_LOOK, Limited, Limits, Pace, Paused

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_START = secrets.token_hex(8)

log = structlog.get_logger()


def this_process() -> str:
    """This process among the others, also those forked from the same one; new after each start."""
    return f"{_START}{os.getpid():x}"


class Lane:
    """The way through one channel; `busy` counts what is on it."""

    def __init__(self, name: str, channel: Channel, process: str | None = None) -> None:
        self.name = name
        self.channel = channel
        self.process = process or this_process()
        self.pace = Pace(channel.limits if isinstance(channel, Limited) else Limits())
        self.busy = 0
        self._lookout: asyncio.Task[None] | None = None

    @property
    def room(self) -> int:
        """How many messages may be begun now."""
        return self.pace.room(self.busy)

    def came_through(self) -> None:
        """The channel took something: it is there."""
        if self.pace.is_away:
            log.info("channel.back", channel=self.name)
        self.pace.came_through()

    def went_away(self, away: Away, begun: float) -> float:
        """Let everybody wait, as long as the channel says or until it answers; the seconds.

        What was `begun` before another message came through says nothing of how it is now.
        """
        if away.after is not None:
            self.pace.hold(away.after)
            return away.after
        if self.pace.came_through_since(begun):
            return SOONEST_LOOK
        if not self.pace.is_away:
            log.warning("channel.away", channel=self.name, reason=str(away))
        seconds = self.pace.lost()
        if isinstance(self.channel, Answering) and self._lookout is None:
            self._lookout = asyncio.create_task(wait_for_answer(self.channel, self.pace))
            self._lookout.add_done_callback(self._looked)
        return seconds

    @property
    def is_shared(self) -> bool:
        """Whether all processes together must keep to what the channel allows."""
        return self.pace.limits.a_second is not None

    async def moments(self, uow: "UnitOfWork", count: int, now: datetime) -> list[float]:
        """When each of so many messages may go, by the clock of the pace."""
        a_second = self.pace.limits.a_second
        if a_second is None or not count:
            return [self.pace.now()] * count
        seconds = await uow.lanes.reserve(self.name, count, a_second, now)
        self.pace.full(seconds + count / a_second)
        return [self.pace.now() + seconds + number / a_second for number in range(count)]

    async def tell(self, uow: "UnitOfWork", away: Away, seconds: float, now: datetime) -> None:
        """Let the other processes know that the channel asks to wait, or is not there."""
        if not self.is_shared or isinstance(away, Paused):
            return
        if away.after is not None:
            await uow.lanes.hold(self.name, seconds, now)
        elif self.pace.is_away:
            await uow.lanes.failed(self.name, self.process, min(seconds, LONGEST_DOUBT), now)

    def close(self) -> None:
        """Look out no longer."""
        if self._lookout is not None:
            self._lookout.cancel()

    def _looked(self, lookout: asyncio.Task[None]) -> None:
        self._lookout = None
        with suppress(asyncio.CancelledError):
            lookout.result()


async def learn(uow: "UnitOfWork", lanes: Sequence[Lane], now: datetime) -> None:
    """Take over what the other processes know: their pauses are ours, and the rate is one."""
    shared = {lane.name: lane for lane in lanes if lane.is_shared}
    if not shared:
        return
    for name, state in (await uow.lanes.look(shared.keys(), now)).items():
        lane = shared[name]
        lane.pace.full(state.ahead)
        if state.held:
            lane.pace.hold(state.held)
        if state.failed and state.failed_for != lane.process:
            lane.pace.doubt(state.failed)
