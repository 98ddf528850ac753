"""Shared by the tests of extraction: one fixed moment and short ways to read a text."""

from datetime import UTC, datetime

from nlu.entities import extract
from nlu.types import Context, Entity

# Monday 23 November 2026, 10:00 in Asia/Shanghai.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def read(text: str, expecting: str | None = None, home: str | None = None) -> tuple[Entity, ...]:
    """The entities of a text said now."""
    return extract(text, Context(NOW, expecting, home))


def values(
    text: str, kind: str, expecting: str | None = None, home: str | None = None
) -> list[object]:
    """The values of one kind, in order."""
    return [e.value for e in read(text, expecting, home) if e.entity == kind]


def only(text: str, kind: str, expecting: str | None = None, home: str | None = None) -> Entity:
    """The one entity of a kind."""
    found = [e for e in read(text, expecting, home) if e.entity == kind]
    assert len(found) == 1, found
    return found[0]
