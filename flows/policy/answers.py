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
from flows.policy.traits import Wordings, plain, traits
from flows.policy.types import Entry, Policy, Stage

THRESHOLD = 0.15
SURE = 0.5  # below it a person is offered too; of our own test questions few right answers are
_OTHER_STAGE, _SAME_STAGE, _OTHER_PLACE = 0.6, 1.15, 0.7
_FOREIGN = 2.0  # no answer is better than a wrong one: what is not ours weighs more
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
        from flows.policy.kept import learned  # numpy: not before it is needed

        self.entries = policy.entries
        foreign = len(policy.entries)  # the owner of what is not ours, after all entries
        pairs = [(i, s) for i, e in enumerate(policy.entries) for s in _samples(e)]
        pairs += [(foreign, s) for s in policy.wording.off_topic]
        self._wordings = Wordings(policy.concepts)
        self._sums = policy.concepts.sums
        self._learned = learned([s for _, s in pairs], [i for i, _ in pairs], self._wordings)

    def scores(self, text: str) -> list[float]:
        """How near the text is to each entry, in order; the last, to what is not ours."""
        found: list[float] = self._learned.scores(
            traits(text, self._wordings, self._learned.heard)
        ).tolist()
        return found

    def overview(self, text: str) -> Entry | None:
        """What answers a question about a sum that names neither a programme nor a stage."""
        named = set(self._wordings.named(plain(text)))
        if self._sums.asked not in named or not named <= self._sums.vague:
            return None
        return next((e for e in self.entries if e.id == self._sums.answer), None)


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
    doubted = score < SURE
    told = answer_text(entry, policy, on, region, doubted=doubted)
    sure = not doubted and is_sure(entry, policy, on, region)
    return Found(entry, score, near, told, sure)


def told(entry_id: str, *, region: str | None = None, on: date) -> str | None:
    """One entry in the words of that day, when something else than its words led to it.

    None when colleagues took it out of the policy data.
    """
    policy = load()
    entry = next((e for e in policy.entries if e.id == entry_id), None)
    return answer_text(entry, policy, on, region) if entry else None


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
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    return _with_first(index.overview(text), scored, named, stage)[:8]


def _with_first(
    overview: Entry | None,
    scored: list[tuple[float, Entry]],
    named: frozenset[Stage],
    stage: Stage | None,
) -> list[tuple[float, Entry]]:
    """A vague question about a sum: what is for the child's stage first, else the overview."""
    if overview is None or named or not scored or scored[0][1].topic != overview.topic:
        return scored
    others = [(score, entry) for score, entry in scored if entry is not overview]
    suited = [(score, entry) for score, entry in others if stage and entry.stage is stage]
    first = suited[0] if suited else (scored[0][0], overview)
    return [first, *(pair for pair in others if pair[1] is not first[1])]


def _fit(entry: Entry, named: frozenset[Stage], stage: Stage | None, region: str | None) -> float:
    """How well the entry suits the stages that were named, the child's own, and the place."""
    place = 1.0 if entry.may_cover(region) else _OTHER_PLACE
    if entry.stage is None:
        return place
    meant = named or ({stage} if stage else set())
    if not meant:
        return place
    return place * (_SAME_STAGE if entry.stage in meant else _OTHER_STAGE)
