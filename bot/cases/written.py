"""An answer as an officer writes it at the desk, turned into the value that its slot keeps.

What a family has said wrongly, or the bot has heard wrongly, is put right in words or codes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from bot.cases.records import REPORTER_SLOTS, Record, has_reporter
from bot.days import day_of
from bot.errors import Refused
from bot.rights.masking import masked_id, masked_phone
from bot.words import render
from flows.all import FLOWS
from flows.common.my_data import FLOW_OF
from flows.steps import Ask
from flows.values import UNKNOWN
from flows.words import texts
from nlu import grades
from nlu.contacts import id_is_valid, phone_is_valid
from nlu.regions import resolve
from storage.kinds import RecordKind

_ELSEWHERE = ("consent", "documents")
"""What has a way of its own and is no answer to write."""
_BOUNDS = {"age": (2, 90), "household_size": (1, 20), "annual_income": (0, 10_000_000)}
_NAME = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff][\u3400-\u4dbf\u4e00-\u9fff·•.]{1,19}")
_LONGEST, _LONGEST_STORY = 200, 2000
_NOT_KNOWN = ("不知道", UNKNOWN)


def correctable(record: Record) -> dict[str, Ask[Any]]:
    """The answers of a record that can be put right; who reported a child is none of them."""
    kind = RecordKind(record.kind)
    secret = REPORTER_SLOTS if has_reporter(kind) else ()
    steps = FLOWS.by_name[FLOW_OF[kind]].steps
    return {
        step.slot: step
        for step in steps
        if step.choices is None and step.slot not in (*_ELSEWHERE, *secret)
    }


def value_of(step: Ask[Any], text: str, today: date) -> Any:
    """The value that the text means. Raises Refused with what to write instead."""
    said = text.strip()
    if not said:
        raise Refused(render("refused.text_missing"))
    if step.may_be_unknown and said in _NOT_KNOWN:
        return UNKNOWN
    if "date" in step.takes:
        return _day(step, said, today)
    if step.multiple:
        words = [word for word in re.split(r"[、，,\s]+", said) if word]
        codes = dict.fromkeys(_choice(step, word) for word in words)
        return [code for code in codes if code != "none"]
    if step.options:
        return _choice(step, said)
    if step.slot in _BOUNDS:
        return _number(step, said)
    return _other(step, said)


def in_words(step: Ask[Any], value: Any) -> str:
    """A value as the office reads it; numbers of people lose their middle."""
    if isinstance(value, list):
        return "、".join(in_words(step, each) for each in value) or "没有"
    if value is None or value == UNKNOWN:
        return "不知道"
    if isinstance(value, dict):
        return str(value.get("name") or "")
    if "phone" in step.takes:
        return masked_phone(str(value))
    if "id_number" in step.takes:
        return masked_id(str(value))
    return texts().get(f"slot.{step.slot}.options.{value}") or str(value)


def options_of(step: Ask[Any]) -> tuple[tuple[str, str], ...]:
    """The choices of an answer, as code and name."""
    return tuple((code, in_words(step, code)) for code in step.options)


def _choice(step: Ask[Any], said: str) -> str:
    for code, name in options_of(step):
        if said in (code, name):
            return code
    raise Refused(render("refused.not_a_choice", options=_listed(n for _, n in options_of(step))))


def _day(step: Ask[Any], said: str, today: date) -> str:
    for code, name in options_of(step):
        if said in (code, name):
            return code
    try:
        day = day_of(said)
    except ValueError:
        raise Refused(render("refused.bad_date")) from None
    if day > today:
        raise Refused(render("refused.day_future"))
    return day.isoformat()


def _number(step: Ask[Any], said: str) -> int:
    low, high = _BOUNDS[step.slot]
    fits = said.isascii() and said.isdecimal() and len(said) < 10 and low <= int(said) <= high
    if not fits:
        raise Refused(render("refused.bad_number", low=low, high=high))
    return int(said)


def _other(step: Ask[Any], said: str) -> Any:
    for kind in step.takes:
        if kind in _READERS:
            return _READERS[kind](said)
    longest = _LONGEST_STORY if "detail" in step.takes else _LONGEST
    if len(said) > longest:
        label = texts().get(f"slot.{step.slot}.label", step.slot)
        raise Refused(render("refused.field_long", field=label, most=longest))
    return said


def _phone(said: str) -> str:
    number = re.sub(r"[\s-]", "", said)
    if not phone_is_valid(number):
        raise Refused(render("refused.phone"))
    return number


def _id_number(said: str) -> str:
    if not id_is_valid(said.upper()):
        raise Refused(render("refused.bad_id"))
    return said.upper()


def _name(said: str) -> str:
    if not _NAME.fullmatch(said):
        raise Refused(render("refused.bad_name"))
    return said


def _grade(said: str) -> str:
    found = [entity.value for entity in grades.find(said) if entity.valid]
    if not found:
        raise Refused(render("refused.bad_grade"))
    return str(found[0])


def _place(said: str) -> dict[str, Any]:
    found = resolve(said)
    if not found:
        raise Refused(render("refused.place_unknown"))
    if len(found) > 1:
        raise Refused(
            render("refused.place_many", options=_listed(" ".join(r.path[1:]) for r in found))
        )
    return {"code": found[0].code, "name": found[0].name, "path": list(found[0].path)}


_READERS: Mapping[str, Callable[[str], Any]] = {
    "region": _place,
    "grade": _grade,
    "phone": _phone,
    "id_number": _id_number,
    "person_name": _name,
    "child_name": _name,
}


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)
