"""Buttons under what an officer is told of a record; a press is the short line of the same name."""

from collections.abc import Sequence
from typing import Any

from bot.cases.records import Record
from bot.cases.references import normalize
from bot.officers.lines import Line, Verb
from bot.rights.access import may, may_take
from bot.words import render
from flows import commands as c
from flows.talk import Press
from storage.models.officer import Officer

PRESS = "officer"
ABOUT = "about"
"""Where a message says which record it is about, for the next line without a number."""


def buttons(record: Record, officer: Officer) -> list[dict[str, Any]]:
    """What this officer may do at once: take it, look at it, answer the family."""
    if not record.is_open:
        return [button(Verb.LOOK, record.reference)]
    verbs = [Verb.LOOK]
    is_taken = record.assigned_to_id == officer.id and record.acted_at is not None
    if not is_taken and (may(officer, c.Assign, record) or may_take(officer, record)):
        verbs.insert(0, Verb.TAKE)
    if record.conversation_id is not None and may(officer, c.Reply, record):
        verbs.append(Verb.REPLY)
    return [button(verb, record.reference) for verb in verbs]


def button(verb: Verb, reference: str, title: str = "") -> dict[str, Any]:
    """One button; its payload comes back when it is pressed."""
    shown = title or render(f"line.button.{verb}")
    return {"title": shown, "payload": f"!{PRESS}.{verb}={reference}"}


def pressed_line(payload: str) -> Line | None:
    """The line a press stands for, or None when it is a button of the dialogue."""
    press = Press.read(payload)
    if press is None or press.what != PRESS or press.slot not in set(Verb):
        return None
    reference = normalize(press.value)
    return Line(Verb(press.slot), reference, is_broken=reference is None)


def numbered(text: str, shown: Sequence[dict[str, Any]]) -> Line | None:
    """ "2" for the second button of the last message, for those who have no buttons to press."""
    said = text.strip()
    if len(said) != 1 or said not in "123456789" or int(said) > len(shown):
        return None
    return pressed_line(str(shown[int(said) - 1]["payload"]))
