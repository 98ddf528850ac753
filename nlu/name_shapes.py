"""What a name of a person looks like, Han or Mongolian, and where it ends."""

import re
from functools import lru_cache
from pathlib import Path

from nlu.dictionary import is_person, seen
from nlu.name_cues import FOLLOW, FUNCTION, MONGOLIAN, NEVER, NICKNAME

_FILE = Path(__file__).parent / "data" / "names.txt"
# A word seen more often in the dictionary is a word, not the name of a person.
_COMMON, _COMMON_OF_THREE, _COMMON_AFTER_CUE = 45, 300, 600
_KNOWN, _KNOWN_AFTER_CUE = 1600, 2000
_KNOWN_OF_THREE = 600

# No given name ends so: who it belongs to (金宝奶奶), or the verb after it (白灵报的).
NOT_AT_END = frozenset("爸妈爷奶姥舅姑姨叔婶报申办家看补写时好现本两俩仨")


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
    return seen(word) > most


@lru_cache(maxsize=1)
def _parts() -> frozenset[str]:
    return _sections()["element"] | _sections()["given"]


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    """What a Mongolian name, or a family name before one, can begin with."""
    return frozenset(word[0] for word in _parts() | _sections()["surname"]) | {"·"}


@lru_cache(maxsize=1)
def given_characters() -> frozenset[str]:
    """The characters that given names of Han families are made of."""
    return frozenset("".join(_sections()["character"]))


@lru_cache(maxsize=4096)
def _is_composed(word: str) -> bool:
    """Made of two or more Mongolian name parts."""
    parts = _parts()
    reach = {0: 0}
    for end in range(1, len(word) + 1):
        for size in range(1, min(5, end) + 1):
            if end - size in reach and word[end - size : end] in parts:
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


def is_plausible(word: str, strong: bool = False) -> bool:
    return (
        len(word) >= 2
        and not FUNCTION.intersection(_without_virtue(word))
        and not NEVER.search(word)
        and not is_common_word(word, _most(word, strong))
    )


def _without_virtue(word: str) -> str:
    """那 is met in Mongolian names, 有 in names that wish for something: 张有才, 李有福."""
    if looks_mongolian(word):
        return word.replace("那", "")
    return word[:1] if _WISHES.fullmatch(word[1:]) and family_name(word) else word


_WISHES = re.compile("[有得][才福财德望发根志明禄]")


def _most(word: str, strong: bool) -> int:
    """How often the dictionary may have seen a name; 李娜 and 白雪 are names of known people."""
    is_given_name = word[-1:] in given_characters() and word[-1:] != "子"
    is_known = family_name(word) == 1 and is_given_name and is_person(word)
    if len(word) == 2 and is_known:
        return _KNOWN_AFTER_CUE if strong else _KNOWN
    if strong:
        return _COMMON_AFTER_CUE
    if is_name_of_somebody(word):
        return _KNOWN_OF_THREE
    return _COMMON_OF_THREE if len(word) == 3 and family_name(word) else _COMMON


def is_name_of_somebody(word: str) -> bool:
    """李佳明, 王玉珍: somebody whom jieba's dictionary knows by it, and made of no other word."""
    return (
        len(word) == 3
        and family_name(word) == 1
        and is_person(word)
        and given_characters().issuperset(word[1:])
        and not is_common_word(word, _KNOWN_OF_THREE)
        and not is_common_word(word[:2])
        and not is_common_word(word[1:])
    )


def mongolian_at(run: str) -> str | None:
    """The longest Mongolian name that `run` begins with, a family name before it included."""
    if run[:1] not in _openings():
        return None
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
        ends = len(word) == family + given and FOLLOW.match(run[len(word) :])
        fits = is_plausible(word, strong) or (word == run and _is_like(word))
        if ends and fits and word[-1] not in NOT_AT_END:
            return word
    return None


def _is_like(word: str) -> bool:
    """李想, 王能: a given name that elsewhere is a word of grammar, with nothing after it."""
    return word[-1] in "想和能" and is_plausible(word[:-1] + "明")


def _shape_at(run: str, strong: bool) -> str | None:
    """Any other name after 叫: as far as the next word that cannot belong to it."""
    for size in range(2, min(len(run), 8) + 1):
        rest = run[size:]
        if FOLLOW.match(rest):
            word = run[:size]
            mongolian = sum(char in MONGOLIAN for char in word) * 2 >= size
            fits = is_plausible(word, strong) and (
                (mongolian and size > 2) or (strong and size <= 4)
            )
            return word if fits else None
    return None


def name_at(run: str, strong: bool = False) -> str | None:
    """The name that `run`, a stretch of Han characters, begins with; None when it is none."""
    word = mongolian_at(run)
    if word and (strong or len(word) > 2 or FOLLOW.match(run[len(word) :])):
        longer = None if FOLLOW.match(run[len(word) :]) else _shape_at(run, strong)
        return longer if longer and len(longer) > len(word) and longer.startswith(word) else word
    found = _han_at(run, strong) or _shape_at(run, strong)
    if found is None and is_given(run[:2], after_kin=True) and FOLLOW.match(run[2:]):
        found = run[:2]
    return found or (_word(run) if strong else None)


def _word(run: str) -> str | None:
    """我叫梅花: a name that is a word too, with nothing after it."""
    is_name = len(run) in (2, 3) and not FUNCTION.intersection(run) and not NEVER.search(run)
    return run if is_name else None


def is_given(word: str, after_kin: bool = False) -> bool:
    """海龙, 艳红: a given name by itself, as people of the east of the region are called."""
    return (
        len(word) == 2
        and given_characters().issuperset(word)
        and not NEVER.search(word)
        and not is_common_word(word, _COMMON_AFTER_CUE if after_kin else _COMMON_OF_THREE)
    )


def looks_mongolian(word: str) -> bool:
    """Three or more characters, all of them met in Mongolian names: 苏日那, 额尔登尼."""
    return 3 <= len(word) <= 7 and MONGOLIAN.issuperset(word)
