"""Files and settings that come in as bytes: spreadsheets, photos, PDF, config.yaml."""

import io
from functools import lru_cache
from pathlib import Path

from bot.config import ConfigError, load_config
from bot.documents.aid_form import Values
from bot.documents.fill import AID_FORM, filled_docx, template_of
from bot.errors import Refused
from bot.files import KINDS, BadFile, FileStore
from bot.spreadsheets import imports, people, sessions
from bot.spreadsheets import table as sheet
from bot.spreadsheets.read import rows_of
from storage.keys import Keyring
from tests.documents.test_aid_form import values_of
from tests.fuzz import zips
from tests.fuzz.scratch import folder, placed
from tests.fuzz.targets.base import Target

ROOT = Path(__file__).parents[3]
COLUMNS = {**sessions.COLUMNS, **people.COLUMNS}


def _sheet(content: bytes) -> None:
    try:
        rows = rows_of(content, COLUMNS)
    except sheet.BadFile as bad:
        assert bad.reason
        return
    for row in rows[:20]:
        for read in (row.day, row.number_of, row.required):
            for column in list(row.cells)[:20]:
                try:
                    read(column, "某列")
                except sheet.BadRow as bad_row:
                    assert bad_row.reason


def _picture(content: bytes) -> None:
    keyring = Keyring([bytes(32)])
    store = FileStore(folder() / "files", keyring, max_bytes=1 << 20, max_pixels=256)
    store.vault.put = lambda path, sealed, **_: True  # type: ignore[method-assign]
    try:
        prepared = store._prepare(content, "照片.jpg")
    except BadFile as bad:
        assert bad.reason
        return
    assert prepared.mime in KINDS and prepared.size > 0


def _template(content: bytes) -> None:
    """The form that an office replaced."""
    try:
        made = filled_docx(placed("aid_form.docx", content), _values())
    except Refused as refused:
        assert refused.reason
        return
    assert made.startswith(b"PK")


@lru_cache(maxsize=1)
def _values() -> Values:
    return values_of()


def _config(content: bytes) -> None:
    try:
        load_config(placed("config.yaml", content))
    except ConfigError as error:
        assert str(error)


def _sheets() -> list[bytes]:
    kind = imports.IMPORTS["sessions"]
    book = imports.blank(kind.title, kind.columns, {**kind.example, "title": "夜校"})
    head = "名称,主办单位,对象,级别,形式,地区,地点,开始日期,结束日期,名额\n"
    rows = "夜校,教育局,农牧民,基础,线下,科右中旗,文化站,2026-12-01,2026/12/20,30\n"
    comma = head + rows * 3
    quoted = head + '"夜\n校","a""b",,,,,,,2026年1月2日,"1,000"\n'
    utf, gb = comma.encode("utf-8-sig"), comma.encode("gb18030")
    return [book, utf, gb, quoted.encode(), b"PK\x03\x04", b""]


def _templates() -> list[bytes]:
    from docx import Document

    small = io.BytesIO()
    document = Document()
    document.add_paragraph("{{ child_name }}{% for m in members %}{{ m.name }}{% endfor %}")
    document.save(small)
    return [template_of(AID_FORM, folder()).read_bytes(), small.getvalue()]


def _pictures() -> list[bytes]:
    from PIL import Image

    found = [b"%PDF-1.4\n%%EOF", b"OggS\x00\x02" + bytes(40), b"#!AMR\n", b"ID3\x03" + bytes(40)]
    for form, mode in (
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
    ):
        kept = io.BytesIO()
        picture = Image.new(mode, (24, 16), 7 if mode == "P" else None)
        exif = Image.Exif()
        exif[0x0112], exif[0x010E] = 6, "place"
        picture.save(kept, form, exif=exif)
        found.append(kept.getvalue())
    return found


def _settings() -> list[bytes]:
    whole = (ROOT / "config.yaml").read_bytes()
    small = (
        "office:\n  name: 教育局\nweb:\n  port: 8080\n",
        "telegram:\n  token: ${X}\n",
        "[]",
        "a: &a [*a]",
    )
    return [
        whole,
        *(one.encode() for one in small),
        *(part for part in whole.split(b"\n\n") if part),
    ]


TARGETS = (
    Target("spreadsheets", _sheet, _sheets, 0.002, False, damage=zips.in_workbook),
    Target("templates", _template, _templates, 0.0015, False, 1 << 17, zips.in_template),
    Target("pictures", _picture, _pictures, 0.02, is_text=False),
    Target("config", _config, _settings, 0.004),
)
