"""Whole numbers in Han numerals as cn2an reads them: 二十三, 一万零五十, 三百四, 一二.

cn2an compiles patterns of ten thousand characters when it is imported, a tenth of a second at
every start; it is only asked for what is rarely said.
"""

import re

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_BELOW = {"万": "千", "千": "百", "百": "十"}
_OURS = re.compile(r"[零一二两三四五六七八九十百千万廿]+")
_DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]+)?")

_ONE = "[一二两三四五六七八九]"
_TENS = f"(?:{_ONE}?十{_ONE}?|{_ONE})"
_HUNDREDS = f"(?:{_ONE}百(?:零{_ONE}|{_ONE}十{_ONE}?)?)"
_THOUSANDS = f"(?:{_ONE}千(?:零{_TENS}|{_HUNDREDS})?)"
_BELOW_1000 = f"(?:{_HUNDREDS}|{_TENS})"
_BELOW_10_000 = f"(?:{_THOUSANDS}|{_BELOW_1000})"
_WHOLE = re.compile(f"零|(?:{_BELOW_10_000}万(?:零{_BELOW_1000}|{_THOUSANDS})?)|{_BELOW_10_000}")
_ANY = "[零一二两三四五六七八九]"
_SPOKEN = re.compile(f"(?:{_ANY}{{0,2}}[十百千万])+{_ANY}")
_FULLER = (
    (re.compile(f"万零(?={_ANY}千)"), "万"),
    (re.compile(f"万(?={_ANY}[十百])"), "万零"),
    (re.compile(f"千(?={_ANY}?十)"), "千零"),
    (re.compile("百十"), "百一十"),
    (re.compile("零十"), "零一十"),
)
"""How a number is said in full: 一万五十 is 一万零五十."""


def read(text: str) -> int:
    """The number; ValueError, KeyError, IndexError or OverflowError when it is none."""
    if _DECIMAL.fullmatch(text):
        return int(float(text))
    if _OURS.fullmatch(text):
        return _read(text.replace("廿", "二十"))
    import cn2an  # 壹, 亿, 点 and the like, and what is no number at all

    return int(cn2an.cn2an(text, "smart"))


def _read(text: str) -> int:
    text = text.replace("零十", "零一十").replace("零百", "零一百")
    for pattern, fuller in _FULLER:
        text = pattern.sub(fuller, text)
    if _WHOLE.fullmatch(text):
        return _sum(text)
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    if len(text) >= 3 and _SPOKEN.fullmatch(text):  # 三百四: forty
        return _sum(text + _BELOW[_last_unit(text)])
    raise ValueError("no number")


def _last_unit(text: str) -> str:
    return next(character for character in reversed(text) if character in _UNITS)


def _sum(text: str) -> int:
    total, unit, above = 0, 1, 1
    for place, character in enumerate(reversed(text), start=1):
        if character in _DIGITS:
            total += _DIGITS[character] * unit
            continue
        unit = _UNITS[character]
        if unit == _UNITS["万"]:
            above = unit if unit > above else unit * above
            unit = above
        elif unit < above:
            unit *= above
        if place == len(text):
            total += unit
    return total
