"""A text as counted n-grams of words, characters and sounds, and the concepts it names.

Training and inference share this code, so that they cannot drift apart.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from nlu.content import built, pattern
from nlu.dictionary import tokenizer
from nlu.fold import fold
from nlu.tables.kept import tables

LONGEST = 400  # characters that decide an intent; the rest of a long story adds only noise
BLOCKS = ("w", "c", "s", "k")  # words, characters, sounds, concepts: each of unit length

_DATA = Path(__file__).parent.parent / "data"
PATH = _DATA / "concepts.yaml"
_LONG_NUMBER = re.compile(r"\d[\dx\-* ]{9,}[\dx]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_GAP = re.compile(r"[\W_]+")
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@cache
def _concepts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return built(PATH, concepts_of)


def concepts_of(table: dict[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The concepts as they are looked for."""
    return tuple((str(name), pattern(str(words))) for name, words in table.items())


def _concept_grams(short: str) -> Iterator[str]:
    """The concepts a text names, and each pair of them: 撤 with 申请 is not 撤 with 报名."""
    named = [name for name, words in _concepts() if words.search(short)]
    for place, name in enumerate(named):
        yield f"k1{name}"
        for other in named[place + 1 :]:
            yield f"k2{name}+{other}"


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    """The syllable without tone; z/zh, c/ch, s/sh and n/ng at the end fall together."""
    syllable = tables().readings.of_character(character)
    for long, short in _FUZZY:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    return syllable[:-1] if syllable.endswith("ng") else syllable


def plain(text: str) -> str:
    """The folded text with numbers made alike and punctuation made one space."""
    short = fold(text)[:LONGEST]
    short = _NUMBER.sub("0", _LONG_NUMBER.sub("nn", short))
    question = "?" if "?" in short else ""
    return _GAP.sub(" ", short).strip() + question


def _grams(parts: list[str], low: int, high: int, tag: str, glue: str) -> list[str]:
    return [
        f"{tag}{size}{glue.join(parts[start : start + size])}"
        for size in range(low, high + 1)
        for start in range(len(parts) - size + 1)
    ]


def _character_grams(clean: str) -> list[str]:
    """Single characters, then two to four of them, with marks for the start and the end."""
    marked = f"^{clean}$"
    found = [f"c1{character}" for character in clean]
    for size in (2, 3, 4):
        tag = f"c{size}"
        found += [tag + marked[at : at + size] for at in range(len(marked) - size + 1)]
    return found


def grams(text: str) -> dict[str, Counter[str]]:
    """Counted n-grams of each block."""
    clean = plain(text)
    if not clean:
        return {}
    tokens = [word for word in tokenizer().lcut(clean) if word.strip()]
    sounds = [_sound(character) for character in clean if character != " "]
    return {
        "w": Counter(_grams(tokens, 1, 2, "w", " ")),
        "c": Counter(_character_grams(clean)),
        "s": Counter(_grams(sounds, 2, 3, "s", "-")),
        "k": Counter(_concept_grams(fold(text)[:LONGEST])),
    }
