"""A child who is on record already: what is said now is added there, and nothing is filed twice.

Only who filed the record hears its number. Anybody else learns that the office knows the child and
gets a receipt of their own, good for asking and for adding to it.
"""

from collections.abc import Collection

from flows.commands import AmendRecord, Command, DocumentRef, JoinRecord
from flows.say import Say
from flows.state import Item
from flows.steps import AnyFlow, Moment
from flows.summing_up import in_words
from flows.values import UNKNOWN
from flows.words import render
from storage.kinds import RecordKind

Filed = tuple[Command, Say, dict[str, object]]
"""A command, the line that tells of it, and what it means to machines."""


async def add_to_known(
    flow: AnyFlow,
    kind: RecordKind,
    item: Item,
    moment: Moment,
    papers: tuple[DocumentRef, ...],
    hidden: Collection[str],
) -> Filed | None:
    """Add to the record of the same child; None when there is none. `hidden` slots are no news."""
    name, region = item.slots.get("child_name"), item.slots.get("region")
    if not isinstance(name, str) or name == UNKNOWN:
        return None
    code = str(region["code"]) if isinstance(region, dict) else None
    known = await moment.lookup.same_child(kind, name, code, item.slots.get("school"))
    if known is None:
        return None
    note = as_note(flow, item, hidden)
    told = known.known_as or moment.lookup.new_reference(kind)
    gone = kind is RecordKind.DROPOUT_CASE
    command: Command = JoinRecord(known.reference, told, name, note, papers, gone)
    if known.known_as is not None:
        command = AmendRecord(known.known_as, note=note, documents=papers, gone=gone)
    key = "same" if known.known_as is not None else "same_other"
    say = Say(f"{flow.name}.{key}", {"name": name, "reference": told})
    return command, say, {"kind": kind.value, "reference": told, "linked": True}


def as_note(flow: AnyFlow, item: Item, hidden: Collection[str]) -> str:
    """Answers in the office's words, for an officer to compare: 年龄：14岁；学校：二中."""
    parts = [
        Say(
            "summary.part",
            {
                "label": Say(f"{flow.name}.{step.slot}.label"),
                "value": in_words(flow, step, item.slots[step.slot]),
            },
        )
        for step in flow.steps
        if step.slot not in hidden and item.slots.get(step.slot) is not None
    ]
    return "；".join(render(part) for part in parts)
