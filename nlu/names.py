"""Names of people, Han and Mongolian: whose, and where they end.

Precision first: a name needs a cue (叫, 学生, 家长), a place in the word list, or a Han family
name followed by something that is said of a child.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from nlu.dictionary import frequent
from nlu.name_cues import (
    CUES,
    FOLLOW,
    FUNCTION,
    KIN_AFTER,
    KIN_BEFORE,
    MONGOLIAN,
    NEVER,
    NICKNAME,
    RUN,
    SAID_OF_CHILD,
    TITLE,
)
from nlu.sounds import sound
from nlu.types import Context, Entity

_FILE = Path(__file__).parent / "data" / "names.txt"
_LISTING = ("、", "和", "跟")
# A word seen more often in the dictionary is a word, not the name of a person.
_COMMON, _COMMON_AFTER_CUE = 45, 600


@lru_cache(maxsize=1)
def _sections() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    section = ""
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line[1 : line.index("]")]
        elif line and not line.startswith("#"):
            found.setdefault(section, set()).add(line.strip())
    return {name: frozenset(words) for name, words in found.items()}


def is_common_word(word: str, most: int = _COMMON) -> bool:
    """Whether the dictionary has seen it more than `most` times, as only ordinary words are."""
    return frequent(_COMMON).get(word, 0) > most


@lru_cache(maxsize=4096)
def _is_composed(word: str) -> bool:
    """Made of two or more Mongolian name parts."""
    elements = _sections()["element"]
    reach = {0: 0}
    for end in range(1, len(word) + 1):
        for size in range(1, min(5, end) + 1):
            if end - size in reach and word[end - size : end] in elements:
                reach[end] = max(reach.get(end, 0), reach[end - size] + 1)
    return reach.get(len(word), 0) >= 2


def is_mongolian(word: str) -> bool:
    """A name of the word list, or put together from its parts."""
    word = word.replace("·", "")
    if word in _sections()["given"]:
        return True
    return len(word) >= 4 and _is_composed(word)


def family_name(word: str) -> int:
    """How many characters of family name `word` begins with; 0 when none."""
    surnames = _sections()["surname"]
    return 2 if word[:2] in surnames else int(word[:1] in surnames)


def _plausible(word: str, strong: bool = False) -> bool:
    return (
        len(word) >= 2
        and not FUNCTION.intersection(word.replace("那", "") if _looks_mongolian(word) else word)
        and not NEVER.search(word)
        and not is_common_word(word, _COMMON_AFTER_CUE if strong else _COMMON)
    )


def _mongolian_at(run: str) -> str | None:
    """The longest Mongolian name that `run` begins with, a family name before it included."""
    for size in range(min(len(run), 9), 1, -1):
        word = run[:size]
        bare = word[family_name(word) :]
        if is_mongolian(word) or (len(bare) > 1 and len(bare) < size and is_mongolian(bare)):
            return word
    return None


def _han_at(run: str, strong: bool) -> str | None:
    """A family name with a given name of one or two characters, ended by what follows."""
    family = family_name(run)
    if not family:
        return run[:2] if NICKNAME.match(run) and FOLLOW.match(run[2:]) else None
    for given in (2, 1):
        word = run[: family + given]
        if len(word) == family + given and FOLLOW.match(run[len(word) :]):
            if not _plausible(word, strong):
                continue
            return word
    return None


def _shape_at(run: str, strong: bool) -> str | None:
    """Any other name after 叫: as far as the next word that cannot belong to it."""
    for size in range(2, min(len(run), 8) + 1):
        rest = run[size:]
        if FOLLOW.match(rest):
            word = run[:size]
            mongolian = sum(char in MONGOLIAN for char in word) * 2 >= size
            fits = _plausible(word, strong) and ((mongolian and size > 2) or (strong and size <= 4))
            return word if fits else None
    return None


def name_at(run: str, strong: bool = False) -> str | None:
    """The name that `run`, a stretch of Han characters, begins with; None when it is none."""
    word = _mongolian_at(run)
    if word and (strong or len(word) > 2 or FOLLOW.match(run[len(word) :])):
        longer = _shape_at(run, strong)
        return longer if longer and len(longer) > len(word) and longer.startswith(word) else word
    return _han_at(run, strong) or _shape_at(run, strong)


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
            yield _make(word, _role(text, start, word, role), start)


def _role(text: str, start: int, word: str, role: str) -> str:
    """我是娜仁花她妈 names the child; 白音孟克的爸爸叫孟和 the father."""
    if KIN_AFTER.match(text, start + len(word)):
        return ""
    if not role and _LEARNER.search(text):
        return "self"
    return role or ("guardian" if KIN_BEFORE.search(text[:start]) else "")


_LEARNER = re.compile(
    r"^(?!.*(?:孩子|学生|娃|儿子|女儿|孙子|孙女|年级|助学|补助|辍学)).*(?:培训|普通话|名额|退班|参训|[一二三]级?[甲乙])",
    re.DOTALL,
)


def _firm(word: str, text: str, start: int) -> bool:
    """After a weak cue the word itself must look like a name."""
    if is_mongolian(word) or NICKNAME.fullmatch(word) or _mongolian_at(word) == word:
        return True
    if _looks_mongolian(word):
        return True
    return bool(family_name(word)) and len(word) <= 4


def _looks_mongolian(word: str) -> bool:
    """Three or more characters, all of them met in Mongolian names: 苏日那, 额尔登尼."""
    return 3 <= len(word) <= 7 and MONGOLIAN.issuperset(word)


def _whole(text: str, start: int, word: str) -> str:
    """额尔登尼 begins with a name of the list, 额尔登, and is one of its own."""
    longer = text[start : start + len(word) + 1]
    run = _run_at(text, start)
    more = len(word) > 2 and longer != word and longer[-1] in MONGOLIAN
    if more and run.startswith(longer) and FOLLOW.match(run[len(longer) :]):
        return longer
    return word


def _listed(text: str) -> Iterator[Entity]:
    """Mongolian names standing anywhere."""
    start = 0
    while start < len(text) - 1:
        word = _mongolian_at(_run_at(text, start)[:9]) if text[start] > "\u33ff" else None
        if word and (len(word) > 2 or _stands_alone(text, start, word)):
            whole = _whole(text, start, word)
            if not NEVER.search(text, start, start + len(word) + 1):
                yield _make(whole, _role(text, start, whole, ""), start)
            start += len(whole)
        else:
            start += 1


def _stands_alone(text: str, start: int, word: str) -> bool:
    before = text[start - 1 : start]
    opens = not before or not "\u3400" <= before <= "\u9fff" or before in "和跟"
    end = start + len(word)
    if _AT_HOME.match(text, end):
        return True
    return opens and bool(SAID_OF_CHILD.match(text, end) or _APART.match(text, end))


_AT_HOME = re.compile(r"家(?![长庭乡])(?:[,。;!?\s]|$|里|去|看|家访)")
_APART = re.compile(r"\s+(?:学校|上学|不|没|今年|回|已|在|初|高|[一二三四五六]年级|\d)")


_OPENING = re.compile(
    r"(?:^|[,。;!?、:\n\s]|(?<=[\u3400-\u9fff])[和跟]|还有(?:一?个)?(?:叫)?)(?=[\u3400-\u9fff])"
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
            after = start + len(word)
            if known and _plausible(word, match[0] in _LISTING) and _said(text, match[0], after):
                yield _make(word, "", start)
                break


def _said(text: str, opener: str, after: int) -> bool:
    if SAID_OF_CHILD.match(text, after):
        return True
    listed = opener in _LISTING
    return listed and bool(re.match(r"[两俩三仨]个?|,|都|也|$|没|不", text[after:]))


def find(text: str, context: Context) -> list[Entity]:
    """Names in cleaned `text`: child_name, or person_name with role self or guardian."""
    found: list[Entity] = []
    for source in (_cued(text), _listed(text), _opening(text)):
        for entity in source:
            if TITLE.match(text, entity.end):
                continue
            if not any(e.start < entity.end and entity.start < e.end for e in found):
                found.append(entity)
    return sorted(found, key=lambda entity: entity.start)


def name_key(name: str) -> str:
    """Equal for spellings that sound alike (其其格, 琪琪格); fit for finding the same child."""
    return sound(name)
