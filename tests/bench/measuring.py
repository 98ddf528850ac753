"""Measures services side by side: in turns, so that all meet the same load of the machine."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from statistics import median

from nlu.bench.machine import resident
from nlu.bench.spans import within
from tests.bench.places import Place, Say
from tests.bench.running import Running, service
from tests.bench.senders import Heard, talk_for
from tests.bench.weighing import processor

WARM = 60
"""Messages before anything is measured: caches are filled, every flow is loaded."""


@dataclass(frozen=True)
class Load:
    """How much is asked of each service: so many messages in each of the rounds."""

    senders: int
    messages: int
    rounds: int
    seconds: float


@dataclass
class Findings:
    """What one service showed; one figure for each round in the lists."""

    database: str
    people: int
    first_page: float
    ready: float
    ready_cpu: float = 0.0
    memory: float = 0.0
    bytes_a_talk: float = 0.0
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    helpers_cpu: list[float] = field(default_factory=list)
    spans: list[float] = field(default_factory=list)
    of_commits: list[float] = field(default_factory=list)
    talks: int = 0
    broken: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Messages a second, in the middle round."""
        return median(self.rates)

    @property
    def cost(self) -> float:
        """Milliseconds of processor a message takes, the database server's counted in."""
        return 1000 * median(map(sum, zip(self.cpu, self.helpers_cpu, strict=True)))

    @property
    def commits(self) -> float:
        """Bare durable commits a second that the same disk did meanwhile."""
        return median(rate / part for rate, part in zip(self.rates, self.of_commits, strict=True))

    def figures(self) -> dict[str, object]:
        """What a program wants to read."""
        left_out = {"spans", "words"}
        kept = {name: value for name, value in vars(self).items() if name not in left_out}
        return {**kept, "p50": self.within(0.5), "p99": self.within(0.99), "cost": self.cost}

    def within(self, share: float) -> float:
        """Milliseconds within which this share of the messages was answered."""
        return 1000 * within(self.spans, share)


def measure(places: Sequence[Place], load: Load, say: Say) -> list[Findings]:
    """Serve from all places at once and talk to one after the other, again and again."""
    with ExitStack() as stack:
        pairs = []
        for place in places:
            running = stack.enter_context(service(place.data, place.url))
            pairs.append(_Pair(place, running))
        for pair in pairs:
            pair.talk(load.senders, min(WARM, load.messages))
        before = [(pair.place.bytes(), pair.talks) for pair in pairs]
        for number in range(load.rounds):
            for pair in pairs:
                pair.round(load)
                say(f"{pair.name}, round {number + 1}: {pair.found.rates[-1]:.0f}/s")
        for pair, (size, talks) in zip(pairs, before, strict=True):
            pair.found.memory = resident(pair.running.pid) or 0.0
            pair.found.bytes_a_talk = (pair.place.bytes() - size) / max(pair.talks - talks, 1)
        return [pair.found for pair in pairs]


class _Pair:
    """A place and the service that works in it."""

    def __init__(self, place: Place, running: Running) -> None:
        self.place, self.running = place, running
        about = running.first_page, running.ready, running.ready_cpu
        self.found = Findings(place.database, place.people, *about)
        self.talks = 0
        self._numbers = count()

    @property
    def name(self) -> str:
        return f"{self.place.database} with {self.place.people:,} people"

    def talk(self, senders: int, messages: int) -> Heard:
        heard = asyncio.run(talk_for(self.running.url, senders, messages, self._numbers))
        self.talks += heard.ended.total() + heard.broken.total()
        self.found.broken += heard.broken.total()
        return heard

    def round(self, load: Load) -> None:
        """The bare commits, then the talks, in the same half minute."""
        commits = self.place.commits(load.senders, load.seconds)
        used = processor(self.running.pid), processor(*self.place.helpers)
        heard = self.talk(load.senders, load.messages)
        many = len(heard.spans)
        found = self.found
        found.cpu.append((processor(self.running.pid) - used[0]) / many)
        found.helpers_cpu.append((processor(*self.place.helpers) - used[1]) / many)
        found.rates.append(heard.rate)
        found.of_commits.append(heard.rate / commits)
        found.spans += heard.spans
        found.words += heard.words
        found.talks += heard.ended.total()
