"""What a question shows of its meaning: its characters, their sounds, and what it names.

Dictated words may be written wrongly and keep their sound; concepts.yaml brings the many ways of
naming one thing together, and two things named together tell what is asked of which.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from flows.policy.sounds import Sounds
from flows.policy.types import Concepts

Traits = dict[str, Counter[str]]
"""Counted traits by block: c characters, u usual words, s sounds, n names, p pairs of names."""

LONGEST = 300  # characters of a question that are looked at
_NOT_SPEECH = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


def plain(text: str) -> str:
    """The text without punctuation, spaces and differences of width or case."""
    return _NOT_SPEECH.sub("", unicodedata.normalize("NFKC", text).lower())[:LONGEST]


class Wordings:
    """The many ways of naming one thing, from concepts.yaml."""

    def __init__(self, concepts: Concepts) -> None:
        self.content = repr((list(concepts.concepts.items()), list(concepts.same.items())))
        self._named = [(name, re.compile(one)) for name, one in concepts.concepts.items()]
        self._same = [(word, re.compile(others)) for word, others in concepts.same.items()]

    def named(self, short: str) -> list[str]:
        """What the plain text names, in the order of the file."""
        return [name for name, pattern in self._named if pattern.search(short)]

    def usual(self, short: str) -> str:
        """The plain text in usual words, without what only fills; itself when nothing is left."""
        for word, others in self._same:
            short = others.sub(word, short) or short
        return short


def traits(text: str, wordings: Wordings, heard: Sounds) -> Traits:
    """All traits of a text as people write it."""
    short = plain(text)
    named = wordings.named(short)
    sounds = [heard.sound(character) for character in short]
    return {
        "c": Counter(_runs(short, (1, 2, 3), "")),
        "u": Counter(_runs(wordings.usual(short), (1, 2, 3), "")),
        "s": Counter(_runs(sounds, (2, 3), "-")),
        "n": Counter(named),
        "p": Counter(f"{a}+{b}" for i, a in enumerate(named) for b in named[i + 1 :]),
    }


def _runs(parts: Sequence[str], sizes: tuple[int, ...], glue: str) -> Iterator[str]:
    for size in sizes:
        yield from (glue.join(parts[i : i + size]) for i in range(len(parts) - size + 1))
