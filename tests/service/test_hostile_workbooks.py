"""Spreadsheets sent to do harm: bombs, entities that name files, formulas that run elsewhere."""

import io
import time
import zipfile

import pytest

from bot.reports.files import Format, written
from bot.reports.model import Cell, Table
from bot.spreadsheets.read import rows_of
from bot.spreadsheets.table import BadFile
from tests.reports.test_files import MADE

COLUMNS = {"name": "姓名", "note": "备注"}
SECRET = "root:x:0:0"


def workbook(name: str, note: str) -> bytes:
    """An ordinary list of one child."""
    table = Table("名单", ("姓名", "备注"), ((Cell(name), Cell(note)),))
    return written(Format.XLSX, [table], MADE)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part exchanged."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, part)
    return out.getvalue()


def sheet(head: str, text: str) -> bytes:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{cell}</t></is></c></row>'
        for number, cell in ((1, "姓名"), (2, text))
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    page = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return f'<?xml version="1.0"?>{head}{page}'.encode()


SHEET = "xl/worksheets/sheet1.xml"
FILE_ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a0 "ha">'
LAUGHS += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"


@pytest.mark.parametrize(("head", "text"), [(FILE_ENTITY, "&e;"), (LAUGHS, "&a9;")])
def test_entities_name_no_file_and_grow_no_memory(head: str, text: str) -> None:
    content = with_part(workbook("苏日娜", "x"), SHEET, sheet(head, text))
    begun = time.monotonic()
    try:
        found = str(rows_of(content, COLUMNS))
    except BadFile:
        found = ""
    assert SECRET not in found and len(found) < 1000
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("part", [SHEET, "xl/media/image1.png", "docProps/app.xml"])
def test_a_bomb_in_any_part_is_refused_before_it_is_unpacked(part: str) -> None:
    bomb = with_part(workbook("苏日娜", "x"), part, b" " * (101 << 20))
    assert len(bomb) < 1 << 20
    with pytest.raises(BadFile, match="太大"):
        rows_of(bomb, COLUMNS)


def test_a_bomb_that_lies_about_its_size_reads_nothing() -> None:
    content = with_part(workbook("苏日娜", "x"), SHEET, b" " * (90 << 20))
    size = (90 << 20).to_bytes(4, "little")
    lying = content.replace(size, (1000).to_bytes(4, "little"))
    assert lying != content
    with pytest.raises(BadFile):
        rows_of(lying, COLUMNS)


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://evil.example")', "+1+1", "@SUM(1)", "-1"])
def test_what_looks_like_a_formula_leaves_the_house_as_text(formula: str) -> None:
    content = workbook("苏日娜", formula)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "<f>" not in parts.read(SHEET).decode()
    [row] = rows_of(content, COLUMNS)
    assert row.cells == {"name": "苏日娜", "note": formula}
