"""Words that the dictionary itself takes for names of people."""

from functools import cache
from pathlib import Path

import jieba


@cache
def names_of_people() -> frozenset[str]:
    """Its names of two characters: 白雪, 李娜."""
    path = Path(jieba.__file__).parent / "dict.txt"
    entries = (line.split(" ", 2) for line in path.read_text("utf-8").splitlines())
    return frozenset(word for word, _, tag in entries if len(word) == 2 and tag.startswith("nr"))
