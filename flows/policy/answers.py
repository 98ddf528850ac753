"""Finds the policy entry that answers a question, or none rather than a wrong one.

Each entry's sample questions teach what belongs to it; samples of foreign matters compete too.
"""

import threading
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flows.aid.eligibility import stages_in
from flows.policy.loader import load
from flows.policy.render import answer_text, is_sure
from flows.policy.traits import Concepts, traits
from flows.policy.types import Entry, Policy, Stage

THRESHOLD = 0.15
_OTHER_STAGE, _SAME_STAGE, _OTHER_PLACE = 0.6, 1.15, 0.7
_FOREIGN = 1.5  # no answer is better than a wrong one: what is not ours weighs more
_LEARNING = threading.Lock()
_NEAR = 0.75  # of the best score, to be named as what else might have been meant


@dataclass(frozen=True)
class Found:
    """The entry that answers, in the words of that day, and what else might have been meant."""

    entry: Entry
    score: float
    alternatives: tuple[Entry, ...]
    text: str
    sure: bool  # else the person is offered somebody who can find out


class Index:
    """Everything there is to answer, ready to be compared with a question."""

    def __init__(self, policy: Policy) -> None:
        from flows.policy.learning import learned  # scipy: not before it is needed

        self.entries = policy.entries
        foreign = len(policy.entries)  # the owner of what is not ours, after all entries
        pairs = [(i, s) for i, e in enumerate(policy.entries) for s in _samples(e)]
        pairs += [(foreign, s) for s in policy.wording.off_topic]
        self._concepts = Concepts(policy.concepts)
        self._learned = learned([s for _, s in pairs], [i for i, _ in pairs], self._concepts)

    def scores(self, text: str) -> list[float]:
        """How near the text is to each entry, in order; the last, to what is not ours."""
        found: list[float] = self._learned.scores(traits(text, self._concepts)).tolist()
        return found


def _samples(entry: Entry) -> tuple[str, ...]:
    return (entry.title, *entry.ask, "".join(entry.keywords), entry.text)


@lru_cache(maxsize=1)
def _index() -> Index:
    return Index(load())


def index() -> Index:
    """The index over the project's own policy data; seconds the first time, as it is then kept."""
    with _LEARNING:
        return _index()


def best(
    text: str, *, stage: Stage | None = None, region: str | None = None, on: date
) -> Found | None:
    """The entry that answers the question; None below the threshold or for foreign topics."""
    ranked = rank(index(), text, stage, region, on)
    if not ranked:
        return None
    score, entry = ranked[0]
    near = tuple(e for s, e in ranked[1:4] if s >= _NEAR * score)
    policy = load()
    told, sure = answer_text(entry, policy, on, region), is_sure(entry, policy, on, region)
    return Found(entry, score, near, told, sure)


def rank(
    index: Index, text: str, stage: Stage | None, region: str | None, on: date
) -> list[tuple[float, Entry]]:
    """Entries with their scores, best first; [] when none is near or a foreign topic is nearer.

    Whether there is an answer, the words alone decide; stage and place only choose among answers.
    """
    *scores, foreign = index.scores(text)
    if max(scores) < max(THRESHOLD, _FOREIGN * foreign):
        return []
    named = stages_in(text)
    scored = [
        (score * _fit(entry, named, stage, region), entry)
        for score, entry in zip(scores, index.entries, strict=True)
        if score > 0 and entry.effective_from <= on
    ]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].id))[:8]


def _fit(entry: Entry, named: frozenset[Stage], stage: Stage | None, region: str | None) -> float:
    """How well the entry suits the stages that were named, the child's own, and the place."""
    place = 1.0 if entry.may_cover(region) else _OTHER_PLACE
    if entry.stage is None:
        return place
    meant = named or ({stage} if stage else set())
    if not meant:
        return place
    return place * (_SAME_STAGE if entry.stage in meant else _OTHER_STAGE)
