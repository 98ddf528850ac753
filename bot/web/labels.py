"""What things are called at the desk: slots, values, actions and times in Chinese."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.cases.papers import paper_name
from bot.clock import local, local_day
from bot.rights.covering import COVERED, REPORTER
from bot.rights.masking import masked_id
from bot.rights.territory import canonical
from bot.words import sentences
from flows.words import in_file, texts
from nlu.divisions import lookup

_UNKNOWN = "不知道"


@lru_cache(maxsize=1)
def own_labels() -> Mapping[str, str]:
    """The labels that only the desk needs."""
    return in_file(Path(__file__).parent / "labels.yaml")


def label(key: str) -> str:
    """The name of a key such as `action.note`; one without a name shows its last part."""
    return own_labels().get(key) or sentences().get(key) or key.rsplit(".", 1)[-1]


def slot_label(slot: str) -> str:
    """The name of an answer."""
    known = texts().get(f"slot.{slot}.label") or own_labels().get(f"slot.{slot}")
    return known or sentences().get(f"slot.{slot}") or slot


def slot_value(slot: str, value: Any) -> str:
    """An answer in words."""
    if isinstance(value, list):
        return "、".join(slot_value(slot, each) for each in value) or "没有"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return str(value.get("name") or "")
    if value is None or value == "unknown":
        return _UNKNOWN
    return _plain_value(slot, str(value))


def _plain_value(slot: str, value: str) -> str:
    if value == COVERED:
        return label("covered")
    if slot == "id_number":
        return masked_id(value)
    if slot == "region":
        return place_path(value)
    option = texts().get(f"slot.{slot}.options.{value}")
    if option is not None:
        return option
    pattern = texts().get(f"slot.{slot}.value", "{value}")
    return pattern.replace("{value}", value)


def detail_value(key: str, value: Any) -> str:
    """A detail of an event in words."""
    if key == "field":
        return slot_label(str(value))
    if key == "purpose":
        return own_labels().get(f"purpose.{value}", str(value))
    if key == "suggested":
        key = "level"
    for group in ("closing", "level", "side"):
        if key in ("code", "level", "side") and f"{group}.{value}" in sentences():
            return sentences()[f"{group}.{value}"]
    if key == "document" and isinstance(value, str):
        return sentences().get(f"slot.{value}") or paper_name(value)
    return slot_value(key, value)


def revealed(field: str, value: Any) -> str:
    """An answer that was uncovered, whole and in words."""
    if field == "id_number":
        return str(value)
    if field == REPORTER:
        return _reporter(value)
    return slot_value(field, value)


def _reporter(value: Mapping[str, str | None] | None) -> str:
    if value is None:
        return "匿名报告"
    return f"{value['name'] or '没留名字'}，{value['phone'] or '没留电话'}"


def place_path(code: str | None) -> str:
    """A place from the league down; what is not in the list shows as it is."""
    unit = lookup(canonical(code)) if code and code.isdecimal() else None
    if unit is None:
        return code or "地点不详"
    return " ".join(unit.path[1:] or unit.path)


def place_short(code: str | None) -> str:
    """A place from the banner down, for a line of a list."""
    unit = lookup(canonical(code)) if code and code.isdecimal() else None
    if unit is None:
        return code or "地点不详"
    return " ".join(unit.path[2:] or unit.path[-1:])


def clock(moment: datetime | None) -> str:
    """A moment on the office's wall clock: 2026-11-23 10:05."""
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""


def due_words(due_at: datetime | None, now: datetime) -> str:
    """How much time is left, or by how much it is over."""
    if due_at is None:
        return ""
    days = (local_day(due_at) - local_day(now)).days
    if due_at <= now:
        hours = int((now - due_at).total_seconds() // 3600)
        return f"超时 {-days} 天" if days < 0 else f"超时 {max(hours, 1)} 小时"
    if days == 0:
        return f"今天 {local(due_at):%H:%M} 前"
    return "明天前" if days == 1 else f"还有 {days} 天"


def day_left(day: date | None, now: datetime) -> str:
    """The last day for something, and how far it is off."""
    if day is None:
        return ""
    left = (day - local_day(now)).days
    names = {0: "今天", 1: "明天"}
    if left in names:
        return names[left]
    return f"晚了 {-left} 天" if left < 0 else f"{day.month}月{day.day}日前，还有 {left} 天"


def day(value: date | None) -> str:
    """A calendar day."""
    return value.isoformat() if value else ""
