"""Names of people, Han and Mongolian: whose, and where they end.

Precision first: a name needs a cue (叫, 学生, 家长), a place in the word list, or a Han family
name followed by something that is said of a child.
"""

import re
from collections.abc import Iterable, Iterator

from nlu import free_names, han_names, name_lists
from nlu.name_cues import (
    CHILD_WORD,
    CUES,
    KIN_AFTER,
    NICK,
    NICKNAME,
    OFFSPRING_AFTER,
    PLACES,
    RUN,
    SAID_OF_CHILD,
    TITLE,
)
from nlu.name_owners import owner
from nlu.name_shapes import (
    NOT_AT_END,
    family_name,
    given_characters,
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
_NO_WORD = 45
_MET = ("和", "跟", "给", "找")


def _make(word: str, role: str, start: int) -> Entity:
    kind = "person_name" if role else "child_name"
    return Entity(kind, word, start, start + len(word), role=role or None)


def _run_at(text: str, start: int) -> str:
    match = RUN.match(text, start)
    return match[0] if match else ""


def _cued(text: str) -> Iterator[Entity]:
    said = frozenset(text)
    for needs, pattern, role, strong in CUES:
        for match in () if needs and needs.isdisjoint(said) else pattern.finditer(text):
            start = match.end()
            word = name_at(_run_at(text, start), strong)
            if word is None or (not strong and not _firm(word, text, start)):
                continue
            yield _make(word, owner(text, start, word, role), start)


def _placed(text: str) -> Iterator[Entity]:
    """她舅王海, 劝返冯雪: a name by what it is made of, in a place where one may stand."""
    for pattern, role in PLACES:
        for match in pattern.finditer(text):
            start = match.end()
            word = name_at(_run_at(text, start))
            if word is None or (len(word) == 2 and is_common_word(word, _NO_WORD)):
                continue
            given = word[family_name(word) :]
            by_kin = (
                role == "guardian" and len(word) > 2 and family_name(word)
            )  # 爷爷王殿臣: rare characters too
            if by_kin or mongolian_at(word) == word or given_characters().issuperset(given):
                yield _make(word, owner(text, start, word, role), start)


def _firm(word: str, text: str, start: int) -> bool:
    """After a weak cue the word itself must look like a name."""
    if is_mongolian(word) or NICKNAME.fullmatch(word) or mongolian_at(word) == word:
        return True
    if len(word) > 3 and mongolian_at(word):  # 宝音德力格 begins with 宝音
        return True
    if looks_mongolian(word) or (
        _AFTER_KIN.search(text[:start]) and is_given(word, after_kin=True)
    ):
        return True
    return bool(family_name(word)) and len(word) <= 4


_AFTER_KIN = re.compile(rf"(?:{CHILD_WORD}|我家|村里|[的是])$")


def _listed(text: str) -> Iterator[Entity]:
    """Mongolian names standing anywhere."""
    for start, end in free_names.find(text):
        yield _make(text[start:end], owner(text, start, text[start:end], ""), start)


_OPENING = re.compile(
    r"(?:^|[,。;!?、:\n\s]|(?<=[\u3400-\u9fff])[和跟给找]|还有(?:一?个)?(?:叫)?|(?<=[讲说])|(?<=反映)|(?<=发现)|(?<=知道)|(?<=其中)|(?:^|(?<=[,。;:、\n\s]))[一二三四五六七八九]是(?=[\u3400-\u9fff]{2,4}?(?:\d|,?[男女]|[初高][一二三]|[一二三四五六]年级)))(?=[\u3400-\u9fff])"
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
            known = known or (bool(_LEARNS.match(text, after)) and is_given(word))
            if (
                known
                and word[-1] not in NOT_AT_END
                and is_plausible(word, match[0] in _LISTING)
                and _said(text, match[0], start, after)
            ):
                yield _make(word, owner(text, start, word, ""), start)
                break


# 秀英想学普通话, 包金山给孙子申请: what grown people do.
_LEARNS = re.compile(
    r"大姐|大哥|大婶|阿姨|同志|师傅|(?:也|要|想)*(?:学普通话|报(?:名|个名|普通话)|参加培训)|给(?:孙|儿|女|闺|姑|孩|外孙)"
)


def _said(text: str, opener: str, start: int, after: int) -> bool:
    if SAID_OF_CHILD.match(text, after) or _LEARNS.match(text, after):
        return True
    if OFFSPRING_AFTER.match(text, after):
        return True
    if opener in _MET and KIN_AFTER.match(text, after):
        return True
    if looks_mongolian(text[start:after]) and re.match(r"$|[,。;!]", text[after:]):
        return True
    if _is_lone(text[start:after]) and re.match(r"[,。;]", text[after:]) and start > 0:
        return True
    listed = opener in _LISTING
    return listed and bool(re.match(r"[两俩三仨]个?|,|都|也|$|没|不", text[after:]))


def _is_lone(word: str) -> bool:
    """,云慧,10月21日离校: made of what Han names are made of, and no word at all."""
    family = family_name(word)
    return (
        bool(family)
        and given_characters().issuperset(word[family:])
        and not is_common_word(word, _NO_WORD)
    )


def _joined(text: str) -> Iterator[Entity]:
    """张浩李明两个男生."""
    for start, end in name_lists.find_joined(text):
        yield _make(text[start:end], "", start)


def _next(text: str, known: list[Entity]) -> Iterator[Entity]:
    """孟根、乌恩: what stands after a name and 、 is another, of the same kind."""
    kinds = {e.end: e.role or "" for e in known}
    for start, end in name_lists.find_next(text, frozenset(kinds)):
        yield _make(text[start:end], kinds[start - 1], start)


def _anywhere(text: str) -> Iterator[Entity]:
    """马小军已外出: told by what the name is made of."""
    for start, end in han_names.find(text):
        yield _make(text[start:end], owner(text, start, text[start:end], ""), start)


_ADVERB = re.compile("明明[是就没不说该有]")  # 我家明明是低保


def find(text: str, context: Context) -> list[Entity]:
    """Names in cleaned `text`: child_name, or person_name with role self or guardian."""
    found: list[Entity] = []
    for source in (_joined, _cued, _placed, _listed, _opening, _anywhere):
        found = _with(found, source(text), text)
    found = _with(found, _next(text, found), text)
    proper = [e for e in found if not NICK.search(text[: e.start])]
    return sorted(proper or found, key=lambda entity: entity.start)


def _with(found: list[Entity], more: Iterable[Entity], text: str) -> list[Entity]:
    """Both, where no two overlap: who was found first stays, unless it is within the other."""
    for entity in more:
        if _is_titled(text, entity) or _ADVERB.match(text, entity.start):
            continue
        found = [e for e in found if not _is_within(e, entity)]  # 小燕 in 代小燕
        if not any(e.start < entity.end and entity.start < e.end for e in found):
            found.append(entity)
    return found


def _is_titled(text: str, entity: Entity) -> bool:
    """高主任 is no name, 乌力吉老师 has one."""
    if not TITLE.match(text, entity.end):
        return False
    word = str(entity.value)
    return len(word) < 3 or not (is_mongolian(word) or family_name(word))


def _is_within(inner: Entity, outer: Entity) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end


def name_key(name: str) -> str:
    """Equal for spellings that sound alike (其其格, 琪琪格); fit for finding the same child."""
    return sound(name)
