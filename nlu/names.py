"""Names of people, Han and Mongolian: whose, and where they end.

Precision first: a name needs a cue (叫, 学生, 家长), a place in the word list, or a Han family
name followed by something that is said of a child.
"""

import re
from collections.abc import Iterator

from nlu import han_names
from nlu.name_cues import (
    CHILD_WORD,
    CUES,
    FOLLOW,
    KIN_AFTER,
    MONGOLIAN,
    NEVER,
    NICK,
    NICKNAME,
    OFFSPRING_AFTER,
    RUN,
    SAID_OF_CHILD,
    TITLE,
)
from nlu.name_owners import owner
from nlu.name_shapes import (
    family_name,
    is_common_word,
    is_given,
    is_mongolian,
    is_plausible,
    looks_mongolian,
    mongolian_at,
    name_at,
)
from nlu.sounds import sound
from nlu.types import Context, Entity

_LISTING = ("、", "和", "跟")
_MET = ("和", "跟", "给", "找")


def _make(word: str, role: str, start: int) -> Entity:
    kind = "person_name" if role else "child_name"
    return Entity(kind, word, start, start + len(word), role=role or None)


def _run_at(text: str, start: int) -> str:
    match = RUN.match(text, start)
    return match[0] if match else ""


def _cued(text: str) -> Iterator[Entity]:
    for pattern, role, strong in CUES:
        for match in pattern.finditer(text):
            start = match.end()
            word = name_at(_run_at(text, start), strong)
            if word is None or (not strong and not _firm(word, text, start)):
                continue
            yield _make(word, owner(text, start, word, role), start)


def _firm(word: str, text: str, start: int) -> bool:
    """After a weak cue the word itself must look like a name."""
    if is_mongolian(word) or NICKNAME.fullmatch(word) or mongolian_at(word) == word:
        return True
    if looks_mongolian(word) or (
        _AFTER_KIN.search(text[:start]) and is_given(word, after_kin=True)
    ):
        return True
    return bool(family_name(word)) and len(word) <= 4


_AFTER_KIN = re.compile(rf"(?:{CHILD_WORD}|我家|村里|[的是])$")


def _whole(text: str, start: int, word: str) -> str:
    """额尔登尼 begins with a name of the list, 额尔登, and is one of its own."""
    longer = text[start : start + len(word) + 1]
    run = _run_at(text, start)
    more = len(word) > 2 and longer != word and longer[-1] in MONGOLIAN - _NOT_LAST
    if more and run.startswith(longer) and FOLLOW.match(run[len(longer) :]):
        return longer
    return word


_NOT_LAST = frozenset("都和那")


def _begun(text: str, start: int) -> int:
    """苏都毕力格: a name of the list with two more of its kind of characters before it."""
    before = text[max(0, start - 2) : start]
    whole = len(before) == 2 and (MONGOLIAN - _NOT_FIRST).issuperset(before)
    opens = not re.match(r"[\u3400-\u9fff]", text[start - 3 : start - 2]) or bool(
        re.match(r"[是叫里的个名家班村校给帮]", text[start - 3 : start - 2])
    )
    return start - 2 if whole and opens else start


def _is_about(text: str, start: int) -> bool:
    """关于哈斯: 于 is no family name there."""
    return text[max(0, start - 1) : start + 1] in _PREPOSITIONS


_PREPOSITIONS = frozenset({"关于", "由于", "对于", "至于", "属于", "位于", "在于", "终于", "主任"})
_NOT_FIRST = frozenset("和那其")


def _listed(text: str) -> Iterator[Entity]:
    """Mongolian names standing anywhere."""
    start = 0
    while start < len(text) - 1:
        word = mongolian_at(_run_at(text, start)[:9]) if text[start] > "\u33ff" else None
        if word and (len(word) > 2 or _stands_alone(text, start, word)):
            whole = _whole(text, start, word)
            begun = _begun(text, start)
            whole, start = text[begun:start] + whole, begun
            if not NEVER.search(text, start, start + len(word) + 1) and not _is_about(text, start):
                yield _make(whole, owner(text, start, whole, ""), start)
            start += len(whole)
        else:
            start += 1


