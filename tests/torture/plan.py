"""What is to go wrong, in which order: all of it follows from the seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random

POINTS = (
    "claim",
    "claimed",
    "understand",
    "turn",
    "flow",
    "commands",
    "before_commit",
    "after_commit",
    "outbox_claim",
    "outbox_claimed",
    "send",
    "sent",
    "tick",
    "ticked",
    *(
        f"{moment}:{place}"
        for moment in ("commit", "committed")
        for place in ("http", "turns", "outbox", "telegram", "tick")
    ),
)
"""Where a process can be made to die; `commit` is just before and `committed` just after one."""

CHANNEL = ("fails", "hangs", "refuses", "answers 429", "answers rubbish")
HOUR = 3600.0
TURNS = (HOUR, -HOUR)
"""By how much the clock is turned: from half past eleven at night an hour is another day."""

MOST_PASSES = 12
LATEST = 8.0
LONGEST_WORK = 2.0
OTHER_TROUBLE = 0.4


@dataclass(frozen=True)
class Death:
    """A process is killed: at the n-th pass of a point, or at a moment."""

    process: int
    point: str | None = None
    count: int = 0
    seconds: float = 0.0
    """After it started; with a point, of work before that counts."""


@dataclass(frozen=True)
class Disturbance:
    """Something else goes wrong: with the database, the disk, the channel or the clock."""

    kind: str
    what: str
    turn: float = 0.0


Mishap = Death | Disturbance


def mishaps(seed: int, kills: int, processes: int, of_home: tuple[str, ...]) -> Iterator[Mishap]:
    """Deaths at every point in turn and as many at any moment; other trouble in between."""
    rng = Random(seed)
    points = list(POINTS)
    rng.shuffle(points)
    at = cycle(points)
    others = [Disturbance("database", what) for what in of_home]
    others += [Disturbance("channel", what) for what in CHANNEL]
    others += [Disturbance("clock", f"{turn / HOUR:+.0f} h", turn) for turn in TURNS]
    rng.shuffle(others)
    other = cycle(others)
    for number in range(kills):
        victim = rng.randrange(processes)
        if number % 3 != 2:
            work = rng.uniform(0, LONGEST_WORK)
            yield Death(victim, next(at), rng.randint(1, MOST_PASSES), work)
        else:
            yield Death(victim, seconds=rng.uniform(0, LATEST))
        if rng.random() < OTHER_TROUBLE:
            yield next(other)
