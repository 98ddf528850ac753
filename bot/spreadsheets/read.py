"""Reads .xlsx and .csv files (UTF-8 or GB18030) into rows of text under known column names."""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from bot.spreadsheets.table import BadFile, Row

_MOST_ROWS = 20_000


def read_rows(path: Path, columns: Mapping[str, str]) -> list[Row]:
    """The rows that are not empty; `columns` maps each column to its Chinese header.

    Raises BadFile when the file is neither .xlsx nor .csv or has no known header.
    """
    lines = _lines(path)
    if not lines:
        raise BadFile("文件是空的")
    names = {header: column for column, header in columns.items()}
    heads = [names.get(head.strip(), head.strip().lower()) for head in lines[0]]
    if not set(heads) & set(columns):
        raise BadFile("第一行要有列名：" + "、".join(columns.values()))
    if len(lines) > _MOST_ROWS:
        raise BadFile(f"行数太多，一次最多{_MOST_ROWS}行")
    return [
        Row(number, dict(zip(heads, cells, strict=False)))
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]


def _lines(path: Path) -> list[list[str]]:
    if path.suffix.lower() == ".xlsx":
        return _workbook(path)
    if path.suffix.lower() == ".csv":
        return list(csv.reader(io.StringIO(_decoded(path.read_bytes()))))
    raise BadFile("只认 .xlsx 和 .csv 文件")


def _workbook(path: Path) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        raise BadFile("这个 .xlsx 文件打不开") from error
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(cell: object) -> str:
    """A cell as somebody would type it: numbers without .0, moments as days."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("文件的编码不是 UTF-8 也不是 GB18030")
