"""Damage inside a document: a value becomes one of another kind, a key goes or comes twice."""

import json
import random
from collections.abc import Callable
from typing import Any

from tests.fuzz import mutating

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 61, 1 << 31, 1 << 63, 10**30, 0.5, 1e308, float("nan")),
    *(
        "",
        " ",
        "x",
        "0",
        "-1",
        "一",
        "\x00",
        "../x",
        "{",
        "{x",
        "{0}",
        "{a.b}",
        "%s",
        "(",
        "[",
        "*",
    ),
    *("2026-02-30", "9999-12-31", "0001-01-01", "24:00", "12-31", "02-29", "\ud800", "喵" * 300),
    *([], {}, [[]], [None], [{}], {"": None}, {"x": {"x": []}}, [1, "1", 1.0]),
)


def bent(document: Any, chance: random.Random) -> Any:
    """A copy with one to three values changed; the document itself stays as it is."""
    for _ in range(chance.randint(1, 3)):
        document = _bent(document, chance)
    return document


def bent_json(content: bytes, chance: random.Random) -> bytes:
    """A body with some of its values changed, or some of its letters when it is no JSON."""
    try:
        return json.dumps(bent(json.loads(content), chance), ensure_ascii=False).encode()
    except (ValueError, RecursionError):  # damaged before, or half a character in it
        return mutating.text(content.decode("utf-8", "replace"), '"', chance).encode()


def _bent(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.95:
        return _in_mapping(value, chance)
    if isinstance(value, list) and value and chance.random() < 0.95:
        return _in_list(value, chance)
    return chance.choice(_CHANGES)(value, chance)


def _in_mapping(value: dict[Any, Any], chance: random.Random) -> dict[Any, Any]:
    key, kind = chance.choice(list(value)), chance.random()
    if kind < 0.08:
        return {each: inside for each, inside in value.items() if each != key}
    if kind < 0.14:
        return {**value, chance.choice(("x", "", f"{key}2", 7)): value[key]}
    return {**value, key: _bent(value[key], chance)}


def _in_list(value: list[Any], chance: random.Random) -> list[Any]:
    place, kind = chance.randrange(len(value)), chance.random()
    if kind < 0.08:
        return value[:place] + value[place + 1 :]
    if kind < 0.14:
        return [*value, value[place]]
    return [*value[:place], _bent(value[place], chance), *value[place + 1 :]]


def _other(value: Any, chance: random.Random) -> Any:
    return chance.choice(ODD)


def _near(value: Any, chance: random.Random) -> Any:
    if isinstance(value, int | float):
        return value + chance.choice((-1, 1, 1000, -(10**12)))
    if isinstance(value, str):
        cut = chance.randint(0, len(value))
        return value[:cut] + chance.choice(("", "x", "7", "{", "\n", value)) + value[cut + 1 :]
    return [value]


_CHANGES: tuple[Callable[[Any, random.Random], Any], ...] = (_other, _near, _near)
