"""The three ledgers of 教基厅函〔2024〕15号: children of school age, suspected and known dropouts.

The usual forms have a column 民族. It is left out here on purpose: the project keeps no ethnicity,
religion or politics, so there is nothing to fill in; the file's note says so. What the service does
not know (roll number, household register and the like) is an empty column to be filled in by hand.
"""

from collections.abc import Callable
from datetime import date

from bot.cases.records import subject_name
from bot.spreadsheets.ledgers import (
    PLACE,
    Columns,
    Entry,
    answer,
    choice,
    closing,
    day,
    named,
)
from bot.words import sentences
from nlu.divisions import lookup
from storage.kinds import DropoutStatus as D
from storage.kinds import RecordKind, ResponsibleSide

SUSPECTED = (D.REPORTED, D.CONTESTED)
CONFIRMED = (
    D.VERIFIED, D.PERSUADING, D.RETURNED, D.PLACED, D.MONITORING, D.CLOSED, D.EXCLUDED,
)  # fmt: skip
STORY = ("visit", "correct_visit", "return", "responsible", "plan", "attendance")
"""The acts that the columns tell of."""

_SEX = {"0": "女", "1": "男"}
_LEFT_BEHIND = {"orphan": "孤儿"}
_HOUSEHOLDS = ("poverty_household", "monitored_household", "dibao", "tekun")


def _blank(_: Entry) -> str:
    return ""


def _birthday(entry: Entry) -> str:
    digits = entry.slot("id_number")[6:14]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return ""


def _sex(entry: Entry) -> str:
    number = entry.slot("id_number")
    is_number = len(number) == 18 and number[16].isdecimal()
    return _SEX[str(int(number[16]) % 2)] if is_number else ""


def _birthday_or_age(entry: Entry) -> str:
    age = entry.slot("age")
    return _birthday(entry) or (f"{age}岁" if age else "")


def _household(entry: Entry) -> str:
    told = entry.record.slots.get("hardship")
    codes = told if isinstance(told, list) else []
    return "、".join(sentences()[f"hardship.{code}"] for code in codes if code in _HOUSEHOLDS)


def _orphan(entry: Entry) -> str:
    told = entry.record.slots.get("hardship")
    return "、".join(_LEFT_BEHIND[code] for code in told or [] if code in _LEFT_BEHIND)


def _living_place(entry: Entry) -> str:
    code = entry.record.region_code
    unit = lookup(code) if code else None
    return "".join(unit.path[1:]) if unit else ""


def _responsible(side: ResponsibleSide) -> Callable[[Entry], str]:
    def who(entry: Entry) -> str:
        details = [step.detail or {} for step in entry.steps("responsible")]
        own = [told for told in details if told.get("side") == side]
        return (
            " ".join(str(own[-1][key]) for key in ("name", "post") if own[-1].get(key))
            if own
            else ""
        )

    return who


def _found(entry: Entry) -> str:
    return "群众或干部报告" if entry.record.person_id else "工作人员登记"


def _kept_up(entry: Entry) -> str:
    """How often the child was seen in school after it came back."""
    told = [step.detail or {} for step in entry.steps("attendance")]
    days = {str(check.get("on", "")): bool(check.get("present")) for check in told}
    if not days:
        return ""
    return f"查 {len(days)} 天，在校 {sum(days.values())} 天，最近 {max(days)}"


def _standing(entry: Entry) -> str:
    return "疑似辍学" if entry.record.status in SUSPECTED else "辍学"


def _closed_by(entry: Entry) -> str:
    """Why it was closed; that the child's health was the reason is health itself."""
    is_health = entry.record.closing_code == "excluded"
    return "按规定可以不在校（详见档案）" if is_health and not entry.full else closing(entry)


_CHILD: Columns = {
    "序号": lambda e: str(e.number),
    **PLACE,
    "学生姓名": lambda e: subject_name(e.record) or "",
    "性别": _sex,
    "出生日期": _birthday_or_age,
    "身份证号": Entry.id_number,
    "学籍号": _blank,
    "户籍地址": _blank,
    "现住址": _living_place,
}

CHILDREN: Columns = {
    **_CHILD,
    "监护人": lambda e: e.slot("guardian_name") or e.slot("applicant_name"),
    "与学生关系": choice("relation"),
    "联系电话": lambda e: e.phone("guardian_phone") or e.phone("phone"),
    "就读学校": answer("school"),
    "年级班级": answer("grade"),
    "户类型": _household,
    "留守/困境/孤儿": _orphan,
    "就学情况": lambda e: (
        _standing(e) if e.record.kind == RecordKind.DROPOUT_CASE else "在校（来自助学申请）"
    ),
    "登记号": lambda e: e.record.reference,
    "备注": _blank,
}

DROPOUTS: Columns = {
    **_CHILD,
    "监护人": answer("guardian_name"),
    "与学生关系": choice("relation"),
    "联系电话": lambda e: e.phone("guardian_phone"),
    "原就读学校": answer("school"),
    "年级班级": answer("grade"),
    "户类型": _household,
    "残疾类别等级": _blank,
    "留守/困境/孤儿": _orphan,
    "是否搬迁户": _blank,
    "疑似/辍学": _standing,
    "最后到校日期": named("absent_since", "absent_since"),
    "发现日期": lambda e: day(e.record.opened_at),
    "发现方式": _found,
    "辍学主因": named("reason", "reason"),
    "去向": lambda e: e.told(e.slot("whereabouts")),
    "劝返责任人（校）": _responsible(ResponsibleSide.SCHOOL),
    "劝返责任人（村）": _responsible(ResponsibleSide.VILLAGE),
    "包联领导": _blank,
    "劝返次数": lambda e: str(len(e.visits())),
    "最近劝返日期": lambda e: e.last_visit("on"),
    "劝返措施": lambda e: e.told(e.last("plan", "measures") or e.last_visit("method")),
    "劝返结果": lambda e: e.told(e.last_visit("result")),
    "安置方式": lambda e: e.told(e.last("return", "placement")),
    "安置学校": lambda e: e.told(e.last("return", "school")),
    "复学日期": lambda e: e.last("return", "on"),
    "是否享受资助": lambda e: e.aid,
    "巩固跟踪情况": _kept_up,
    "销号日期": lambda e: day(e.record.closed_at),
    "销号依据": _closed_by,
    "登记号": lambda e: e.record.reference,
    "备注": _blank,
}


def is_of_school_age(entry: Entry) -> bool:
    """Six to fifteen by what was told, or in a stage of compulsory school when no age was."""
    age = entry.record.slots.get("age")
    if isinstance(age, int):
        return 6 <= age <= 15
    return entry.record.stage in ("primary", "junior")
