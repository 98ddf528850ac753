"""How long readers take over sentences: half of the time at most this, and almost always that."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Reader = Callable[[str], object]


@dataclass(frozen=True)
class Speed:
    """Milliseconds that half of the readings and 99 in 100 stayed within."""

    p50: float
    p99: float
    count: int


def within(spans: Sequence[float], share: float) -> float:
    """The smallest of the spans that this share of them does not exceed; 0 of none."""
    ordered = sorted(spans)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def speed(spans: Sequence[float]) -> Speed:
    """The speed of spans in seconds."""
    return Speed(1000 * within(spans, 0.5), 1000 * within(spans, 0.99), len(spans))


def take_turns(
    readers: Mapping[str, Reader],
    sentences: Sequence[str],
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Speed]:
    """The speed of each reader, all sentences once each, in turns so that all meet the same load.

    In a turn everybody reads another sentence: nobody profits from what another has just cached.
    """
    spans: dict[str, list[float]] = {name: [] for name in readers}
    apart = max(len(sentences) // max(len(readers), 1), 1)
    for turn in range(len(sentences)):
        for place, (name, read) in enumerate(readers.items()):
            sentence = sentences[(turn + place * apart) % len(sentences)]
            began = clock()
            read(sentence)
            spans[name].append(clock() - began)
    return {name: speed(found) for name, found in spans.items()}
