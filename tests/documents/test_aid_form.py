"""The application form: what is filled in, what stays covered or blank, and both kinds of file."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from bot.documents import fill
from bot.documents.aid_form import Maker, Values, form_values
from bot.documents.drawn import drawn_form
from bot.documents.fill import AID_FORM, as_pdf, filled_docx, template_of
from bot.errors import Refused
from storage.models.application import Application
from tests.service.support import APPLICATION, NOW, TOWN


def values_of(unmasked: bool = True, **slots: object) -> Values:
    record = Application(
        reference="A26-1123-013",
        status="published",
        region_code=TOWN,
        slots={**APPLICATION, "hardship": ["dibao", "disabled_parent"], **slots},
        level="special",
        level_reason="低保家庭",
        published_on=date(2026, 11, 23),
        published_until=date(2026, 11, 30),
    )
    return form_values(record, Maker("王芳", NOW, unmasked))


def words(docx: bytes) -> str:
    """All texts of a document, its foot too."""
    document = Document(BytesIO(docx))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    foot = [p.text for section in document.sections for p in section.footer.paragraphs]
    return "\n".join([p.text for p in document.paragraphs] + cells + foot)


def shipped(tmp_path: Path) -> Path:
    return template_of(AID_FORM, tmp_path)


def test_the_word_form_holds_what_was_told_and_who_made_it(tmp_path: Path) -> None:
    text = words(filled_docx(shipped(tmp_path), values_of()))
    for told in (
        "苏日娜", "高力板中心小学", "小学二年级", "152222201801011234", "2018年01月", "13948123456",
        "■ 最低生活保障家庭学生", "■ 残疾人子女", "□ 孤儿", "■ 特别困难", "低保家庭", "3000",
        "2026-11-23 到 2026-11-30", "A26-1123-013 由 王芳 于 2026-11-23 10:00 生成",
    ):  # fmt: skip
        assert told in text, told
    assert "{" not in text and "None" not in text


def test_without_the_right_numbers_and_health_are_covered(tmp_path: Path) -> None:
    values = values_of(unmasked=False)
    text = words(filled_docx(shipped(tmp_path), values))
    assert "**************1234" in text and "15222220180101" not in text
    assert "■ 最低生活保障家庭学生" in text and "□ 残疾人子女" in text
    assert values["born"] == values["sex"] == "" and "遮住一部分" in text


def test_what_nobody_told_stays_blank(tmp_path: Path) -> None:
    values = values_of(annual_income="unknown", household_size=None, id_number=None)
    assert (values["per_head"], values["household_size"], values["id_number"]) == ("", "", "")
    assert "unknown" not in words(filled_docx(shipped(tmp_path), values))
    teacher = values_of(applicant_name="王老师", relation="teacher")
    assert all(row["name"] == "" for row in teacher["members"])


def test_words_of_a_family_are_no_part_of_the_template(tmp_path: Path) -> None:
    values = values_of(child_name="<w:t>{{ 7*7 }}", school="{% raw %}&")
    assert "<w:t>{{ 7*7 }}" in words(filled_docx(shipped(tmp_path), values))
    assert drawn_form(values).startswith(b"%PDF")


def test_the_office_may_bring_its_own_template(tmp_path: Path) -> None:
    own = tmp_path / "templates" / AID_FORM
    own.parent.mkdir()
    document = Document()
    document.add_paragraph("本旗的表：{{ child_name }}，{{ nothing_known }}。")
    document.save(str(own))
    assert words(filled_docx(template_of(AID_FORM, tmp_path), values_of())).startswith(
        "本旗的表：苏日娜，。"
    )
    document.add_paragraph("{% for %}")
    document.save(str(own))
    with pytest.raises(Refused, match="模板"):
        filled_docx(template_of(AID_FORM, tmp_path), values_of())
    own.write_bytes(b"no document")
    with pytest.raises(Refused, match="模板"):
        filled_docx(template_of(AID_FORM, tmp_path), values_of())


def test_a_template_cannot_reach_into_the_program(tmp_path: Path) -> None:
    own = tmp_path / AID_FORM
    document = Document()
    document.add_paragraph("{{ child_name.__class__.__mro__ }}")
    document.save(str(own))
    with pytest.raises(Refused):
        filled_docx(own, values_of())


@pytest.mark.parametrize(
    "said", ["{{ 1 / 0 }}", "{{ age + 1 }}", "{{ range(999999999) }}", "{{ '%d' % 'x' }}"]
)
def test_a_template_that_reckons_wrongly_is_told_of(tmp_path: Path, said: str) -> None:
    own = tmp_path / AID_FORM
    document = Document()
    document.add_paragraph(said)
    document.save(str(own))
    with pytest.raises(Refused, match="模板"):
        filled_docx(own, values_of())


def test_a_template_that_unpacks_to_too_much_is_not_opened(tmp_path: Path) -> None:
    own = tmp_path / AID_FORM
    with zipfile.ZipFile(own, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", bytes(65 << 20))
    with pytest.raises(Refused, match="太大"):
        filled_docx(own, values_of())


def test_without_an_office_program_the_pdf_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill, "office_program", lambda: None)
    assert as_pdf(b"", lambda: b"drawn") == b"drawn"
    monkeypatch.setattr(fill, "office_program", lambda: "/bin/false")
    assert as_pdf(b"", lambda: b"drawn") == b"drawn"


@pytest.mark.slow
@pytest.mark.skipif(fill.office_program() is None, reason="LibreOffice is not installed")
def test_libre_office_makes_one_page_of_it(tmp_path: Path) -> None:
    pdf = as_pdf(filled_docx(shipped(tmp_path), values_of()), lambda: b"")
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type/Page/") + pdf.count(b"/Type/Page>") == 1
