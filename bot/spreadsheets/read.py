"""Reads .xlsx and .csv files (UTF-8 or GB18030) into rows of text under known column names."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from bot.spreadsheets.table import BadFile, Row
from bot.spreadsheets.workbook import MOST_ROWS, TooLarge, Unreadable, lines_of

_MOST_ABOVE = 5
_ZIP = b"PK\x03\x04"
EXAMPLE = "示例"
"""A row that begins with this word is the one in the template, and is passed over."""


def read_rows(path: Path, columns: Mapping[str, str]) -> list[Row]:
    """The rows of a file, whose name must say what it is. Raises BadFile like `rows_of`."""
    ending, content = path.suffix.lower(), path.read_bytes()
    if ending not in (".xlsx", ".csv"):
        raise BadFile("只认 .xlsx 和 .csv 文件")
    if ending == ".xlsx" and not content.startswith(_ZIP):
        raise BadFile("这个 .xlsx 文件打不开")
    return rows_of(content, columns)


def rows_of(content: bytes, columns: Mapping[str, str]) -> list[Row]:
    """The rows that are not empty; `columns` maps each column to its Chinese header.

    What the file is, is seen from its first bytes. Raises BadFile when it is neither .xlsx nor
    .csv or has no known header.
    """
    found = _workbook(content) if content.startswith(_ZIP) else _table(content)
    lines = [[cell.replace("\0", "") for cell in line] for line in found]  # no database keeps it
    if not lines:
        raise BadFile("文件是空的")
    names = {header: column for column, header in columns.items()}
    above, heads = _heads(lines, names)
    if len(lines) > MOST_ROWS:
        raise BadFile(f"行数太多，一次最多{MOST_ROWS}行")
    return [
        Row(number, dict(zip(heads, cells, strict=False)))
        for number, cells in enumerate(lines[above + 1 :], start=above + 2)
        if any(cell.strip() for cell in cells) and not cells[0].startswith(EXAMPLE)
    ]


def _heads(lines: list[list[str]], names: Mapping[str, str]) -> tuple[int, list[str]]:
    """The line with the heads, and these; a title and who made the list may stand above it."""
    for above, line in enumerate(lines[:_MOST_ABOVE]):
        heads = [names.get(head.strip(), head.strip().lower()) for head in line]
        known = {head.strip() for head in line} & names.keys() or set(heads) & set(names.values())
        if len(known) > 1 or (known and above == 0):
            return above, heads
    raise BadFile("第一行要有列名：" + "、".join(names))


def _table(content: bytes) -> list[list[str]]:
    if b"\0" in content[:4096]:
        raise BadFile("只认 .xlsx 和 .csv 文件")
    try:
        return list(csv.reader(io.StringIO(_decoded(content))))
    except csv.Error as error:
        raise BadFile("这个 .csv 文件读不懂") from error


def _workbook(content: bytes) -> list[list[str]]:
    try:
        return lines_of(content)
    except TooLarge:
        raise BadFile("这个 .xlsx 文件太大") from None
    except Unreadable as error:
        raise BadFile("这个 .xlsx 文件打不开") from error


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("文件的编码不是 UTF-8 也不是 GB18030")
