"""Cuts a text into the sub-word pieces that the encoder knows (SentencePiece's unigram model).

Plain Python, because the vocabulary is pruned to what Chinese text needs and a sentence takes
some tens of microseconds.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_SPACES = re.compile(" +")
_WORD_START = "\u2581"  # how SentencePiece writes a space
_IMPOSSIBLE = -1e30
_UNKNOWN_PENALTY = 10.0  # how much less likely an unknown character is than the rarest piece
LONGEST = 100  # pieces that the encoder reads, marks at both ends included


@dataclass(frozen=True)
class Pieces:
    """A vocabulary of pieces with their log probabilities; the position of a piece is its id."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    folds: Mapping[str, str]  # characters that the model was trained to see as others
    begin: int
    end: int
    pad: int
    unknown: int
    prefix: str = "query: "  # e5 models expect it before a text that is to be compared
    _known: dict[str, tuple[int, float]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pairs = enumerate(zip(self.texts, self.scores, strict=True))
        known = {text: (i, score) for i, (text, score) in pairs if text and i != self.unknown}
        object.__setattr__(self, "_known", known)

    @cached_property
    def _reach(self) -> dict[str, int]:
        """How long the longest piece is that begins with these two characters."""
        reach: dict[str, int] = {}
        for text in self._known:
            if len(text) > 1:
                reach[text[:2]] = max(reach.get(text[:2], 0), len(text))
        return reach

    @cached_property
    def _unknown_score(self) -> float:
        return min(self.scores) - _UNKNOWN_PENALTY

    def ids(self, text: str) -> list[int]:
        """The ids of a text as the encoder wants them: marks, prefix, at most LONGEST."""
        return [self.begin, *self.segment(self.prefix + text)[: LONGEST - 2], self.end]

    def segment(self, text: str) -> list[int]:
        """The most probable cut of the text, as ids (Viterbi's algorithm)."""
        plain = self._plain(text)
        best: list[float] = [0.0] + [_IMPOSSIBLE] * len(plain)
        came: list[tuple[int, int]] = [(0, 0)] * (len(plain) + 1)
        known, reach, unknown_score = self._known.get, self._reach.get, self._unknown_score
        for start in range(len(plain)):
            here = best[start]
            farthest = start + reach(plain[start : start + 2], 1)
            for end in range(start + 1, min(len(plain), farthest) + 1):
                hit = known(plain[start:end])
                if hit is not None and here + hit[1] > best[end]:
                    best[end], came[end] = here + hit[1], (start, hit[0])
            if here + unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = here + unknown_score, (start, self.unknown)
        found: list[int] = []
        end = len(plain)
        while end > 0:
            end, piece = came[end]
            found.append(piece)
        return found[::-1]

    def _plain(self, text: str) -> str:
        folded = _SPACES.sub(" ", "".join(self.folds.get(char, char) for char in text))
        return (folded if folded.startswith(" ") else " " + folded).replace(" ", _WORD_START)

    def to_json(self) -> str:
        """As text that `from_json` reads back; scores keep four places."""
        fields = ("texts", "folds", "begin", "end", "pad", "unknown", "prefix")
        data: dict[str, Any] = {name: getattr(self, name) for name in fields}
        data["scores"] = [round(score, 4) for score in self.scores]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Pieces":
        """Raises ValueError, KeyError or TypeError when the text is not what `to_json` wrote."""
        data = json.loads(text)
        data["texts"], data["scores"] = tuple(data["texts"]), tuple(data["scores"])
        return cls(**data)
