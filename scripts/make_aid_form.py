"""Make the Word template of the application form: python scripts/make_aid_form.py

An office that wants another layout changes the file in Word and puts it into <data>/templates/.
"""

from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).parent.parent / "bot" / "documents" / "templates" / "aid_form.docx"
FONT = "宋体"
PLEDGE = "本人承诺以上所填写资料真实，如有虚假，愿承担相应责任。"


def main() -> None:
    """Write the template."""
    document = Document()
    _page(document)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(4)
    _write(title, "家庭经济困难学生认定申请表", 16, bold=True)
    _grid(
        document,
        [["学校", "{{ school }}", "年级", "{{ grade }}", "班级", ""]],
        (1.4, 6.2, 1.4, 4, 1.4, 3.6),
    )
    _head(document, "一、基本情况")
    _grid(document, _person(), (2.2, 4.8, 1.6, 3.4, 2, 4))
    _head(document, "二、家庭成员情况")
    _repeated(document, "member in members", _family(), (2.8, 1.4, 2.6, 3.8, 2.4, 2.7, 2.3))
    _head(document, "三、特殊群体类型（是的，方框涂黑）")
    _repeated(document, "pair in groups", [["{{ pair.left }}", "{{ pair.right }}"]], (9, 9))
    _head(document, "四、影响家庭经济状况的有关信息")
    burdens = [
        ["家庭人均年收入（元）", "{{ per_head }}"],
        ["{{ burden.name }}", "{{ burden.text }}"],
    ]
    _repeated(document, "burden in burdens", burdens, (6, 12))
    _grid(document, [["家庭欠债情况", ""], ["其他情况", ""]], (6, 12))
    _head(document, "五、个人承诺（请本人或监护人照下面这句话抄一遍，再签字）")
    sign = "签字：　　　　　　　　　　年　　月　　日"
    _grid(document, [[f"{PLEDGE}\n\n\n{sign}"]], (18,))
    _head(document, "六、学校意见")
    _grid(document, _decision(), (3.2, 14.8))
    foot = document.sections[0].footer.paragraphs[0]
    _write(foot, "{{ made }}", 8)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(TARGET))


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin, section.bottom_margin = Cm(1.2), Cm(1.2)


def _person() -> list[list[str]]:
    return [
        ["姓名", "{{ child_name }}", "性别", "{{ sex }}", "出生年月", "{{ born }}"],
        ["民族", "", "籍贯", "", "家庭人口", "{{ household_size }}"],
        ["身份证号码", "{{ id_number }}", "户口", "□城镇　□农村", "联系电话", "{{ phone }}"],
        ["家庭地址", "{{ address }}", "详细地址", "", "邮政编码", ""],
    ]


def _burdens() -> list[list[str]]:
    return [
        ["家庭人均年收入（元）", "{{ per_head }}"],
        ["家庭欠债情况", ""],
        ["其他情况", ""],
        ["{{ burden.name }}", "{{ burden.text }}"],
    ]


def _family() -> list[list[str]]:
    head = ["姓名", "年龄", "与学生关系", "工作（学习）单位", "职业", "年收入（元）", "健康状况"]
    keys = ("name", "age", "relation", "work", "job", "income", "health")
    return [head, [f"{{{{ member.{key} }}}}" for key in keys]]


def _decision() -> list[list[str]]:
    levels = "{% for one in levels %}{{ one.box }} {{ one.name }}　{% endfor %}"
    span = "{% if published_on %}{{ published_on }} 到 {{ published_until }}{% endif %}"
    sign = "负责人签字：　　　　　　　　（公章）　　　　年　　月　　日"
    return [
        ["认定等级", levels],
        ["理由", "{{ level_reason }}"],
        ["公示", f"公示 {{{{ publication_days }}}} 个工作日以上　{span}"],
        ["意见", f"□同意　□不同意，建议调整为：\n\n{sign}"],
    ]


def _repeated(document: Doc, loop: str, rows: list[list[str]], widths: tuple[float, ...]) -> None:
    """A table whose last row is repeated; the loop stands in rows that docxtpl takes away."""
    blank = [""] * (len(widths) - 1)
    opened, closed = [f"{{%tr for {loop} %}}", *blank], ["{%tr endfor %}", *blank]
    _grid(document, [*rows[:-1], opened, rows[-1], closed], widths)


def _grid(document: Doc, rows: list[list[str]], widths: tuple[float, ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row, texts in zip(table.rows, rows, strict=True):
        row.height = Cm(0.66)
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            _fill(cell, text)


def _fill(cell: _Cell, text: str) -> None:
    paragraph = cell.paragraphs[0]
    for number, line in enumerate(text.split("\n")):
        _write(paragraph if number == 0 else cell.add_paragraph(), line)


def _head(document: Doc, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(3)
    paragraph.paragraph_format.space_after = Pt(1)
    _write(paragraph, text, 11, bold=True)


def _write(paragraph: Paragraph, text: str, size: float = 10, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = FONT, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)


if __name__ == "__main__":
    main()
