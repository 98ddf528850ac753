"""One channel as a sender uses it: how much is being sent, how fast, whether it is there at all."""

import asyncio
from contextlib import suppress

import structlog

from bot.channels.base import Away, Channel
from bot.channels.lookout import Answering, wait_for_answer
from bot.channels.pace import SOONEST_LOOK, Limited, Limits, Pace

log = structlog.get_logger()


class Lane:
    """The way through one channel; `busy` counts what is on it."""

    def __init__(self, name: str, channel: Channel) -> None:
        self.name = name
        self.channel = channel
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

    def close(self) -> None:
        """Look out no longer."""
        if self._lookout is not None:
            self._lookout.cancel()

    def _looked(self, lookout: asyncio.Task[None]) -> None:
        self._lookout = None
        with suppress(asyncio.CancelledError):
            lookout.result()
