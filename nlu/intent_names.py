"""What intents are called in Chinese and when they are meant, for people who read reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nlu.content import DATA, built
from nlu.types import Intent

PATH = DATA / "intent_names.yaml"


@dataclass(frozen=True)
class IntentName:
    """An intent in words: `group` is 办事 for tasks and 说话 for moves of the dialogue."""

    intent: Intent
    name: str
    about: str
    group: str


@lru_cache(maxsize=1)
def intent_names() -> Mapping[str, IntentName]:
    """All intents in the order in which they are offered."""
    return built(PATH, names_of)


def names_of(found: dict[str, dict[str, Any]]) -> Mapping[str, IntentName]:
    """The names by the key of the intent."""
    return {key: IntentName(Intent(key), **value) for key, value in found.items()}


def chinese(intent: str) -> str:
    """The name of an intent; one without a name is called by its key."""
    known = intent_names().get(intent)
    return known.name if known else intent
