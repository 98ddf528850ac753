"""What must be found nowhere: every name, number, place and word of people; and how to look."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
LETTERS = re.compile(r"[^\x00-\x7f]{2,}")
NUMBER = re.compile(r"\d{11,18}[\dXx]?")


def own_words() -> str:
    """The source of the service: a traceback quotes its lines, which name nobody."""
    folders = ("bot", "flows", "nlu", "storage")
    return "\n".join(
        path.read_text("utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py")
    )


def said_in(script: Any) -> Iterator[str]:
    """Every text of a golden conversation that a person typed, and every value that came of it."""
    if isinstance(script, dict):
        for value in script.values():
            yield from said_in(value)
    elif isinstance(script, list):
        for value in script:
            yield from said_in(value)
    elif isinstance(script, str):
        yield script


def needles(texts: Iterable[str]) -> set[str]:
    """What to look for: texts in people's letters, and long numbers."""
    found: set[str] = set()
    for text in texts:
        found |= set(NUMBER.findall(text))
        if LETTERS.search(text):
            found.add(text)
    return found


def leaks(written: str, sought: Iterable[str]) -> list[str]:
    """Which of these stand in what was written."""
    return sorted(needle for needle in sought if needle in written)


def foreign_letters(written: str, own: str) -> list[str]:
    """Runs of letters that no line of ours writes: somebody's words."""
    runs = {run for run in LETTERS.findall(written) if run.strip("…")}
    return sorted(run for run in runs if run.strip("…") not in own)
