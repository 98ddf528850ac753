"""Finds the policy entry that answers a question, or none rather than a wrong one.

Character n-grams weighed by rarity, plus keywords; sample questions of foreign topics compete too.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flows.aid.eligibility import stages_in
from flows.policy.loader import load
from flows.policy.render import answer_text
from flows.policy.types import Entry, Policy, Stage, Wording

THRESHOLD = 0.4
_OFF_TOPIC = -1
_KEYWORD_SHARE, _VOCABULARY_SHARE = 0.4, 1.0
_ANSWER_COUNT = 1  # a gram of the answer counts as one sample question
_OTHER_STAGE, _SAME_STAGE, _OTHER_PLACE, _OTHER_SUBJECT = 0.7, 1.12, 0.7, 0.75
_LONGEST = 300  # characters of a question that are looked at
_SIZES = {1: 1.0, 2: 1.0, 3: 0.7}  # n-gram length -> weight
_NOT_SPEECH = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Found:
    """The entry that answers, in the words of that day, and what else might have been meant."""

    entry: Entry
    score: float
    alternatives: tuple[Entry, ...]
    text: str


class Index:
    """Sample questions as weighted n-grams, ready to be compared with a question."""

    def __init__(self, policy: Policy) -> None:
        self.entries = policy.entries
        self._reader = _Reader(policy.wording)
        owners, samples = self._samples(policy)
        grams = [Counter(_grams(self._reader.read(sample))) for sample in samples]
        self._owners = owners
        self._rarity = _rarity(grams)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, counted in enumerate(grams):
            for gram, weight in self._weighted(counted).items():
                self._postings[gram].append((number, weight))
        self._vocabulary = self._pooled(owners, grams)
        self._keywords = self._keyword_weights()
        self._subjects = [self._reader.read(word) for word in policy.wording.subjects]
        self._about = [self._entry_subjects(entry) for entry in policy.entries]

    @staticmethod
    def _samples(policy: Policy) -> tuple[list[int], list[str]]:
        pairs = [(i, s) for i, e in enumerate(policy.entries) for s in (e.title, *e.ask)]
        pairs += [(_OFF_TOPIC, s) for s in policy.wording.off_topic]
        return [owner for owner, _ in pairs], [sample for _, sample in pairs]

    def _pooled(self, owners: list[int], grams: list[Counter[str]]) -> list[dict[str, float]]:
        """How strongly each gram speaks for an entry, from all its samples, words and answer."""
        pooled: list[Counter[str]] = [Counter() for _ in self.entries]
        for owner, counted in zip(owners, grams, strict=True):
            if owner != _OFF_TOPIC:
                pooled[owner].update(counted.keys())
        for own, entry in zip(pooled, self.entries, strict=True):
            own.update(dict.fromkeys(_grams(self._reader.read(entry.text)), _ANSWER_COUNT))
        spread = Counter(gram for own in pooled for gram in own)
        rarest = math.log(1 + len(pooled))
        return [
            {g: n / (n + 1.5) * (rarest - math.log(spread[g])) / rarest for g, n in own.items()}
            for own in pooled
        ]

    def vocabulary_score(self, entry: int, shares: dict[str, float]) -> float:
        """The share of the question that the entry's vocabulary speaks for, 0 to 1."""
        own = self._vocabulary[entry]
        return sum(share * own[gram] for gram, share in shares.items() if gram in own)

    def shares(self, read: str) -> dict[str, float]:
        """How much of the question each of its grams carries, adding up to 1."""
        rarest = max(self._rarity.values(), default=1.0)
        weights = {g: self._rarity.get(g, rarest) * _SIZES[len(g)] for g in _grams(read)}
        total = sum(weights.values()) or 1.0
        return {gram: weight / total for gram, weight in weights.items()}

    def _keyword_weights(self) -> list[dict[str, float]]:
        words = [{self._reader.read(w) for w in e.keywords} - {""} for e in self.entries]
        shared = Counter(word for own in words for word in own)
        return [
            {word: min(len(word), 4) / 4 / math.sqrt(shared[word]) for word in own} for own in words
        ]

    def _weighted(self, counted: Counter[str]) -> dict[str, float]:
        """Unit-length weights; a gram that no sample has weighs as the rarest one."""
        rarest = max(self._rarity.values(), default=1.0)
        raw = {
            g: math.sqrt(n) * self._rarity.get(g, rarest) * _SIZES[len(g)]
            for g, n in counted.items()
        }
        length = math.sqrt(sum(w * w for w in raw.values())) or 1.0
        return {gram: weight / length for gram, weight in raw.items()}

    def _entry_subjects(self, entry: Entry) -> tuple[frozenset[str], frozenset[str]]:
        """The subjects that the entry's samples mostly name, and those that any of them names."""
        read = [self._reader.read(sample) for sample in (entry.title, *entry.ask)]
        named = Counter(word for sample in read for word in self._subjects if word in sample)
        words = (*entry.keywords, entry.title)
        listed = {s for s in self._subjects for w in words if s in self._reader.read(w)}
        return (
            frozenset(word for word, n in named.items() if n >= 0.6 * len(read)),
            frozenset(named) | listed,
        )

    def subject_fit(self, entry: int, read: str) -> float:
        """1 when question and entry are about the same subjects, less for each that differs."""
        asked = {word for word in self._subjects if word in read}
        mostly, ever = self._about[entry]
        return float(_OTHER_SUBJECT ** (len(asked - ever) + len(mostly - asked)))

    def similar(self, text: str) -> tuple[dict[int, float], str]:
        """The likeness of the best sample of each entry, and the text as it was read."""
        read = self._reader.read(text[:_LONGEST])
        hits: dict[int, float] = defaultdict(float)
        for gram, weight in self._weighted(Counter(_grams(read))).items():
            for number, sample_weight in self._postings.get(gram, ()):
                hits[number] += weight * sample_weight
        best: dict[int, float] = defaultdict(float)
        for number, score in hits.items():
            best[self._owners[number]] = max(best[self._owners[number]], score)
        return best, read

    def keyword_score(self, entry: int, read: str) -> float:
        """How much of the entry's own vocabulary the text uses, at most 1."""
        found = [(w, weight) for w, weight in self._keywords[entry].items() if w in read]
        longest = (x for x in found if not any(x[0] != w and x[0] in w for w, _ in found))
        return min(1.0, sum(weight for _, weight in longest))

    def score(self, entry: int, likeness: float, read: str, shares: dict[str, float]) -> float:
        """Likeness, keywords and subjects together; about 1 for a question asked as written."""
        own = likeness + _KEYWORD_SHARE * self.keyword_score(entry, read)
        own += _VOCABULARY_SHARE * self.vocabulary_score(entry, shares)
        return own * self.subject_fit(entry, read)


