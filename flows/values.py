"""From an entity of the text to the value a slot keeps, or the problem to tell."""

from typing import Any

from flows.ports import Place
from flows.say import Choice
from flows.steps import AnyFlow, Ask, Moment, Problem
from nlu.types import Entity

UNKNOWN = "unknown"
"""A required answer that the person does not know, kept as such."""
NOT_YET = "not_yet"
"""In place of the day: the child still goes to school and is about to stop."""


def place_value(place: Place) -> dict[str, Any]:
    """What a region slot keeps."""
    return {"code": place.code, "name": place.name, "path": list(place.path)}


def value_of(flow: AnyFlow, step: Ask[Any], entity: Entity, old: Any) -> Any | Problem:
    """The value of an entity for a step; several hardships add up in one list."""
    if not entity.valid:
        return Problem(f"{flow.name}.{step.slot}.invalid", {"said": entity.value})
    if entity.entity == "region":
        return _region(flow, step, entity)
    if step.multiple:
        kept = list(old) if isinstance(old, list) else []
        values = entity.value if isinstance(entity.value, list) else [entity.value]
        return kept + [value for value in values if value not in kept]
    return entity.value


def _region(flow: AnyFlow, step: Ask[Any], entity: Entity) -> Any | Problem:
    if entity.code:
        return {"code": entity.code, "name": entity.value, "path": list(entity.path)}
    pairs = zip(entity.candidates, entity.candidate_codes, strict=False)
    choices = tuple(
        Choice(path.removeprefix("内蒙古自治区/").replace("/", " "), _press(flow, step, code), True)
        for path, code in list(pairs)[:6]
    )
    key = "which" if choices else "unknown_place"
    name = f"{flow.name}.{step.slot}.{key}"
    return Problem(name, {"said": entity.value}, choices, only_if_asked=True)


def _press(flow: AnyFlow, step: Ask[Any], value: str) -> str:
    return f"!{flow.name}.{step.slot}={value}"


async def value_of_press(step: Ask[Any], value: str, old: Any, moment: Moment) -> Any | Problem:
    """The value that a pressed button gives a slot."""
    if "region" in step.takes:
        place = moment.lookup.place(value)
        return place_value(place) if place else _unusable(step)
    if step.yes_no:
        return value == "yes"
    if step.may_be_unknown and value == UNKNOWN:
        return UNKNOWN
    if step.multiple:
        kept = list(old) if isinstance(old, list) else []
        if value == "none":
            return []
        is_new = value in step.options and value not in kept
        return [*kept, value] if is_new else kept
    if step.choices is not None or value in step.options or value == step.fallback:
        return value
    is_number = step.counts and "date" not in step.takes and value.isdecimal()
    return int(value) if is_number else _unusable(step)


def _unusable(step: Ask[Any]) -> Problem:
    """No button of ours sends this."""
    return Problem(f"slot.{step.slot}.retry")
