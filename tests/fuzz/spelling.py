"""Other ways to write the same: Han numerals, full-width signs, traditional characters.

Written for the tests alone, so that what reads them is held against something else.
"""

from functools import lru_cache

from opencc import OpenCC

_DIGITS = "零一二三四五六七八九"
_UNITS = ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"))


def han(number: int) -> str:
    """A number up to 99,999,999 in Han numerals, as people say it."""
    said = _said(number)
    return said.removeprefix("一") if said.startswith("一十") else said


def _said(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    size, unit = next((s, u) for s, u in _UNITS if number >= s)
    high, low = divmod(number, size)
    head = _said(high) + unit
    if low == 0:
        return head
    return head + ("零" if low < size // 10 else "") + _said(low)


def fullwidth(text: str) -> str:
    """The text with its ASCII signs twice as wide."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2t")


def traditional(text: str) -> str:
    """The text as it would be written in Hong Kong."""
    return str(_converter().convert(text))