class _Reader:
    """Brings different ways to say the same to one form."""

    def __init__(self, wording: Wording) -> None:
        self._say = {**dict.fromkeys(wording.fillers, ""), **wording.synonyms}
        longest_first = sorted(self._say, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def read(self, text: str) -> str:
        plain = _NOT_SPEECH.sub("", unicodedata.normalize("NFKC", text).lower())
        return self._pattern.sub(lambda found: self._say[found[0]], plain)


def _grams(text: str) -> Iterable[str]:
    for size in _SIZES:
        yield from (text[i : i + size] for i in range(len(text) - size + 1))


def _rarity(grams: list[Counter[str]]) -> dict[str, float]:
    seen = Counter(gram for counted in grams for gram in counted)
    return {gram: math.log((1 + len(grams)) / (1 + n)) + 0.2 for gram, n in seen.items()}


@lru_cache(maxsize=2)
def index() -> Index:
    """The index over the project's own policy data, built once."""
    return Index(load())


def best(
    text: str, *, stage: Stage | None = None, region: str | None = None, on: date
) -> Found | None:
    """The entry that answers the question; None below the threshold or for foreign topics."""
    ranked = rank(index(), text, stage, region, on)
    if not ranked or ranked[0][0] < THRESHOLD:
        return None
    score, entry = ranked[0]
    near = tuple(e for s, e in ranked[1:4] if s >= 0.75 * score)
    return Found(entry, score, near, answer_text(entry, load(), on, region))


def rank(
    index: Index, text: str, stage: Stage | None, region: str | None, on: date
) -> list[tuple[float, Entry]]:
    """Entries with their scores, best first; [] when a foreign topic is nearer than any."""
    likeness, read = index.similar(text)
    shares, named = index.shares(read), stages_in(text)
    foreign = likeness.pop(_OFF_TOPIC, 0.0)
    scored = [
        (index.score(i, alike, read, shares) * _fit(e, named, stage, region), e)
        for i, alike in likeness.items()
        if (e := index.entries[i]).effective_from <= on
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    nearest = max(likeness.values(), default=0.0)
    return [] if foreign > nearest else scored[:8]


def _fit(entry: Entry, named: frozenset[Stage], stage: Stage | None, region: str | None) -> float:
    """How well the entry suits the stages that were named, the child's own, and the place."""
    place = 1.0 if entry.may_cover(region) else _OTHER_PLACE
    if entry.stage is None:
        return place
    if named:
        return place * (_SAME_STAGE if entry.stage in named else _OTHER_STAGE)
    return place * (_SAME_STAGE if entry.stage is stage else 1.0)
