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
_NARROW, _WIDE, _WIDEST = 6, 32, 70
_LINE = 17
"""Points that one line of Chinese needs."""
_FEW = 4
"""Up to so many columns one may be as wide as a line of text."""
_PAGE = 185
"""Letters that fit beside each other on a page and can still be read."""
_NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")


def workbook(tables: Sequence[Table], made: Made) -> bytes:
    """One sheet a table, and 说明 with who made it, when and of what."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"}
        )
        text = book.add_format({"num_format": "@", "border": 1, "valign": "top", "text_wrap": True})
        number = book.add_format({"border": 1, "valign": "top"})
        for place, table in enumerate(tables, start=1):
            sheet = book.add_worksheet(_name(place, table.title))
            _set_up(sheet, made, _fill(sheet, table, head, text, number))
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


def _set_up(sheet: Any, made: Made, width: int) -> None:
    """Print as many pages beside each other as the width needs, each with the first column."""
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    pages = -(-width // _PAGE)
    sheet.fit_to_pages(max(pages, 1), 0)
    sheet.repeat_rows(0)
    if pages > 1:
        sheet.repeat_columns(0)
    sheet.set_footer(f"&L{made.footer.replace('&', '&&')}&R&P / &N"[:255])


def _fill(sheet: Any, table: Table, head: Any, text: Any, number: Any) -> int:
    """Write the table, each row as high as its text needs; how wide it is in letters."""
    widths = _widths(table)
    for column, (title, width) in enumerate(zip(table.heads, widths, strict=True)):
        sheet.write_string(0, column, title, head)
        sheet.set_column(column, column, width)
    for row, line in enumerate(table.lines, start=1):
        shown = zip(line, widths, strict=True)
        sheet.set_row(row, _LINE * max(_lines(cell.shown, width) for cell, width in shown))
        for column, cell in enumerate(line):
            _write(sheet, row, column, cell, text, number)
    return sum(widths)


def _widths(table: Table) -> list[int]:
    """What each column needs, within reason; the rest goes on the next line of its cell."""
    most = _WIDEST if len(table.heads) <= _FEW else _WIDE
    found = []
    for column, title in enumerate(table.heads):
        widest = max((_width(line[column].shown) for line in table.lines), default=0)
        found.append(min(max(widest, min(_width(title), 12), _NARROW), most) + 2)
    return found


def _lines(text: str, width: int) -> int:
    return sum(max(-(-_width(part) // (width - 1)), 1) for part in text.split("\n"))


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
