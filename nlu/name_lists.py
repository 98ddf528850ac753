"""Names said one after the other: 张浩李明两个男生, 孟根、乌恩两名学生, 青格乐、哈日瑚姐弟."""

import re
from collections.abc import Iterator

from nlu.name_cues import MONGOLIAN, NEVER
from nlu.name_shapes import family_name, given_characters, is_common_word, name_at

_HAN = re.compile(r"[\u3400-\u9fff]{4,12}?(?=(?:[两俩二三仨四五]|[2-5])(?:个|人|名|位)(?!月))")
_OPENS = re.compile(r"(?:^|[,。;!:\s]|学生|孩子|的|同学|里|是)$")
_NEXT = re.compile(
    r"、(?=[\u3400-\u9fff]{2,7}?(?:等|[两俩二三仨四五]|都|姐弟|兄弟|姐妹|兄妹|[,。;、]|$|没|也))"
)
_AFTER_LIST = re.compile(r"$|[两俩二三仨四五都等没也]|姐弟|兄弟|姐妹|兄妹")
_RARE = 20  # seen more often, what looks like a name is a word


def find_joined(text: str) -> Iterator[tuple[int, int]]:
    """Han names without anything between them, counted after the last."""
    for match in _HAN.finditer(text):
        parts = _split(match[0])
        if parts and _OPENS.search(text[: match.start()]):
            at = match.start()
            for part in parts:
                yield at, at + len(part)
                at += len(part)


def _split(run: str) -> list[str]:
    """The names that the whole of `run` is made of; empty when it is not."""
    if not run:
        return []
    for size in (2, 3):
        word = run[:size]
        rest = _split(run[size:])
        if _is_han(word) and (rest or len(run) == size):
            return [word, *rest]
    return []


def _is_han(word: str) -> bool:
    family = family_name(word)
    given = word[family:]
    fits = family and 1 <= len(given) <= 2 and given_characters().issuperset(given)
    return bool(fits) and not NEVER.search(word) and not is_common_word(word, _RARE)


def find_next(text: str, ends: frozenset[int]) -> Iterator[tuple[int, int]]:
    """What follows a name after 、 is another one; `ends` are where the names known so far end."""
    for match in _NEXT.finditer(text):
        if match.start() not in ends:
            continue
        run = re.match(r"[\u3400-\u9fff]+", text[match.end() :])
        word = _in_list(run[0]) if run else None
        if word and not NEVER.search(word) and word[0] != "老":
            yield match.end(), match.end() + len(word)


def _in_list(run: str) -> str | None:
    """赵磊仨人, 哈日瑚姐弟: a Han name, or one made of what Mongolian names are made of."""
    for size in (2, 3, 4, 5):
        word = run[:size]
        if _AFTER_LIST.match(run[size:]):
            mongolian = sum(char in MONGOLIAN for char in word) * 2 >= size
            if _is_han(word) or (mongolian and not is_common_word(word, _RARE)):
                return word
    return name_at(run[:9])
