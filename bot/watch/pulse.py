"""What one process knows of itself: its loops, its channels, its last tick, if it is leaving."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sending.lane import Lane


@dataclass(frozen=True)
class Tick:
    """The last round of all that was due."""

    at: datetime
    seconds: float
    is_well: bool


class Pulse:
    """The signs of life of this process."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.started_at = now()
        self.is_draining = False
        self.loops: Sequence[asyncio.Task[None]] = ()
        self.lanes: Sequence[Lane] = ()
        self.tick: Tick | None = None

    def ticked(self, seconds: float, is_well: bool) -> None:
        """A round is over."""
        self.tick = Tick(self._now(), seconds, is_well)

    def ended_loops(self) -> list[str]:
        """Loops that should run for ever and do not."""
        return [loop.get_name() for loop in self.loops if loop.done()]

    def channels(self) -> Mapping[str, str]:
        """How each channel is: here, pausing because it asked for it, or away."""
        return {lane.name: _state(lane) for lane in self.lanes}


def _state(lane: "Lane") -> str:
    if lane.pace.is_away:
        return "away"
    return "pausing" if lane.pace.paused else "here"
