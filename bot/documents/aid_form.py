"""What stands in the 家庭经济困难学生认定申请表 of one application; what is not known stays blank.

The fields follow 教财〔2018〕16号; a template of the office may use any of the names made here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import local
from bot.rights.covering import tells_of_health
from bot.rights.masking import masked_id
from bot.web.labels import place_path, slot_value
from bot.words import render
from flows.policy.recognition import recognition
from storage.models.application import Application

Values = Mapping[str, Any]

_ROWS = 4
_YES, _NO = "■", "□"
_OUTSIDERS = ("teacher", "cadre", "self")
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("脱贫家庭（原建档立卡）学生", ("poverty_household",)),
    ("防止返贫监测对象家庭学生", ("monitored_household",)),
    ("最低生活保障家庭学生", ("dibao",)),
    ("特困供养学生", ("tekun",)),
    ("孤儿", ("orphan",)),
    ("烈士子女", ("martyr_child",)),
    ("残疾学生", ("disabled_student",)),
    ("残疾人子女", ("disabled_parent",)),
)
"""The special groups of the form, and by which answer a family belongs to one."""

BURDENS: tuple[tuple[str, str], ...] = (
    ("家庭遭受自然灾害情况", "disaster"),
    ("家庭成员患重病情况", "serious_illness"),
    ("家庭成员失业情况", "unemployment"),
    ("单亲家庭情况", "single_parent"),
    ("家中上学子女情况", "many_children"),
)


@dataclass(frozen=True)
class Maker:
    """Who makes the file, when, and whether it may hold whole numbers and health."""

    name: str
    at: datetime
    unmasked: bool


def form_values(record: Application, maker: Maker) -> Values:
    """Every name that the template may use; all are texts, lists of texts or of rows."""
    slots = record.slots or {}
    hardship = _told(slots.get("hardship"), maker)
    return {
        "reference": record.reference,
        **{key: _text(slots, key) for key in ("school", "grade", "child_name", "age", "phone")},
        **_by_number(str(slots.get("id_number") or ""), maker),
        "household_size": _text(slots, "household_size"),
        "address": place_path(record.region_code) if record.region_code else "",
        "applicant_name": _text(slots, "applicant_name"),
        "relation": _text(slots, "relation"),
        "members": _members(slots),
        "groups": _pairs(hardship),
        "burdens": [
            {"name": name, "text": "有" if code in hardship else ""} for name, code in BURDENS
        ],
        "income": _text(slots, "annual_income"),
        "per_head": _per_head(slots),
        **_school(record),
        "made": _made(record, maker),
    }


def _text(slots: Mapping[str, Any], key: str) -> str:
    value = slots.get(key)
    if value in (None, "", "unknown"):
        return ""
    return str(value) if isinstance(value, int) else slot_value(key, value)


def _told(hardship: Any, maker: Maker) -> set[str]:
    codes = hardship if isinstance(hardship, list) else []
    return {code for code in codes if maker.unmasked or not tells_of_health(code)}


def _pairs(hardship: set[str]) -> list[dict[str, str]]:
    """The special groups, two a row."""
    boxes = [f"{_box(codes, hardship)} {name}" for name, codes in GROUPS]
    return [
        {"left": left, "right": right} for left, right in zip(boxes[::2], boxes[1::2], strict=True)
    ]


def _box(codes: tuple[str, ...], hardship: set[str]) -> str:
    return _YES if hardship & set(codes) else _NO


def _by_number(number: str, maker: Maker) -> dict[str, str]:
    """What the identity number says; covered, it tells neither birthday nor sex."""
    known = maker.unmasked and len(number) == 18
    return {
        "id_number": number if maker.unmasked else masked_id(number),
        "born": f"{number[6:10]}年{number[10:12]}月" if known else "",
        "sex": ("男" if int(number[16]) % 2 else "女") if known else "",
    }


def _members(slots: Mapping[str, Any]) -> list[dict[str, str]]:
    """The applicant when they belong to the family, then blank rows to be filled in by hand."""
    blank = dict.fromkeys(("name", "age", "relation", "work", "job", "income", "health"), "")
    rows = []
    if slots.get("applicant_name") and slots.get("relation") not in _OUTSIDERS:
        rows.append(
            blank | {"name": _text(slots, "applicant_name"), "relation": _text(slots, "relation")}
        )
    return rows + [dict(blank) for _ in range(_ROWS - len(rows))]


def _per_head(slots: Mapping[str, Any]) -> str:
    income, size = slots.get("annual_income"), slots.get("household_size")
    if not isinstance(income, int) or not isinstance(size, int) or size < 1:
        return ""
    return str(income // size)


def _school(record: Application) -> dict[str, Any]:
    """What the school decided so far."""
    return {
        "level": render(f"level.{record.level}") if record.level else "",
        "levels": [
            {"name": render(f"level.{code}"), "box": _YES if record.level == code else _NO}
            for code in ("special", "moderate", "general")
        ],
        "level_reason": record.level_reason or "",
        "published_on": record.published_on.isoformat() if record.published_on else "",
        "published_until": record.published_until.isoformat() if record.published_until else "",
        "publication_days": str(recognition().days_in(record.region_code)),
    }


def _made(record: Application, maker: Maker) -> str:
    """The line at the foot of each page: who took the file out, and when."""
    note = "" if maker.unmasked else " 身份证号遮住一部分，健康方面的不填。"
    return f"{record.reference} 由 {maker.name} 于 {local(maker.at):%Y-%m-%d %H:%M} 生成。{note}"
