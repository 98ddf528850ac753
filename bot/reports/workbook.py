"""Tables as an .xlsx: no text becomes a formula, identity numbers stay text, the maker is named."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from bot.clock import local
from bot.reports.made import Made
from bot.reports.model import Cell, Table

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_A4 = 9
_NARROW, _WIDE = 6, 32
_NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")


def workbook(tables: Sequence[Table], made: Made) -> bytes:
    """One sheet a table, and 说明 with who made it, when and of what."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"}
        )
        text = book.add_format({"num_format": "@", "border": 1, "valign": "top"})
        number = book.add_format({"border": 1, "valign": "top"})
        for place, table in enumerate(tables, start=1):
            sheet = book.add_worksheet(_name(place, table.title))
            _set_up(sheet, made)
            _fill(sheet, table, head, text, number)
        _explain(book.add_worksheet("说明"), made, tables, head, text)
        book.set_properties(
            {
                "title": f"{made.title} {made.period}",
                "subject": made.place,
                "author": made.by,
                "company": "育路",
                "comments": "；".join(made.notes),
                "created": local(made.at).replace(tzinfo=None),
            }
        )
    return kept.getvalue()


def _name(place: int, title: str) -> str:
    """What Excel accepts as the name of a sheet: 31 letters, none of some signs, each once."""
    return f"{place} {title.translate(_NOT_IN_NAMES)}"[:31]


def _set_up(sheet: Any, made: Made) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{made.footer.replace('&', '&&')}&R&P / &N"[:255])


def _fill(sheet: Any, table: Table, head: Any, text: Any, number: Any) -> None:
    for column, title in enumerate(table.heads):
        sheet.write_string(0, column, title, head)
        widest = max((_width(line[column].shown) for line in table.lines), default=0)
        width = min(max(widest, min(_width(title), 12), _NARROW), _WIDE)
        sheet.set_column(column, column, width + 2)
    for row, line in enumerate(table.lines, start=1):
        for column, cell in enumerate(line):
            _write(sheet, row, column, cell, text, number)


def _write(sheet: Any, row: int, column: int, cell: Cell, text: Any, number: Any) -> None:
    if isinstance(cell.value, str):
        sheet.write_string(row, column, cell.value, text)
    else:
        sheet.write_number(row, column, cell.value, number)


def _width(text: str) -> int:
    """How wide a text is in letters of a proportional font: a Chinese one counts twice."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _explain(sheet: Any, made: Made, tables: Sequence[Table], head: Any, text: Any) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    told = [*made.facts, *((table.title, table.note) for table in tables if table.note)]
    for row, (name, value) in enumerate(told):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, value, text)
