"""The summary before filing: every answer, each of which can be changed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flows.say import Choice, Say
from flows.state import Frame, Item
from flows.steps import AnyFlow, Ask, Moment
from flows.values import UNKNOWN


async def sum_up(flow: AnyFlow, moment: Moment) -> Say:
    """Show all answers and ask whether they are right."""
    frame = moment.frame
    frame.stage, frame.asked = "confirming", None
    lines = list(summary_lines(flow, frame))
    extra = await flow.summary(flow.views(frame), moment) if flow.summary else ()
    no = Choice("common.keep", "!confirm=no")
    choices = (
        Choice(f"{flow.name}.confirm.yes", "!confirm=yes"),
        no if flow.undoes else Choice("common.change", "!confirm=change"),
    )
    told = {"lines": [*lines, *extra]}
    say = Say(f"{flow.name}.confirm", {**frame.marks.get("values", {}), **told}, choices)
    return say.marked(flow=flow.shown, asks=flow.confirm)


def summary_lines(flow: AnyFlow, frame: Frame) -> Iterator[Say]:
    """One line an answer; several children one after the other, what they share last."""
    several = len(frame.items) > 1
    shared = {step.slot for step in flow.steps if several and step.shared}
    for number, item in enumerate(frame.items, start=1):
        if several:
            yield Say("summary.child", {"number": number, "name": item.slots.get("child_name", "")})
        yield from _lines(flow, item, [s for s in flow.steps if s.slot not in shared])
    if shared:
        yield Say("summary.all")
        yield from _lines(flow, frame.items[0], [s for s in flow.steps if s.slot in shared])


def answer_lines(flow: AnyFlow, item: Item) -> Iterator[Say]:
    """One line for each answer of one child."""
    yield from _lines(flow, item, list(flow.steps))


def _lines(flow: AnyFlow, item: Item, steps: list[Ask[Any]]) -> Iterator[Say]:
    """Answers chosen from a list made on the spot are told by the flow's own summary."""
    for step in steps:
        value = item.slots.get(step.slot)
        if value is not None and step.choices is None:
            label = Say(f"{flow.name}.{step.slot}.label")
            yield Say("summary.line", {"label": label, "value": in_words(flow, step, value)})


def in_words(flow: AnyFlow, step: Ask[Any], value: Any) -> Any:
    """A slot's value as a person would say it."""
    prefix = f"{flow.name}.{step.slot}"
    if value == UNKNOWN:
        return Say("common.unknown")
    if isinstance(value, bool):
        return Say(f"{prefix}.{'yes' if value else 'no'}")
    if isinstance(value, dict):
        return " ".join(value["path"][1:]) or value["name"]
    if isinstance(value, list):
        return tuple(Say(f"{prefix}.options.{v}") for v in value) or Say(f"{prefix}.none")
    if _is_time(step) and value not in step.options:
        return (datetime if "remind_at" in step.takes else date).fromisoformat(str(value))
    if step.options:
        return Say(f"{prefix}.options.{value}")
    if "id_number" in step.takes:  # enough for the owner to recognise it
        return f"尾号{str(value)[-4:]}"
    return Say(f"{prefix}.value", {"value": value})


def _is_time(step: Ask[Any]) -> bool:
    return "date" in step.takes or "remind_at" in step.takes


def change_choices(flow: AnyFlow, frame: Frame) -> tuple[Choice, ...]:
    """A button for each answer that can be changed."""
    several = len(frame.items) > 1
    found: list[Choice] = []
    for index, item in enumerate(frame.items):
        for step in flow.steps:
            if item.slots.get(step.slot) is None or (index and step.shared):
                continue
            who = item.slots.get("child_name", "") if several and not step.shared else ""
            values = {"label": Say(f"{flow.name}.{step.slot}.label"), "who": who}
            found.append(Choice("summary.change", f"!change.{step.slot}={index}", values=values))
    return tuple(found)
