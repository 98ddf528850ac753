"""Numbers as people say them: 仨, 两千五, 三万来块, 三四千, 1.5万."""

import re
from functools import lru_cache

from nlu import han_numerals

_DIGIT = "零〇一二两三四五六七八九"
HAN = f"[{_DIGIT}十百千万俩仨廿卅]"
# Bounded, so that a long run of digits costs linear time.
NUMBER = rf"(?:\d{{1,10}}(?:\.\d{{1,3}})?|{HAN}{{1,10}})"
SMALL = rf"(?:\d{{1,3}}|[{_DIGIT}十俩仨廿]{{1,3}})"

_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_SPOKEN = str.maketrans({"俩": "两", "仨": "三", "〇": "零"})
_RANGE = re.compile(
    rf"^([{_DIGIT}]?十?)([一二两三四五六七八九])([二两三四五六七八九])([十百千万]*)$"
)
_MIXED_RANGE = re.compile(r"^(\d+(?:\.\d+)?)\s*[-~到至]\s*(\d+(?:\.\d+)?)\s*([百千万]?)$")
_MIXED = re.compile(r"^(\d+(?:\.\d+)?)\s*([十百千万]+)(\d)?$")
_TAIL_RANGE = re.compile(
    r"^([一二两三四五六七八九十百千万]*[百千万])([一二三四五六七八])([二三四五六七八九])$"
)


_ANY = re.compile(rf"\d|{HAN}")


def says_number(text: str) -> bool:
    """Whether there is any figure or numeral: without one nobody tells an age, a sum or a count."""
    return _ANY.search(text) is not None


def _scale(units: str) -> int:
    factor = 1
    for unit in units:
        factor *= _UNITS[unit]
    return factor


def _mixed(text: str) -> int | None:
    if match := _MIXED_RANGE.match(text):
        return int(float(match[1]) * _scale(match[3]))
    if match := _MIXED.match(text):
        factor = _scale(match[2])
        tail = int(match[3]) * factor // 10 if match[3] else 0
        return round(float(match[1]) * factor) + tail
    return None


def _lower_of_tail(text: str) -> int | None:
    """一万六七 is sixteen thousand, or more."""
    match = _TAIL_RANGE.match(text)
    if match is None or _DIGIT.index(match[3]) - _DIGIT.index(match[2]) != 1:
        return None
    return parse(match[1] + match[2])


def _lower_of_range(text: str) -> int | None:
    match = _RANGE.match(text)
    if match is None or not (match[4] or match[1]):
        return None
    if _DIGIT.index(match[3]) - _DIGIT.index(match[2]) not in (1, 2):
        return None
    lower = parse(match[1] + match[2]) if match[1] else parse(match[2])
    return None if lower is None else lower * _scale(match[4])


@lru_cache(maxsize=2048)
def parse(text: str) -> int | None:
    """The whole number meant, the lower one of a range; None when it is no number.

    Decimals are rounded down after the unit is applied (1.5万 is 15000).
    """
    text = text.strip().replace(",", "").replace(" ", "").translate(_SPOKEN)
    if not text or len(text) > 20:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    for reading in (_mixed, _lower_of_range, _lower_of_tail):
        value = reading(text)
        if value is not None:
            return value
    try:
        return han_numerals.read(text)
    except (ValueError, KeyError, IndexError, OverflowError):
        return None


def parse_small(text: str) -> int | None:
    """Like `parse`, for ages and heads: 七八 is seven (or eight), not 78."""
    spoken = text.strip().translate(_SPOKEN)
    if len(spoken) == 2 and spoken[0] in _DIGIT[2:] and spoken[0] != "一":
        first, second = (_DIGIT.find(char) for char in spoken)
        if second == first + 1:
            return parse(spoken[0])
    return parse(text)
