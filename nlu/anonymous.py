"""A sentence without the people in it: fit to be shown to an officer and kept to learn from.

Recall first, unlike the entities of a conversation: a word masked too much costs little here, a
name left in costs somebody their secret.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from nlu.dictionary import tokenizer
from nlu.entities import extract
from nlu.name_shapes import family_name, is_common_word, is_mongolian
from nlu.normalize import clean
from nlu.types import Context

LONGEST = 300  # characters; who rambles tells more of themselves than of what they want

NAME, SCHOOL, PLACE = "姓名", "学校", "地方"
_MASKED = {
    "child_name": NAME,
    "person_name": NAME,
    "school": SCHOOL,
    "region": PLACE,
    "phone": "电话",
    "id_number": "证件号",
    "case_number": "编号",
}
_MASK = re.compile(r"〔([^〔〕]{2,4})〕")
_NUMBERS = re.compile(
    r"https?://[^\s\u3400-\u9fff]+"
    r"|(?=[A-Za-z\d_.@+-]*[\d@])[A-Za-z\d_.@+-]{6,}"
    r"|\d(?:[ -]?\d){4,}[Xx]?"
    r"|[零〇一幺二两三四五六七八九]{6,}"
)
_LOOSE = "我你您他她它们咱俺这那哪个各每本全在到去从是的了有和跟叫给把都也就回住离"
_VILLAGE = re.compile(rf"[^{_LOOSE}\W\d_]{{2,6}}(?:嘎查|村|屯|苏木|镇|艾里|营子|社区|小区|街道)")
_NO_NAME = "不没吗呢吧啊呀啥么要补来写退发吃卖买丢还交拿一二三四五六日几"
_MORE_OFTEN_WORDS = "钱未易申应蒙文左时和方连边车水计张打全都"  # than they are family names
_ADDRESSED = re.compile(r"(?=([\u3400-\u9fff])(?:老师|校长|主任|书记|大夫|叔|姨|婶|哥|姐|嫂))")

_STAND_INS: Mapping[str, tuple[str, ...]] = {
    NAME: ("小明", "乌云", "李军", "娜仁", "巴图"),
    SCHOOL: ("学校", "二中", "中心小学"),
    PLACE: ("我们嘎查", "镇上", "旗里"),
    "电话": ("13800000000",),
    "证件号": ("身份证号",),
    "编号": ("A26-0000-013",),
    "号码": ("12345678",),
}


def anonymous(text: str, context: Context, known: Mapping[str, str]) -> str:
    """The text with who and where replaced by its kind, such as 〔姓名〕.

    `known` maps words that the conversation holds already (a child's name) to their kind.
    """
    plain = clean(text)
    text = text[: len(plain)]
    spans = [
        *_said_before(text, known),
        *_entities(text, context),
        *((m.start(), m.end(), "号码") for m in _NUMBERS.finditer(plain)),
        *((m.start(), m.end(), PLACE) for m in _VILLAGE.finditer(plain)),
        *_looks_like_names(plain),
    ]
    return _replaced(text, spans)[:LONGEST]


def natural(masked: str) -> str:
    """A masked sentence as somebody might say it, with made-up names; always the same ones."""

    def stand_in(mask: re.Match[str]) -> str:
        words = _STAND_INS.get(mask[1], ("",))
        return words[zlib.crc32(f"{masked}{mask.start()}".encode()) % len(words)]

    return _MASK.sub(stand_in, masked)


def says_something(masked: str) -> bool:
    """Whether anything is left once the masks are taken away."""
    return len(re.findall(r"[^\W\d_]", _MASK.sub("", masked))) >= 2


Span = tuple[int, int, str]


def _said_before(text: str, known: Mapping[str, str]) -> Iterator[Span]:
    for word, kind in known.items():
        if len(word) >= 2:
            yield from ((m.start(), m.end(), kind) for m in re.finditer(re.escape(word), text))


def _entities(text: str, context: Context) -> Iterator[Span]:
    for entity in extract(text, context):
        kind = _MASKED.get(entity.entity)
        if kind is not None and entity.start < entity.end:
            yield entity.start, entity.end, kind


def _looks_like_names(text: str) -> Iterator[Span]:
    """Words with a family name that are no word of the language, and Mongolian names."""
    family_at = -1
    for word, start, end in tokenizer().tokenize(text):
        if is_mongolian(word) or _is_han_name(word.removesuffix("家")):
            yield start, end, NAME
        elif family_at == start and len(word) <= 2 and _is_han_name(text[start - 1 : end]):
            yield start - 1, end, NAME
        is_family = len(word) == 1 and family_name(word) and word not in _MORE_OFTEN_WORDS
        family_at = end if is_family else -1
    for start in range(len(text) - 1):
        word = text[start : start + 2]
        if is_mongolian(word) and not is_common_word(word):
            yield start, start + 2, NAME
    for addressed in _ADDRESSED.finditer(text):
        if family_name(addressed[1]):
            yield addressed.start(), addressed.start() + 1, NAME


def _is_han_name(word: str) -> bool:
    if word in _our_words() or not 2 <= len(word) <= 4 or is_common_word(word):
        return False
    family = family_name(word)
    if len(word) == 2 and word[0] in _MORE_OFTEN_WORDS:
        return False
    return bool(family) and 1 <= len(word) - family <= 2 and not _mere_grammar(word[family:])


def _mere_grammar(given: str) -> bool:
    return any(char in _LOOSE or char in _NO_NAME for char in given)


@lru_cache(maxsize=1)
def _our_words() -> frozenset[str]:
    """The words of our own subject, which no general dictionary has seen often."""
    lines = (Path(__file__).parent / "data" / "jieba.txt").read_text("utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line.strip())


def _replaced(text: str, spans: list[Span]) -> str:
    """The text with the spans masked; where they overlap the first and longest one counts."""
    parts, at = [], 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            parts += [text[at:start], f"〔{kind}〕"]
        at = max(at, end)
    return "".join([*parts, text[at:]])
