"""Small damage to an input: all that a fuzzer without coverage does."""

import random
from collections.abc import Callable, Sequence

from tests.fuzz.sentences import PIECES


def text(said: str, other: str, chance: random.Random, longest: int = 5000) -> str:
    """One to five changes to the words; `other` lends a part of itself."""
    for _ in range(chance.randint(1, 5)):
        said = chance.choice(_TEXT)(said, other, chance)
    return said[:longest]


def raw(content: bytes, other: bytes, chance: random.Random, longest: int = 1 << 16) -> bytes:
    """One to six changes to the bytes."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        chance.choice(_RAW)(found, other, chance)
    return bytes(found[:longest])


def _span(said: Sequence[object], chance: random.Random, most: int = 12) -> tuple[int, int]:
    start = chance.randint(0, len(said))
    return start, min(len(said), start + chance.randint(0, most))


def _insert(said: str, other: str, chance: random.Random) -> str:
    at = chance.randint(0, len(said))
    return said[:at] + chance.choice(PIECES) + said[at:]


def _replace(said: str, other: str, chance: random.Random) -> str:
    start, end = _span(said, chance, 3)
    return said[:start] + chance.choice(PIECES) + said[end:]


def _drop(said: str, other: str, chance: random.Random) -> str:
    start, end = _span(said, chance)
    return said[:start] + said[end:]


def _twice(said: str, other: str, chance: random.Random) -> str:
    start, end = _span(said, chance)
    return said[:end] + said[start:end] * chance.choice((1, 1, 2, 9)) + said[end:]


def _splice(said: str, other: str, chance: random.Random) -> str:
    start, end = _span(other, chance, 30)
    at = chance.randint(0, len(said))
    return said[:at] + other[start:end] + said[at:]


def _digits(said: str, other: str, chance: random.Random) -> str:
    return "".join(str(chance.randint(0, 9)) if letter.isdigit() else letter for letter in said)


def _any_letter(said: str, other: str, chance: random.Random) -> str:
    high = chance.choice((0x7F, 0x3000, 0xFFFF, 0x10FFFF))
    code = chance.randint(0, high)
    letter = "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
    at = chance.randint(0, len(said))
    return said[:at] + letter + said[at:]


_TEXT: tuple[Callable[[str, str, random.Random], str], ...] = (
    _insert, _insert, _replace, _drop, _twice, _splice, _digits, _any_letter,
)  # fmt: skip


def _flip(found: bytearray, other: bytes, chance: random.Random) -> None:
    if found:
        found[chance.randrange(len(found))] ^= 1 << chance.randint(0, 7)


def _set(found: bytearray, other: bytes, chance: random.Random) -> None:
    if found:
        found[chance.randrange(len(found))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x7B))


def _cut(found: bytearray, other: bytes, chance: random.Random) -> None:
    start, end = _span(found, chance, 64)
    del found[start:end]


def _put(found: bytearray, other: bytes, chance: random.Random) -> None:
    piece = chance.choice(PIECES).encode()
    at = chance.randint(0, len(found))
    found[at:at] = piece


def _borrow(found: bytearray, other: bytes, chance: random.Random) -> None:
    start, end = _span(other, chance, 64)
    at = chance.randint(0, len(found))
    found[at:at] = other[start:end]


_RAW: tuple[Callable[[bytearray, bytes, random.Random], None], ...] = (
    _flip, _flip, _set, _set, _cut, _put, _borrow,
)  # fmt: skip
