"""Damage inside Office files: one part of the zip changed, all packed again."""

import io
import random
import re
import zipfile
from collections.abc import Callable

from tests.fuzz import mutating

Part = Callable[[bytes, random.Random], bytes]
_ATTRIBUTE = re.compile(rb'[="> ]"?([A-Za-z0-9:.]+)["<]')
_VALUES = (
    *(b"", b"-1", b"0", b"99999999999", b"A0", b"XFD1048576", b"ZZZZZ99999", b"A1:XFD1048576"),
    *(b"s", b"d", b"e", b"b", b"1e308", b"NaN", b"-1e9", b"99999", b"&#0;", b"\xff"),
)
_TEMPLATE = (
    *("{{", "}}", "{%", "%}", "{{ 1 / 0 }}", "{{ age[9] }}", "{{ 'a' + 1 }}", "{{ x.y.z }}"),
    *("{% for m in members %}", "{% endfor %}", "{%tr for m in 7 %}", "{{ members | first }}"),
    *("{% set x = x + 1 %}", "{{ range(999999999) }}", "{{ age | round('x') }}", "{{ (1,2) > 3 }}"),
    *("{% include 'x' %}", "{{ self }}", "{{ lipsum(n=2) }}", "{{r age }}", "{{ cycler() }}"),
    *("{% if %}", "{#", "{{ '%d' % 'x' }}", "{{ 2 ** 99 }}", "<w:p>", "</w:r>", "&", "\x00"),
)


def in_workbook(content: bytes, chance: random.Random) -> bytes:
    """A workbook with one part damaged, or one attribute of it changed."""
    return _repacked(content, chance, damaged_xml)


def in_template(content: bytes, chance: random.Random) -> bytes:
    """A Word template, its text or its XML damaged."""
    return _repacked(content, chance, _template_part, "word/document.xml")


def _repacked(content: bytes, chance: random.Random, change: Part, mostly: str = "") -> bytes:
    kept = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book, _packing(kept) as copy:
            names = book.namelist()
            hit = mostly if mostly in names and chance.random() < 0.8 else chance.choice(names)
            for name in names:
                part = book.read(name)
                copy.writestr(name, change(part, chance) if name == hit else part)
    except Exception:  # no such file, or too damaged to be opened
        return mutating.raw(content, content, chance)
    return kept.getvalue()


def _packing(kept: io.BytesIO) -> zipfile.ZipFile:
    return zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1)


def damaged_xml(part: bytes, chance: random.Random) -> bytes:
    """One attribute or value replaced, or any bytes changed."""
    values = list(_ATTRIBUTE.finditer(part))
    if not values or chance.random() < 0.2:
        return mutating.raw(part, part, chance)
    hit = chance.choice(values)
    return part[: hit.start(1)] + chance.choice(_VALUES) + part[hit.end(1) :]


def _template_part(part: bytes, chance: random.Random) -> bytes:
    text = part.decode("utf-8", "replace")
    places = [match.end() for match in re.finditer(r"<w:t[^>]*>|{{|{%|}}|%}", text)]
    if not places or chance.random() < 0.2:
        return damaged_xml(part, chance)
    for _ in range(chance.randint(1, 3)):
        at = min(chance.choice(places), len(text))
        text = text[:at] + chance.choice(_TEMPLATE) + text[at + chance.choice((0, 0, 2, 8)) :]
    return text.encode()
