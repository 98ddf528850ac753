"""Counts how well entities are read: precision, recall and F1 of each type.

What counts as right: the same type with the same value in the same sentence, compared as text
(`14` is `14`, `小学三年级` is not `小学`). Where in the sentence it stands is not looked at, nor a
region's code and path. A value said twice in one sentence counts once. Whatever else was read is
an extra, and whatever was not read is missed; so a wrong value is one of each.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Pair = tuple[str, str]  # type and value
ALL = "all"  # the key under which all types are counted together


@dataclass(frozen=True)
class Score:
    """Precision, recall and their harmonic mean; 0 where nothing was there to be right about."""

    precision: float
    recall: float
    f1: float
    support: int


def score_entities(sentences: Iterable[tuple[Iterable[Pair], Iterable[Pair]]]) -> dict[str, Score]:
    """The score of each type that is labelled or was read, and of all under `ALL`.

    A sentence is the pairs that are in it and those that were read. Empty when there are none.
    """
    outcomes: Counter[tuple[str, str]] = Counter()
    for true, read in sentences:
        outcomes.update(_outcomes(set(true), set(read)))
    names = sorted({name for name, _ in outcomes})
    for (_, outcome), count in tuple(outcomes.items()):
        outcomes[ALL, outcome] += count
    return {name: _of(outcomes, name) for name in [*names, ALL] if names}


def score_of(hits: int, extra: int, missed: int) -> Score:
    """The score of so many right, so many too much and so many not found."""
    precision = hits / (hits + extra) if hits + extra else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    f1 = 2 * hits / (2 * hits + extra + missed) if hits else 0.0
    return Score(precision, recall, f1, hits + missed)


def _outcomes(true: set[Pair], read: set[Pair]) -> Iterable[tuple[str, str]]:
    yield from ((name, "hit") for name, _ in true & read)
    yield from ((name, "miss") for name, _ in true - read)
    yield from ((name, "extra") for name, _ in read - true)


def _of(outcomes: Counter[tuple[str, str]], name: str) -> Score:
    return score_of(outcomes[name, "hit"], outcomes[name, "extra"], outcomes[name, "miss"])