def _stands_alone(text: str, start: int, word: str) -> bool:
    before = text[start - 1 : start]
    opens = not before or not "\u3400" <= before <= "\u9fff" or before in "和跟"
    end = start + len(word)
    if OFFSPRING_AFTER.match(text, end):
        return True
    if opens and not is_common_word(word) and _GOES_ON.match(text, end):
        return True
    if _AT_HOME.match(text, end) or _FILE_OF.match(text, end):
        return True
    return opens and bool(SAID_OF_CHILD.match(text, end) or _APART.match(text, end))


# 牧仁在砖厂搬砖: what a person does, where the word is no other word.
_GOES_ON = re.compile(
    r"(?=[在也都就还又才没不已被让把跟从今]|那孩|那娃|这孩|这娃|昨|前天|初|高[一二三])"
)
_AT_HOME = re.compile(r"家(?![长庭乡])(?:[,。;!?\s]|$|里|去|看|家访)")
_FILE_OF = re.compile(r"的(?:补助|助学金|申请|进度|材料|学籍|情况|案子|记录|贷款|资助|事)")
_APART = re.compile(r"\s+(?:学校|上学|不|没|今年|回|已|在|初|高|[一二三四五六]年级|\d)")


_OPENING = re.compile(
    r"(?:^|[,。;!?、:\n\s]|(?<=[\u3400-\u9fff])[和跟给找]|还有(?:一?个)?(?:叫)?|(?<=[讲说])|(?<=反映)|(?<=发现)|(?<=知道))(?=[\u3400-\u9fff])"
)


def _opening(text: str) -> Iterator[Entity]:
    """王小明没来上学; 王小明、李军两个孩子."""
    for match in _OPENING.finditer(text):
        start = match.end()
        run = _run_at(text, start)
        for size in (3, 2, 4):
            word = run[:size]
            family = family_name(word)
            known = NICKNAME.fullmatch(word) or (family and 1 <= len(word) - family <= 2)
            known = known or (size > 2 and looks_mongolian(word))
            after = start + len(word)
            if (
                known
                and is_plausible(word, match[0] in _LISTING)
                and _said(text, match[0], start, after)
            ):
                yield _make(word, owner(text, start, word, ""), start)
                break


def _said(text: str, opener: str, start: int, after: int) -> bool:
    if SAID_OF_CHILD.match(text, after) or OFFSPRING_AFTER.match(text, after):
        return True
    if opener in _MET and KIN_AFTER.match(text, after):
        return True
    if looks_mongolian(text[start:after]) and re.match(r"$|[,。;!]", text[after:]):
        return True
    listed = opener in _LISTING
    return listed and bool(re.match(r"[两俩三仨]个?|,|都|也|$|没|不", text[after:]))


def _anywhere(text: str) -> Iterator[Entity]:
    """马小军已外出: told by what the name is made of."""
    for start, end in han_names.find(text):
        yield _make(text[start:end], owner(text, start, text[start:end], ""), start)


_ADVERB = re.compile("明明[是就没不说该有]")  # 我家明明是低保


def find(text: str, context: Context) -> list[Entity]:
    """Names in cleaned `text`: child_name, or person_name with role self or guardian."""
    found: list[Entity] = []
    for source in (_cued(text), _listed(text), _opening(text), _anywhere(text)):
        for entity in source:
            if TITLE.match(text, entity.end) or _ADVERB.match(text, entity.start):
                continue
            found = [e for e in found if not _is_within(e, entity)]  # 小燕 in 代小燕
            if not any(e.start < entity.end and entity.start < e.end for e in found):
                found.append(entity)
    proper = [e for e in found if not NICK.search(text[: e.start])]
    return sorted(proper or found, key=lambda entity: entity.start)


def _is_within(inner: Entity, outer: Entity) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end


def name_key(name: str) -> str:
    """Equal for spellings that sound alike (其其格, 琪琪格); fit for finding the same child."""
    return sound(name)
