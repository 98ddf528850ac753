"""Understanding as the JSON of Rasa's `/model/parse`, which outside programs read."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nlu.classify.training import ENTITY_TYPES
from nlu.types import Entity, Understanding

_LOCAL = ZoneInfo("Asia/Shanghai")


def as_moment(text: str) -> datetime:
    """An ISO moment in UTC; without an offset it is local time of Inner Mongolia (UTC+8).

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=_LOCAL)).astimezone(UTC)


def read_line(line: str, now: datetime) -> tuple[str, datetime]:
    """The text of an input line and the moment it counts from.

    A line may be JSON with `text` and optionally `now`; any other line is the text itself.
    """
    if line.lstrip().startswith("{"):
        try:
            data = json.loads(line)
        except ValueError:
            return line, now
        if isinstance(data, dict) and isinstance(data.get("text"), str):
            return data["text"], _moment_or(data.get("now"), now)
    return line, now


def _moment_or(value: object, now: datetime) -> datetime:
    try:
        return as_moment(value) if isinstance(value, str) else now
    except (ValueError, OverflowError):
        return now


def as_json(understood: Understanding) -> dict[str, Any]:
    """The public shape: text, intent, intent_ranking and the public entity types."""
    return {
        "text": understood.text,
        "intent": _scored(understood.intent, understood.confidence),
        "intent_ranking": [_scored(name, score) for name, score in understood.ranking],
        "entities": [_entity(entity) for entity in _public(understood.entities)],
    }


def _public(entities: Sequence[Entity]) -> list[Entity]:
    """Firm entities of the public types; the place inside a school's name belongs to the name."""
    schools = [e for e in entities if e.entity == "school" and not e.weak]
    return [
        entity
        for entity in sorted(entities, key=lambda found: (found.start, found.end))
        if entity.entity in ENTITY_TYPES
        and not entity.weak
        and not (
            entity.entity == "region"
            and any(s.start <= entity.start and entity.end <= s.end for s in schools)
        )
    ]


def _scored(name: str, confidence: float) -> dict[str, Any]:
    return {"name": str(name), "confidence": round(float(confidence), 4)}


def _entity(entity: Entity) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "entity": entity.entity,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
    }
    if not entity.valid:
        shown["valid"] = False
    if entity.code:
        shown["code"] = entity.code
    if entity.path:
        shown["path"] = list(entity.path)
    if entity.candidates:
        shown["candidates"] = list(entity.candidates)
    return shown
