"""Mongolian names standing anywhere in a text, told by the list of names alone.

A short one must not be part of another word: it stands at an edge, after a word that names
people, or where neither neighbour makes a word with it.
"""

import re
from collections.abc import Iterator

from nlu.name_cues import (
    CHILD_WORD,
    FOLLOW,
    KIN_AFTER,
    MONGOLIAN,
    NEVER,
    OFFSPRING_AFTER,
    RUN,
    SAID_OF_CHILD,
)
from nlu.name_shapes import is_common_word, mongolian_at

_NOT_LAST = frozenset("都和那")
_NOT_FIRST = frozenset("和那其")
_PREPOSITIONS = frozenset({"关于", "由于", "对于", "至于", "属于", "位于", "在于", "终于", "主任"})
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = 60  # two characters seen together more often are a word
# 牧仁在砖厂搬砖: what a person does, where the word is no other word.
_GOES_ON = re.compile(
    r"(?=[在也都就还又才没不已被让把跟从今他她去来回上念读咋怎的考到说复返嫁病住打放,]"
    r"|那孩|那娃|这孩|这娃|昨|前天|初|高[一二三]|同学|家长|案|请|复学|反|时|回|今|[这那]个)"
)
_AT_HOME = re.compile(r"家(?![长庭乡])(?:[,。;!?\s]|$|里|去|看|家访|[他她没还有说])")
_FILE_OF = re.compile(
    r"的(?:补助|助学金|申请|进度|材料|学籍|情况|案子|记录|贷款|资助|事|困难|认定|班主任|家长|名)"
)
_APART = re.compile(r"\s+(?:学校|上学|不|没|今年|回|已|在|初|高|[一二三四五六]年级|\d)")
_HANDED = re.compile(rf"(?:{CHILD_WORD}|儿童|名叫|替|帮|接|劝返?|有没有|(?<![发交还])给)$")
_NAMED_BEFORE = re.compile(
    rf"(?:{CHILD_WORD}|儿童|少年|名叫?|姓名|名字|叫|给|替|帮|接|劝|找|跟|和|与|把|被|让|对|还是|就是|不是|是|成|把|查"
    r"|今天|昨天|昨晚|前天|今早|[去来]了|去的|有没有|有|一下)$"
)


def find(text: str) -> Iterator[tuple[int, int]]:
    """Where such names start and end in cleaned `text`, from left to right."""
    start = 0
    while start < len(text) - 1:
        run = RUN.match(text, start)
        word = mongolian_at(run[0][:9]) if run and text[start] != "·" else None
        if word and (len(word) > 2 or _stands_alone(text, start, word)):
            end = start + len(_whole(text, start, word))
            begun = _begun(text, start)
            if NEVER.search(text, begun, end + 1) or _is_about(text, begun):
                start += 1  # 嘎查巴雅尔: the name may begin later
            else:
                yield begun, end
                start = end
        else:
            start += 1


def _whole(text: str, start: int, word: str) -> str:
    """额尔登尼 begins with a name of the list, 额尔登, and is one of its own."""
    longer = text[start : start + len(word) + 1]
    run = RUN.match(text, start)
    if run and FOLLOW.match(run[0][len(word) :]):
        return word
    more = len(word) > 2 and longer != word and longer[-1] in MONGOLIAN - _NOT_LAST
    if run and more and run[0].startswith(longer) and FOLLOW.match(run[0][len(longer) :]):
        return longer
    return word


def _begun(text: str, start: int) -> int:
    """苏都毕力格: a name of the list with two more of its kind of characters before it."""
    before = text[max(0, start - 2) : start]
    whole = len(before) == 2 and (MONGOLIAN - _NOT_FIRST).issuperset(before)
    opens = not _HAN.match(text[start - 3 : start - 2]) or bool(
        re.match(r"[是叫里的个名家班村校给帮]", text[start - 3 : start - 2])
    )
    return start - 2 if whole and opens else start


def _is_about(text: str, start: int) -> bool:
    """关于哈斯: 于 is no family name there."""
    return text[max(0, start - 1) : start + 1] in _PREPOSITIONS


def _stands_alone(text: str, start: int, word: str) -> bool:
    end = start + len(word)
    opens = not _HAN.match(text[start - 1 : start]) or text[start - 1] in "和跟"
    if OFFSPRING_AFTER.match(text, end) or _AT_HOME.match(text, end) or _FILE_OF.match(text, end):
        return not is_common_word(word) or opens
    if KIN_AFTER.match(text, end) and not is_common_word(word):
        return True
    if opens and bool(SAID_OF_CHILD.match(text, end) or _APART.match(text, end)):
        return True
    if is_common_word(word) or _runs_on(text, start, end):
        return False
    if _HANDED.search(text[:start]) and text[end : end + 1] not in MONGOLIAN:
        return True
    named = opens or _NAMED_BEFORE.search(text[:start])
    return bool(named) and bool(_GOES_ON.match(text, end) or _ends(text, end, opens))


def _ends(text: str, end: int, opens: bool) -> bool:
    """孟克, 他又换地方了; but a lone 乌兰 that opens a sentence is told by what is said of it."""
    return (not opens or end - 2 > 0) and not _HAN.match(text[end : end + 1])


def _runs_on(text: str, start: int, end: int) -> bool:
    """天都冷: a word that reaches into the name from either side."""
    before = start > 0 and is_common_word(text[start - 1 : start + 1], _WORD)
    return before or is_common_word(text[end - 1 : end + 1], _WORD)
