"""The visiting list (走访名单) for a village's cadre: whom to see, with room for what came of it.

It says nothing of why a family is on it: a sheet of paper is lost more easily than a file.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

from bot.reports.model import Cell, Line, Table
from bot.rights.masking import masked_phone
from bot.rights.territory import place_name
from storage.models.outreach import OutreachRow

T = TypeVar("T")
HEADS = (
    "序号",
    "嘎查村",
    "孩子姓名",
    "出生年份",
    "学校年级",
    "监护人",
    "电话",
    "学校的事办了吗",
    "在校吗",
    "走访日期",
    "见到谁、怎么说",
    "下次哪天",
)
_WIDTHS = (4, 10, 6, 14, 10, 12, 8, 7, 9, 22, 8)
"""Of the printed columns, which are one less; what is written by hand has the most room."""

NOTE = "走访时请先说明来意，愿意听再说；办不办由家里定。结果填好交回学校或者旗县教育局。"
_ALSO = {"visited": "走访过", "unreachable": "上次联系不上"}
_APPLIED = {"sure": "办了", "possible": "可能办了，请问问"}
_ENROLLED = {"sure": "在", "possible": "可能在，请问问"}


def one_table(rows: Sequence[OutreachRow], full: bool) -> Table:
    """All rows in one sheet, village by village."""
    lines = tuple(_line(number, row, full) for number, row in enumerate(_ordered(rows), start=1))
    return Table("走访名单", HEADS, lines, NOTE)


def by_village(rows: Sequence[OutreachRow], full: bool) -> list[Table]:
    """A table and a page a village, to be handed to its cadre."""
    tables = []
    for code, some in groupby(_ordered(rows), key=lambda row: row.region_code):
        lines = tuple(_line(number, row, full) for number, row in enumerate(some, start=1))
        tables.append(
            Table(
                place_name(code) or code,
                _without_place(HEADS),
                tuple(_without_place(line) for line in lines),
                own_page=True,
                widths=_WIDTHS,
            )
        )
    return tables


def _ordered(rows: Sequence[OutreachRow]) -> list[OutreachRow]:
    return sorted(rows, key=lambda row: (row.region_code, row.id))


def _without_place(cells: tuple[T, ...]) -> tuple[T, ...]:
    return (*cells[:1], *cells[2:])


def _line(number: int, row: OutreachRow, full: bool) -> Line:
    phone = row.phone or ""
    school = " ".join(part for part in (row.school, row.grade) if part)
    told = (
        number,
        place_name(row.region_code) or row.region_code,
        row.name,
        str(row.birth_year or ""),
        school,
        row.guardian or "",
        phone if full else masked_phone(phone),
        _APPLIED.get(row.applied, ""),
        _ENROLLED.get(row.enrolled, ""),
        "",
        "；".join(part for part in (_ALSO.get(row.state or ""), row.state_note) if part),
        "",
    )
    return tuple(Cell(value) for value in told)
