"""Choosing one of the speaker's own records: the one named, the only one, or one of a few."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from flows.ports import RecordView
from flows.say import Choice, Say
from flows.steps import Moment, Problem
from storage.kinds import RecordKind

MOST_SHOWN = 5
WAYS_ON = (Choice("common.find_person", "!cmd=human"), Choice("common.menu", "!cmd=menu"))


def open_records(
    kind: RecordKind, flow: str, filed: bool = False
) -> Callable[[Any, Moment], Awaitable[tuple[Choice, ...]]]:
    """Buttons for the speaker's open records of a kind; with `filed` only those they filed."""

    async def choices(view: Any, moment: Moment) -> tuple[Choice, ...]:
        records = await mine(kind, moment, filed)
        return tuple(
            Choice("common.record", f"!{flow}.reference={r.reference}", values=record_values(r))
            for r in records[:MOST_SHOWN]
        )

    return choices


def record_values(record: RecordView) -> dict[str, Any]:
    """What is said of a record in a list."""
    return {
        "title": record.title,
        "name": record.child_name or "",
        "reference": record.reference,
    }


async def mine(kind: RecordKind, moment: Moment, filed: bool = False) -> list[RecordView]:
    """The speaker's open records of a kind, newest first."""
    records = await moment.lookup.my_records((kind,))
    return [r for r in records if r.is_open and (r.is_mine or not filed)]


def is_named(record: RecordView, named: Collection[Any], text: str) -> bool:
    """Whether a record is meant; its child's name counts wherever it stands in the words."""
    child = record.child_name or ""
    return record.reference in named or child in named or (len(child) > 1 and child in text)


async def begin_with(
    kind: RecordKind, moment: Moment, nothing: str, filed: bool = False
) -> Say | None:
    """Take the record that is meant; without any, say so and close the flow."""
    named = [
        e.value
        for e in moment.heard.understood.entities
        if e.entity in ("case_number", "child_name")
    ]
    records = await mine(kind, moment, filed)
    meant = [r for r in records if is_named(r, named, moment.heard.text)] or records
    if not records:
        moment.state.stack.pop()
        return Say(nothing, choices=WAYS_ON)
    if len(meant) == 1:
        moment.frame.items[0].slots["reference"] = meant[0].reference
        moment.frame.marks["values"] = record_values(meant[0])
    return None


def is_mine(value: Any, moment: Moment) -> Problem | None:
    """References are checked against the database in `finish`; here only the shape."""
    return None if 3 <= len(str(value)) <= 30 else Problem("slot.reference.retry")
