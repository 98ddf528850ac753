"""How fast one channel may be used: so many a second, a rest for each chat, nothing while away."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.channels.base import Away

MOST_AHEAD = 1.0
"""Seconds for which messages may wait for their moment: what a killed process leaves unused."""

LONGEST_DOUBT = 5.0
"""Seconds for which others wait when a channel fails one process; then each tries a message."""

SOONEST_LOOK = 1.0
LATEST_LOOK = 60.0
LOOKS_A_TIME_AWAY = 60
"""A channel away for an hour is looked for every minute: it is missed for 2 % longer, not more."""


@dataclass(frozen=True)
class Limits:
    """What a channel allows; by default anything. `rest` is seconds between two to one chat."""

    a_second: float | None = None
    rest: float = 0.0
    at_once: int = 30


@runtime_checkable
class Limited(Protocol):
    """A channel that allows only so much."""

    @property
    def limits(self) -> Limits:
        """What it allows."""
        ...


class Paused(Away):
    """Nothing was tried: a pause of everybody began while the message waited for its moment."""


class Pace:
    """The state of one channel in one process."""

    def __init__(
        self, limits: Limits = Limits(), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits
        self._clock = clock
        self._rested: dict[int, float] = {}
        self._held_until = 0.0
        self._lost_until = 0.0
        self._full_until = 0.0
        self._away_since: float | None = None
        self._last_through = 0.0

    def now(self) -> float:
        """The time by which everything here is measured."""
        return self._clock()

    async def slot(self, moment: float) -> None:
        """Wait for the moment that keeps the rate. Raises Paused when a pause began."""
        if (seconds := moment - self._clock()) > 0:
            await asyncio.sleep(seconds)
        if self.paused:
            raise Paused(None if self.is_away else self.paused, "the channel pauses")

    def room(self, busy: int) -> int:
        """How many more may be begun beside those that are; one at a time until it is back."""
        if self.paused or self._full_until > self._clock():
            return 0
        return max(0, (1 if self.is_away else self.limits.at_once) - busy)

    def rest(self, conversation_id: int) -> None:
        """Something went to this chat just now."""
        if self.limits.rest:
            self._rested[conversation_id] = self._clock() + self.limits.rest

    def resting(self) -> list[int]:
        """The conversations to which nothing may go yet."""
        now = self._clock()
        self._rested = {chat: until for chat, until in self._rested.items() if until > now}
        return list(self._rested)

    @property
    def paused(self) -> float:
        """Seconds during which nothing may go to anybody."""
        return max(0.0, max(self._held_until, self._lost_until) - self._clock())

    @property
    def is_away(self) -> bool:
        """Whether the channel failed and nothing has come through since."""
        return self._away_since is not None

    def hold(self, seconds: float) -> None:
        """The channel asks everybody to wait so long."""
        self._held_until = max(self._held_until, self._clock() + seconds)

    def full(self, ahead: float) -> None:
        """The rate is taken for so many seconds, by all processes together."""
        self._full_until = self._clock() + ahead - MOST_AHEAD

    def doubt(self, seconds: float) -> None:
        """The channel failed for another process: wait, then let one message try."""
        if self._away_since is None:
            self._away_since = self._clock()
        self.close(seconds)

    def lost(self) -> float:
        """The channel does not answer; returns how long until the next look at it."""
        now = self._clock()
        if self._away_since is None:
            self._away_since = now
        away = now - self._away_since
        look_in = min(max(away / LOOKS_A_TIME_AWAY, SOONEST_LOOK), LATEST_LOOK)
        self.close(look_in)
        return look_in

    def close(self, seconds: float) -> None:
        """Send nothing for so long, unless `open` comes first."""
        self._lost_until = max(self._lost_until, self._clock() + seconds)

    def open(self) -> None:
        """The channel answers again; the next message shows whether it also sends."""
        self._lost_until = 0.0

    def came_through(self) -> None:
        """A message arrived: the channel is as it should be."""
        self._away_since = None
        self._last_through = self._clock()

    def came_through_since(self, moment: float) -> bool:
        """Whether a message arrived after that moment of our clock."""
        return self._last_through > moment

    def changes_in(self, longest: float) -> float:
        """Seconds until a pause, a rest or a full rate is over, at most `longest`."""
        now = self._clock()
        ends = [self._held_until, self._lost_until, self._full_until, *self._rested.values()]
        return min([longest, *(end - now for end in ends if end > now)])
