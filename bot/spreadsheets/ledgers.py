"""The columns of the ledgers: what each shows of a record.

Numbers and health are masked unless the one who asked may see them and said so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cases.records import Record
from bot.clock import local_day
from bot.rights.masking import masked_id, masked_phone, masked_text
from bot.rights.territory import chain
from bot.words import render, sentences
from flows.words import texts
from nlu.divisions import lookup
from storage.models.audit import AuditEntry
from storage.models.training import TrainingSession


@dataclass(frozen=True)
class Entry:
    """One line: the record, its story, who answers for it and its session; `full` masks nothing.

    `aid` says in words what is known of aid to this child.
    """

    number: int
    record: Record
    story: tuple[AuditEntry, ...]
    officer: str
    session: TrainingSession | None
    full: bool = False
    aid: str = ""

    def slot(self, name: str) -> str:
        """An answer as text."""
        value = self.record.slots.get(name)
        return "" if value is None else str(value)

    def phone(self, name: str) -> str:
        """A phone number, as far as it may be shown."""
        return self.slot(name) if self.full else masked_phone(self.slot(name))

    def id_number(self) -> str:
        """The identity number, as far as it may be shown."""
        return self.slot("id_number") if self.full else masked_id(self.slot("id_number"))

    def told(self, text: str) -> str:
        """What somebody wrote freely: long numbers in it lose their middle."""
        return text if self.full else masked_text(text)

    def last(self, action: str, detail: str) -> str:
        """A detail of the last step of this kind."""
        steps = self.steps(action)
        return str((steps[-1].detail or {}).get(detail, "")) if steps else ""

    def visits(self) -> list[Mapping[str, Any]]:
        """The visits in force: one that was put right shows as it was put right."""
        found: list[Mapping[str, Any]] = []
        for step in self.story:
            told = step.detail or {}
            number = told.get("number")
            if step.action == "visit":
                found.append(told)
            elif step.action == "correct_visit" and isinstance(number, int):
                found[number - 1 : number] = [told]
        return found

    def last_visit(self, detail: str) -> str:
        """A detail of the last visit."""
        visits = self.visits()
        return str(visits[-1].get(detail, "")) if visits else ""

    def steps(self, action: str) -> list[AuditEntry]:
        """The steps of one kind, oldest first."""
        return [entry for entry in self.story if entry.action == action]


Columns = dict[str, Callable[[Entry], str]]


def answer(name: str) -> Callable[[Entry], str]:
    return lambda entry: entry.slot(name)


def choice(slot: str) -> Callable[[Entry], str]:
    """An answer chosen from a list, as the person saw it; own words stay as they are."""
    return lambda entry: texts().get(f"slot.{slot}.options.{entry.slot(slot)}", entry.slot(slot))


def unit(step: int) -> Callable[[Entry], str]:
    """The league (1), banner (2), town (3) or village (4) of the place."""

    def name(entry: Entry) -> str:
        codes = chain(entry.record.region_code)
        unit = lookup(codes[step]) if len(codes) > step else None
        return unit.name if unit else ""

    return name


def named(group: str, slot: str) -> Callable[[Entry], str]:
    """A code of the contract in the office's words; several joined, each once."""

    def words(entry: Entry) -> str:
        value: Any = entry.record.slots.get(slot)
        codes = value if isinstance(value, list) else [value] if value else []
        names = (
            (texts().get(f"slot.{slot}.options.{code}") if entry.full else None)
            or sentences().get(f"{group}.{code}", str(code))
            for code in codes
        )
        return "、".join(dict.fromkeys(names))

    return words


def day(moment: datetime | None) -> str:
    return local_day(moment).isoformat() if moment else ""


def status(entry: Entry) -> str:
    return render(f"status.{entry.record.kind}.{entry.record.status}")


def closing(entry: Entry) -> str:
    code = entry.record.closing_code
    return sentences().get(f"closing.{code}", code) if code else ""


def _level(entry: Entry) -> str:
    level = getattr(entry.record, "level", None)
    return render(f"level.{level}") if level else ""


PLACE: Columns = {"盟市": unit(1), "旗县": unit(2), "苏木乡镇": unit(3), "嘎查村": unit(4)}

DROPOUT: Columns = {
    "序号": lambda e: str(e.number),
    "登记号": lambda e: e.record.reference,
    **PLACE,
    "学生姓名": answer("child_name"),
    "年龄": answer("age"),
    "原就读学校": answer("school"),
    "年级": answer("grade"),
    "最后到校日期": named("absent_since", "absent_since"),
    "发现日期": lambda e: day(e.record.opened_at),
    "辍学主因": named("reason", "reason"),
    "去向": answer("whereabouts"),
    "监护人": answer("guardian_name"),
    "联系电话": lambda e: e.phone("guardian_phone"),
    "责任人": lambda e: e.officer,
    "劝返次数": lambda e: str(len(e.visits())),
    "最近劝返日期": lambda e: e.last_visit("on"),
    "最近劝返方式": lambda e: e.last_visit("method"),
    "最近劝返结果": lambda e: e.last_visit("result"),
    "安置方式": lambda e: e.last("return", "placement"),
    "安置学校": lambda e: e.last("return", "school"),
    "复学日期": lambda e: e.last("return", "on"),
    "状态": status,
    "销号日期": lambda e: day(e.record.closed_at),
    "销号依据": closing,
}

APPLICATIONS: Columns = {
    "序号": lambda e: str(e.number),
    "登记号": lambda e: e.record.reference,
    **PLACE,
    "学生姓名": answer("child_name"),
    "身份证号": Entry.id_number,
    "年龄": answer("age"),
    "学校": answer("school"),
    "年级": answer("grade"),
    "申请人": answer("applicant_name"),
    "与学生关系": choice("relation"),
    "联系电话": lambda e: e.phone("phone"),
    "困难类型": named("hardship", "hardship"),
    "家庭人口": answer("household_size"),
    "家庭年收入": lambda e: (
        "不知道" if e.slot("annual_income") == "unknown" else e.slot("annual_income")
    ),
    "认定等级": _level,
    "责任人": lambda e: e.officer,
    "状态": status,
    "申请日期": lambda e: day(e.record.opened_at),
    "办结日期": lambda e: day(e.record.closed_at),
}

REGISTRATIONS: Columns = {
    "序号": lambda e: str(e.number),
    "报名号": lambda e: e.record.reference,
    **PLACE,
    "姓名": answer("person_name"),
    "年龄": answer("age"),
    "电话": lambda e: e.phone("phone"),
    "班次": lambda e: e.session.title if e.session else "",
    "开课日期": lambda e: e.session.starts_on.isoformat() if e.session else "",
    "状态": status,
    "报名日期": lambda e: day(e.record.opened_at),
}
