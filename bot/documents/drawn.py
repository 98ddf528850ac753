"""The application form drawn as PDF without an office program; the font is built into readers."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from bot.documents.aid_form import Values

_FONT = "STSong-Light"
_TITLE = ParagraphStyle("title", fontName=_FONT, fontSize=16, leading=22, alignment=1)
_CELL = ParagraphStyle("cell", fontName=_FONT, fontSize=9.5, leading=13, wordWrap="CJK")
_HEAD = ParagraphStyle("head", parent=_CELL, fontSize=10.5, leading=15, spaceBefore=3)
_PLEDGE = "本人承诺以上所填写资料真实，如有虚假，愿承担相应责任。"

Cells = list[list[str]]


def drawn_form(values: Values) -> bytes:
    """The filled form on A4."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    made = BytesIO()
    page = SimpleDocTemplate(
        made, pagesize=A4, leftMargin=15 * mm, rightMargin=15 * mm, topMargin=10 * mm,
        bottomMargin=14 * mm, title="家庭经济困难学生认定申请表",
    )  # fmt: skip

    def foot(canvas: Any, _page: Any) -> None:
        canvas.setFont(_FONT, 8)
        canvas.drawString(15 * mm, 9 * mm, values["made"])

    page.build(_story(values), onFirstPage=foot, onLaterPages=foot)
    return made.getvalue()


def _story(v: Values) -> list[Any]:
    pairs = [[pair["left"], pair["right"]] for pair in v["groups"]]
    levels = " ".join(f"{one['box']} {one['name']}" for one in v["levels"])
    return [
        Paragraph("家庭经济困难学生认定申请表", _TITLE),
        Spacer(1, 3 * mm),
        _grid([["学校", v["school"], "年级", v["grade"], "班级", ""]], (14, 62, 14, 40, 14, 36)),
        _head("一、基本情况"),
        _grid(_person(v), (22, 48, 16, 34, 20, 40)),
        _head("二、家庭成员情况"),
        _grid(_family(v), (28, 14, 28, 38, 24, 24, 24)),
        _head("三、特殊群体类型（是的，方框涂黑）"),
        _grid(pairs, (90, 90)),
        _head("四、影响家庭经济状况的有关信息"),
        _grid(_burdens(v), (60, 120)),
        _head("五、个人承诺（请本人或监护人照下面这句话抄一遍，再签字）"),
        _grid([[f"{_PLEDGE}<br/><br/><br/>签字：＿＿＿＿＿＿＿＿ ＿＿＿＿年＿＿月＿＿日"]], (180,)),
        _head("六、学校意见"),
        _grid(_decision(v, levels), (32, 148)),
    ]


def _person(v: Values) -> Cells:
    return [
        ["姓名", v["child_name"], "性别", v["sex"], "出生年月", v["born"]],
        ["民族", "", "籍贯", "", "家庭人口", v["household_size"]],
        ["身份证号码", v["id_number"], "户口", "□城镇 □农村", "联系电话", v["phone"]],
        ["家庭地址", v["address"], "详细地址", "", "邮政编码", ""],
    ]


def _family(v: Values) -> Cells:
    keys = ("name", "age", "relation", "work", "job", "income", "health")
    head = ["姓名", "年龄", "与学生关系", "工作（学习）单位", "职业", "年收入（元）", "健康状况"]
    return [head, *([row[key] for key in keys] for row in v["members"])]


def _burdens(v: Values) -> Cells:
    rows = [["家庭人均年收入（元）", v["per_head"]]]
    rows += [[one["name"], one["text"]] for one in v["burdens"]]
    return [*rows, ["家庭欠债情况", ""], ["其他情况", ""]]


def _decision(v: Values, levels: str) -> Cells:
    span = f"{v['published_on']} 到 {v['published_until']}" if v["published_on"] else ""
    sign = "负责人签字：＿＿＿＿＿＿＿＿（公章） ＿＿＿＿年＿＿月＿＿日"
    return [
        ["认定等级", levels],
        ["理由", v["level_reason"]],
        ["公示", f"公示 {v['publication_days']} 个工作日以上 {span}"],
        ["意见", f"□同意 □不同意，建议调整为：<br/><br/>{sign}"],
    ]


def _head(text: str) -> Paragraph:
    return Paragraph(text, _HEAD)


def _grid(rows: Cells, widths: tuple[int, ...]) -> Table:
    """A ruled table; the texts of the family are escaped, our own line breaks are not."""
    cells = [[_cell(text) for text in row] for row in rows]
    lines = TableStyle(
        [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    )
    return Table(cells, colWidths=[width * mm for width in widths], style=lines)


def _cell(text: str) -> Any:
    """A paragraph, or the height of one line to write in by hand."""
    if not text:
        return Spacer(1, _CELL.leading)
    return Paragraph(escape(text).replace("&lt;br/&gt;", "<br/>"), _CELL)
