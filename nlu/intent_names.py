"""What intents are called in Chinese and when they are meant, for people who read reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from nlu.types import Intent

_FILE = Path(__file__).parent / "data" / "intent_names.yaml"


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
    found: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return {key: IntentName(Intent(key), **value) for key, value in found.items()}


def chinese(intent: str) -> str:
    """The name of an intent; one without a name is called by its key."""
    known = intent_names().get(intent)
    return known.name if known else intent
