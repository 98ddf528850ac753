"""What a fuzz target is: one parser of outside input, and what it may answer."""

import json
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.fuzz import mutating

_Choice = TypeVar("_Choice")


@dataclass(frozen=True)
class Target:
    """`run` swallows the documented refusals; whatever else it raises is a bug.

    `share` is how much of a whole run this parser gets; slow ones get less.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    share: float
    is_text: bool = True
    longest: int = 1 << 14  # bytes; rules over words take a second for a whole book
    damage: Callable[[bytes, random.Random], bytes] | None = None  # knows what is inside

    def changed(self, content: bytes, other: bytes, chance: random.Random) -> bytes:
        """A damaged copy of an input."""
        often = 0.6 if self.is_text else 0.9  # a broken container hides all that is in it
        if self.damage is not None and chance.random() < often:
            return self.damage(content, chance)[: self.longest]
        if self.is_text:
            longest = self.longest // 3
            return mutating.text(words(content), words(other), chance, longest).encode()
        return mutating.raw(content, other, chance)


def words(content: bytes) -> str:
    """The bytes as text that a channel may hand on: no halves of characters."""
    return content.decode("utf-8", "replace")


def one_of(choices: tuple[_Choice, ...], content: bytes, salt: int = 0) -> _Choice:
    """A choice that the same input always makes, so that a kept case is nothing but the input."""
    return choices[zlib.crc32(content, salt) % len(choices)]


def json_of(content: bytes) -> Any:
    """What the HTTP side would make of a body; None when it is no JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
