"""Word lists that a colleague may extend without Python: patterns in YAML under nlu/data/lexicon.

A list is `value: [word or regular expression, ...]`; several spellings mean one value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlu import content
from nlu.content import built, pattern

DATA = content.DATA / "lexicon"


@dataclass(frozen=True)
class Hit:
    """One word of a list found in a text."""

    value: str
    start: int
    end: int


@lru_cache(maxsize=32)
def _patterns(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return built(DATA / f"{name}.yaml", patterns_of)


def patterns_of(data: dict[str, list[str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The words of a list as they are looked for."""
    return tuple((str(value), pattern("|".join(words))) for value, words in data.items())


def find(name: str, text: str) -> Iterator[Hit]:
    """Every word of the list `name` in `text`, list order first."""
    for value, words in _patterns(name):
        for match in words.finditer(text):
            if match.end() > match.start():
                yield Hit(value, match.start(), match.end())
