"""The ids that tie log lines together, from the request that brought a message to its answer.

A turn goes by the number of its message in the inbox: every process knows it, and so does the
answer that waits in the outbox. Numbers of rows, never of people.
"""

import secrets
import time
from contextlib import AbstractContextManager

import structlog
from structlog.contextvars import bound_contextvars

from bot.turns.steps import Step

PARTS = {
    "understand": "understand",
    "turn": "talk",
    "flow": "change",
    "commands": "answer",
    "before_commit": "commit",
}
"""The named moments of a turn, and what begins at each."""


def new_request_id() -> str:
    """Eight digits that can be read out over the telephone: 4831-2077."""
    return f"{secrets.randbelow(10_000):04}-{secrets.randbelow(10_000):04}"


def bound_process(process: str, role: str) -> None:
    """Every line of this process says from which one it comes."""
    structlog.contextvars.bind_contextvars(process=process, role=role)


def bound_turn(
    inbox_id: int | None, conversation_id: int, channel: str
) -> AbstractContextManager[None]:
    """Every line inside belongs to this turn; what nobody asked for is of no turn."""
    ids: dict[str, int | str] = {"conversation": conversation_id, "channel": channel}
    if inbox_id is not None:
        ids["turn"] = inbox_id
    return bound_contextvars(**ids)


class Stopwatch:
    """How long a turn took, and each part of it; hands the named moments on."""

    def __init__(self, step: Step) -> None:
        self._on = step
        self._began = time.perf_counter()
        self._marks: list[tuple[str, float]] = []

    def step(self, name: str) -> None:
        """A named moment."""
        self._marks.append((name, time.perf_counter()))
        self._on(name)

    @property
    def seconds(self) -> float:
        """Since the turn began."""
        return time.perf_counter() - self._began

    def parts(self) -> dict[str, float]:
        """Seconds by part; a part that was broken off is left out."""
        ends = self._marks[1:]
        spans = zip(self._marks, ends, strict=False)
        return {PARTS[name]: end - at for (name, at), (_, end) in spans if name in PARTS}
