"""Tables as a .docx: narrow ones as they are, wide ones a card a line, because paper is narrow."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bot.clock import local
from bot.errors import Refused
from bot.reports.made import Made
from bot.reports.model import Line, Table

MOST_COLUMNS = 12
MOST_CARDS = 300
_PRINTED_WIDTH = 297 - 2 * 18  # mm
_FONT = "宋体"


def document(tables: Sequence[Table], made: Made) -> bytes:
    """All tables under their titles. Raises Refused when there are too many cards to print."""
    doc = Document()
    _set_up(doc, made)
    doc.add_heading(f"{made.title}（{made.period}）", level=1)
    for name, value in made.facts[1:]:
        doc.add_paragraph(f"{name}：{value}").paragraph_format.space_after = Pt(0)
    for number, table in enumerate(tables):
        heading = doc.add_heading(table.title, level=2)
        heading.paragraph_format.page_break_before = table.own_page and number > 0
        if table.note:
            doc.add_paragraph(table.note)
        if not table.lines:
            doc.add_paragraph("没有记录。")
        elif len(table.heads) <= MOST_COLUMNS:
            _grid(doc, table)
        else:
            _cards(doc, table)
    kept = io.BytesIO()
    doc.save(kept)
    return kept.getvalue()


def _set_up(doc: Any, made: Made) -> None:
    section = doc.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(18))
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = doc.styles[name]
        style.font.name = _FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    doc.styles["Normal"].font.size = Pt(10)
    foot = section.footer.paragraphs[0]
    foot.text = made.footer
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    kept = doc.core_properties
    kept.title, kept.subject = f"{made.title} {made.period}", made.place
    kept.author = kept.last_modified_by = made.by
    kept.comments = "；".join(made.notes)[:255]
    kept.created = kept.modified = local(made.at).replace(tzinfo=None)


def _grid(doc: Any, table: Table) -> None:
    grid = doc.add_table(rows=1, cols=len(table.heads))
    grid.style, grid.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for cell, head in zip(grid.rows[0].cells, table.heads, strict=True):
        _write(cell, head, bold=True)
    if table.widths:
        _share_width(grid, table.widths)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for line in table.lines:
        for cell, value in zip(grid.add_row().cells, line, strict=True):
            _write(cell, value.shown)
            if value.is_number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _share_width(grid: Any, widths: Sequence[int]) -> None:
    """Column by column; rows that are added take over the width of the one above."""
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = column.cells[0].width = Mm(_PRINTED_WIDTH * width / sum(widths))


def _cards(doc: Any, table: Table) -> None:
    if len(table.lines) > MOST_CARDS:
        raise Refused(f"一份文档最多 {MOST_CARDS} 条，这里有 {len(table.lines)} 条，请导出表格。")
    for line in table.lines:
        _card(doc, table.heads, line)
        doc.add_paragraph()


def _card(doc: Any, heads: Sequence[str], line: Line) -> None:
    """What is filled in, three pairs a row; what is empty is left out."""
    pairs = [(head, cell.shown) for head, cell in zip(heads, line, strict=True) if cell.shown]
    grid = doc.add_table(rows=0, cols=6)
    grid.style = "Table Grid"
    for start in range(0, len(pairs), 3):
        cells = grid.add_row().cells
        for place, (head, value) in enumerate(pairs[start : start + 3]):
            _write(cells[2 * place], head, bold=True)
            _write(cells[2 * place + 1], value)


def _write(cell: Any, text: str, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold = bold
