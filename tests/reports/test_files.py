"""Files for outside: text stays text, the maker and the moment are in them, wide ones are cards."""

import io
import zipfile

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from bot.errors import Refused
from bot.reports.document import MOST_CARDS
from bot.reports.files import Format, format_of, written
from bot.reports.made import Made
from bot.reports.model import Cell, Table
from tests.service.support import NOW

MADE = Made("学生资助", "兴安盟", "2026-11", "王丽（经办人）", NOW, ("已经打码。",))
NUMBER = "152222201801011234"
RISKY = '=HYPERLINK("http://x")'
TABLE = Table("各地/申请", ("地方", "申请"), ((Cell(RISKY), Cell(3)), (Cell(NUMBER), Cell(1.5))))


def test_a_workbook_keeps_text_as_text() -> None:
    content = written(Format.XLSX, [TABLE], MADE)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["1 各地申请", "说明"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows == [["地方", "申请"], [RISKY, 3.0], [NUMBER, 1.5]]
    told = {str(name): str(value) for name, value in book.get_sheet_by_name("说明").to_python()}
    assert told["制表人"] == "王丽（经办人）"
    assert told["制表时间"] == "2026-11-23 10:00（北京时间）"
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        core = parts.read("docProps/core.xml").decode()
    assert "<f>" not in sheet
    assert "育路 · 王丽（经办人） · 2026-11-23 10:00" in sheet
    assert "<dc:creator>王丽（经办人）</dc:creator>" in core


def test_a_document_holds_the_table_and_its_maker() -> None:
    doc = Document(io.BytesIO(written(Format.DOCX, [TABLE], MADE)))
    (table,) = doc.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["地方", "申请"],
        [RISKY, "3"],
        [NUMBER, "1.5"],
    ]
    assert "制表人：王丽（经办人）" in [each.text for each in doc.paragraphs]
    assert "王丽" in doc.sections[0].footer.paragraphs[0].text
    assert (doc.core_properties.author, doc.core_properties.subject) == ("王丽（经办人）", "兴安盟")


def wide(lines: int) -> Table:
    heads = tuple(f"栏{n}" for n in range(20))
    return Table(
        "台账", heads, tuple((Cell("苏日娜"), *(Cell(""),) * 18, Cell("末")) for _ in range(lines))
    )


def test_a_wide_table_becomes_cards_without_what_is_empty() -> None:
    doc = Document(io.BytesIO(written(Format.DOCX, [wide(2)], MADE)))
    assert len(doc.tables) == 2
    texts = [cell.text for cell in doc.tables[0].rows[0].cells]
    assert texts == ["栏0", "苏日娜", "栏19", "末", "", ""]
    with pytest.raises(Refused, match="请导出表格"):
        written(Format.DOCX, [wide(MOST_CARDS + 1)], MADE)


def test_other_endings_are_refused() -> None:
    assert format_of(".XLSX") is Format.XLSX
    with pytest.raises(Refused, match="docx"):
        format_of(".pdf")
