"""Han names standing anywhere, told by what they are made of: 马小军已外出, 未见张鹏飞本人.

A family name and two characters that given names are made of. Two-character names and rarer
ones need a cue: see `names`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from nlu.name_cues import MONGOLIAN, NEVER
from nlu.name_shapes import (
    NOT_AT_END,
    family_name,
    given_characters,
    is_common_word,
    is_mongolian,
    is_name_of_somebody,
)

_BIGRAM, _TRIGRAM, _ACROSS = 400, 20, 60  # seen more often, such words are no part of a name
_HAN = re.compile(r"[\u3400-\u9fff]{3,}")
# After these a name may begin whatever the dictionary says of the two characters together.
_BEFORE = frozenset("和跟给叫找的是说见到把被让为由对问")
_PROVINCES = frozenset({"吉林", "云南", "海南", "江苏", "贵州", "福建", "辽宁", "宁夏", "青海"})
_PLACE_AFTER = re.compile(
    r"[镇乡村屯旗县市区路街]|苏木|嘎查|社区|小区|林场|牧场|中学|小学|学校|家村"
)


def find(text: str) -> Iterator[tuple[int, int]]:
    """Where such names start and end in cleaned `text`, from left to right."""
    for run in _HAN.finditer(text):
        at = run.start()
        while at < run.end() - 2:
            size = _name_size(text, at, run.start(), run.end())
            if size:
                yield at, at + size
            at += size or 1


def _name_size(text: str, at: int, first: int, last: int) -> int:
    family = family_name(text[at:last])
    end = at + family + 2
    if not family or end > last:
        return 0
    word, given = text[at:end], text[at + family : end]
    if not given_characters().issuperset(given) or NEVER.search(word):
        return 0
    if is_common_word(word, _TRIGRAM) and not is_name_of_somebody(word):
        return 0
    if is_common_word(given, _BIGRAM):
        return 0
    if (
        given[-1] in NOT_AT_END
        or MONGOLIAN.issuperset(word)
        or is_mongolian(word[:2])
        or given in _PROVINCES
    ):
        return 0
    if _PLACE_AFTER.match(text, end) or _runs_on(text, at, end, first, last):
        return 0
    return family + 2


def _runs_on(text: str, at: int, end: int, first: int, last: int) -> bool:
    """提高永强: a word that reaches into the name from either side."""
    if text[at + 1] == "子" and end < last:  # 王子涵: no prince
        return _is_word(text[end - 1 : end + 1])
    before = at > first and text[at - 1] not in _BEFORE and _is_word(text[at - 1 : at + 1])
    after = end < last and _is_word(text[end - 1 : end + 1])
    return before or after or _is_word(text[at : at + 2])


@lru_cache(maxsize=8192)
def _is_word(pair: str) -> bool:
    return is_common_word(pair, _ACROSS)
