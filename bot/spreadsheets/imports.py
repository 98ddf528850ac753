"""What can be taken in from a spreadsheet, and the empty file to start from."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.handlers.acting import Acting
from bot.spreadsheets import officers, people, sessions
from bot.spreadsheets.read import EXAMPLE
from bot.spreadsheets.table import Report, Row

LARGEST = 5 << 20


@dataclass(frozen=True)
class Import:
    """One kind of list: its name, columns, how it is taken in, and a row to copy."""

    title: str
    columns: Mapping[str, str]
    take: Callable[[Acting, Sequence[Row]], Awaitable[Report]]
    example: Mapping[str, str]
    about: str


IMPORTS: Mapping[str, Import] = {
    "sessions": Import(
        "培训班",
        sessions.COLUMNS,
        sessions.take_sessions,
        {
            "title": f"{EXAMPLE}：普通话夜校",
            "organiser": "旗教育局",
            "audience": "农牧民",
            "level": "基础",
            "mode": "夜校",
            "region": "科尔沁右翼中旗",
            "venue": "文化站",
            "starts_on": "2026-12-01",
            "ends_on": "2026-12-20",
            "schedule": "周一到周五晚上7点到9点",
            "seats": "30",
            "fee": "免费",
            "contact": "王老师",
            "phone": "0482-1234567",
            "apply_by": "2026-11-28",
        },
        "同一个名称、地方和开始日期算同一个班，再导入就是更新。",
    ),
    "people": Import(
        "人员名单",
        people.COLUMNS,
        people.take_people,
        {
            "name": f"{EXAMPLE}：乌云",
            "phone": "13900000000",
            "role": "干部",
            "region": "科尔沁右翼中旗高力板镇",
        },
        "家长和嘎查干部。按电话认人，同一个电话是同一个人。",
    ),
    "officers": Import(
        "办公人员",
        officers.COLUMNS,
        officers.take_officers,
        {"name": f"{EXAMPLE}：王老师", "role": "经办人", "region": "科尔沁右翼中旗"},
        "密码不在表里。导入以后，请技术员用命令 bot officer passwd 一个一个设。",
    ),
}


def template(kind: Import) -> bytes:
    """An empty file to start from."""
    return blank(kind.title, kind.columns, kind.example)


def blank(title: str, columns: Mapping[str, str], example: Mapping[str, str]) -> bytes:
    """An .xlsx with the heads and one example row, all text."""
    import io

    import xlsxwriter

    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(kept, options) as book:
        sheet = book.add_worksheet(title)
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18, text)
        for place, (column, name) in enumerate(columns.items()):
            sheet.write_string(0, place, name, head)
            sheet.write_string(1, place, example.get(column, ""), text)
    return kept.getvalue()
