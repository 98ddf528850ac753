"""Text made uniform character by character, so that offsets stay those of the original."""

import re
from functools import lru_cache
from unicodedata import category, normalize

from opencc import OpenCC

from nlu.content import built
from nlu.lexicon import DATA

_MOST_CHARACTERS = 8192  # kept in the table: nobody writes so many different ones
_LIMIT = 4000  # what a person can mean fits in; the rest of a pasted novel is left out
_ALIKE = str.maketrans(
    {"。": "。", "﹒": ".", "·": "·", "•": "·", "・": "·", "‧": "·", "−": "-", "–": "-", "—": "-"}
)


# 壹万贰仟元; 陆 and 伍 alone are family names.
_FORMAL = re.compile(r"(?=[壹贰叁肆伍陆柒捌玖零万]*[拾佰仟])[壹贰叁肆伍陆柒捌玖拾佰仟零万]{2,}")
_GRADE_BY_EAR = re.compile(r"(?<=[1-6一二三四五六])(?<!十[一二三四五六])年纪(?![轻大小])")
_PLAIN_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=1)
def _mishearings() -> tuple[tuple[str, str], ...]:
    return built(DATA / "mishearings.yaml", mishearings_of)


def mishearings_of(data: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """Pairs of what is heard and what was said."""
    pairs = tuple((wrong, right) for right, wrongs in data.items() for wrong in wrongs)
    if any(len(wrong) != len(right) or not wrong for wrong, right in pairs):
        raise ValueError("听错的词要和原来的词一样长")
    return pairs


class _Uniform(dict[int, str]):
    """The table that `str.translate` reads; it learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        uniform = _character(chr(code)).translate(_ALIKE)
        if len(self) < _MOST_CHARACTERS:
            self[code] = uniform
        return uniform


def _character(char: str) -> str:
    narrow = normalize("NFKC", char)
    if len(narrow) != 1:
        return char
    if category(narrow) in {"Cc", "Cf", "Zs", "Cs"}:
        return "\n" if narrow == "\n" else " "
    return narrow


_UNIFORM = _Uniform()


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length."""
    simple = _converter().convert(text)
    if len(simple) == len(text):
        return str(simple)
    singles = (_converter().convert(char) for char in text)
    return "".join(one if len(one) == 1 else char for one, char in zip(singles, text, strict=True))


@lru_cache(maxsize=64)
def clean(text: str) -> str:
    """Half-width, simplified, lower-noise text of the same length (cut after 4,000 characters).

    The last texts are kept: one understanding asks for the same text several times.
    """
    text = text[:_LIMIT].translate(_UNIFORM)
    if not text.isascii():
        text = simplified(text)
        text = _FORMAL.sub(lambda match: match[0].translate(_PLAIN_NUMERALS), text)
        for wrong, right in _mishearings():
            if wrong in text:
                text = text.replace(wrong, right)
        text = _GRADE_BY_EAR.sub("年级", text)  # 上三年纪了
    return text
