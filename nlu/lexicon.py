"""Word lists that a colleague may extend without Python: patterns in YAML under nlu/data/lexicon.

A list is `value: [word or regular expression, ...]`; several spellings mean one value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data" / "lexicon"


@dataclass(frozen=True)
class Hit:
    """One word of a list found in a text."""

    value: str
    start: int
    end: int


@lru_cache(maxsize=32)
def _patterns(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return tuple((value, re.compile("|".join(words))) for value, words in data.items())


def find(name: str, text: str) -> Iterator[Hit]:
    """Every word of the list `name` in `text`, list order first."""
    for value, pattern in _patterns(name):
        for match in pattern.finditer(text):
            if match.end() > match.start():
                yield Hit(value, match.start(), match.end())
