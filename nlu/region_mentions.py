"""Where a text names a place of the division table, before it is decided which place is meant."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from nlu.divisions import VILLAGE, Table, table
from nlu.name_shapes import is_mongolian
from nlu.sounds import sound

_TOWN_SUFFIX = re.compile(r"苏木镇|镇|苏木|乡|街道办?")
_VILLAGE_SUFFIX = re.compile(
    r"嘎查(?:村?民?委员?会|村)?|村民?委员?会|村(?!上小学)|社区(?:居民?委员?会)?|居民?委员?会|屯|生活区"
)
_ANY_SUFFIX = re.compile(r"镇|苏木|乡|嘎查|村|旗")
_LEVEL_OF = {"镇": 4, "苏木": 4, "乡": 4, "嘎查": VILLAGE, "村": VILLAGE, "旗": 3}
_RUN = re.compile(r"[\u3400-\u9fff]{2,8}$")
_STARTS_AFTER = re.compile(r"(?:^|[在是到住去来从回的位于叫\W])$")
_POINTING = re.compile(r"(?:[我你他她咱们这那哪个本全各农山贵每下进驻同家里外几一两])$")
_CAREFUL = {"白云", "大板", "四子", "南屯", "和林", "商都", "白旗", "黄旗", "蓝旗"}
_CLOSE = 88.0
_GAP = re.compile(r"[ 的,、]*")
_NEVER = re.compile(
    r"新农村|进村|下乡|家乡|老乡|城乡|农村|山村|乡村|邻村|同乡|同村|村镇|乡镇|城镇|学院|大学|中学|师范|实验|民族|育才|希望|成吉思汗"
)
_NO_CODES: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mention:
    """A stretch of text and the codes it may stand for."""

    start: int
    end: int
    codes: tuple[str, ...]
    clear: bool  # carries its kind (镇, 嘎查), or is a full name or a known short name


def related(known: Table, code: str, uppers: Iterable[str]) -> bool:
    """Whether `code` lies within one of `uppers`."""
    return not set(known.codes(code)[:-1]).isdisjoint(uppers)


def _of_kind(known: Table, codes: Iterable[str], said: str) -> tuple[str, ...]:
    """A 嘎查 where the list has 嘎查 of that name, a 社区 where it has such, and so on."""
    codes = tuple(codes)
    marks = "社居" if said.startswith(("社区", "居")) else said[0]
    fitting = tuple(c for c in codes if any(mark in known.rows[c].name for mark in marks))
    return fitting or codes


def _suffixed(known: Table, text: str, start: int, end: int) -> Mention | None:
    """A short town or village name with any of the words for its kind after it."""
    word = text[start:end]
    village = known.village_shorts.get(word)
    if village and (match := _VILLAGE_SUFFIX.match(text, end)):
        return Mention(start, match.end(), _of_kind(known, village, match[0]), True)
    town = known.town_shorts.get(word)
    if town and (match := _TOWN_SUFFIX.match(text, end)):
        return Mention(start, match.end(), tuple(town), True)
    return None


def _short_codes(known: Table, word: str) -> tuple[str, ...]:
    indexes = (known.town_shorts, known.village_shorts, known.district_shorts)
    return next((tuple(index[word]) for index in indexes if word in index), ())


def _at(known: Table, text: str, start: int) -> Mention | None:
    """The longest place beginning here."""
    best: Mention | None = None
    longest = min(known.longest, known.reach.get(text[start : start + 2], 0))
    for end in range(min(len(text), start + longest), start + 1, -1):
        word = text[start:end]
        found = _suffixed(known, text, start, end)
        if found is None and word in known.names:
            found = Mention(start, end, tuple(known.names[word]), word not in _CAREFUL)
        if found is None and (codes := _short_codes(known, word)):
            found = Mention(start, end, codes, False)
        if found and not found.clear and _ANY_SUFFIX.match(text, end):
            found = None  # 吐列毛杜 + 镇: a town by another spelling, not the village
        if found and (best is None or found.end > best.end):
            best = found
    return best


def _follows(known: Table, before: Mention | None, mention: Mention, text: str) -> bool:
    """A place inside the one named just before it."""
    if before is None or not adjoins(text, before.end, mention.start):
        return False
    return any(related(known, code, before.codes) for code in mention.codes)


def _firm_enough(known: Table, mention: Mention, text: str) -> bool:
    """A bare town name that hardly means anything else, or stands where a place stands."""
    word = text[mention.start : mention.end]
    if word in _CAREFUL:
        return bool(_STARTS_AFTER.search(text[: mention.start]))
    if is_mongolian(word):
        return False  # 阿古拉 is a town, and a boy
    return len(word) > 2 and len(mention.codes) == 1 and word in known.town_shorts


def _accept(known: Table, mention: Mention, before: Mention | None, text: str, bare: bool) -> bool:
    if mention.clear or bare or _firm_enough(known, mention, text):
        return True
    return _follows(known, before, mention, text)


_SPLIT = re.compile(r"(?:今|明|昨|前|后|每|那|当|白|几|天)天$")  # 今天和村书记 is not 天和村
_PEOPLE = re.compile(
    r"[语话文]|(?<=达斡尔|鄂温克|鄂伦春)(?:学生|孩子|人|姑娘|小伙|老人)|族(?![自民乡镇苏区旗])"
)  # 达斡尔语 is no township


def _narrowed(known: Table, mention: Mention, before: Mention | None, text: str) -> Mention:
    """A village of the town just named beats a town of the same name elsewhere."""
    if mention.clear or before is None or not adjoins(text, before.end, mention.start):
        return mention
    word = text[mention.start : mention.end]
    again = tuple(c for c in known.town_shorts.get(word, ()) if c in before.codes)
    if again:  # 好腰苏木镇,好腰苏木中学: the town again, not the village of its name
        return Mention(mention.start, mention.end, again, False)
    districts = known.district_shorts.get(word, ())
    own = tuple(code for code in districts if related(known, code, before.codes))
    if own:  # 包头青山, said after its city
        return Mention(mention.start, mention.end, own, False)
    codes = (*known.town_shorts.get(word, ()), *known.village_shorts.get(word, ()))
    inside = tuple(code for code in codes if related(known, code, before.codes))
    return Mention(mention.start, mention.end, inside, False) if inside else mention


def adjoins(text: str, end: int, start: int) -> bool:
    """Whether nothing that matters stands between two places."""
    return _GAP.fullmatch(text, end, start) is not None


@lru_cache(maxsize=1)
def _by_sound() -> dict[int, dict[str, list[str]]]:
    index: dict[int, dict[str, list[str]]] = {
        level: defaultdict(list) for level in range(1, VILLAGE + 1)
    }
    for code, row in table().rows.items():
        index[row.level][row.sound].append(code)
    return index


def _inside(known: Table, codes: Iterable[str], uppers: frozenset[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if not uppers or related(known, code, uppers))


@lru_cache(maxsize=1024)
def sounds_like(word: str, level: int, uppers: frozenset[str] = _NO_CODES) -> tuple[str, ...]:
    """Codes of units of a level whose name sounds like `word`, within `uppers` when given."""
    known, index = table(), _by_sound()[level]
    heard = sound(word)
    exact = _inside(known, index.get(heard, ()), uppers)
    if exact or (level == VILLAGE and not uppers):
        return exact if level != VILLAGE or uppers else ()
    keys = (
        [key for key, codes in index.items() if _inside(known, codes, uppers)] if uppers else index
    )
    best = process.extractOne(heard, keys, scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return _inside(known, index[best[0]], uppers) if best else ()


def _heard_at(
    text: str, floor: int, match: re.Match[str], uppers: frozenset[str]
) -> Mention | None:
    run = _RUN.search(text[max(floor, match.start() - 8) : match.start()])
    if run is None:
        return None
    level = _LEVEL_OF[match[0]]
    for start in range(match.start() - len(run[0]), match.start() - 1):
        word = text[start : match.start()]
        opens = start == floor or _STARTS_AFTER.search(text[:start])
        if not opens or _POINTING.search(word):
            continue
        codes = sounds_like(word, level, uppers)
        if codes:
            return Mention(start, match.end(), codes, True)
    return None


def _heard(text: str, found: list[Mention]) -> list[Mention]:
    """Misspelt places, known by their last word and their sound."""
    extra: list[Mention] = []
    for match in _ANY_SUFFIX.finditer(text):
        if any(m.start < match.end() and match.start() < m.end for m in (*found, *extra)):
            continue
        if _NEVER.search(text, max(0, match.start() - 2), match.end() + 1):
            continue
        before = [m for m in (*found, *extra) if m.end <= match.start()]
        uppers = frozenset(code for m in before for code in m.codes)
        floor = max((m.end for m in before), default=0)
        mention = _heard_at(text, floor, match, uppers)
        if mention:
            extra.append(mention)
    return extra


def _is_no_place(text: str, mention: Mention) -> bool:
    return bool(_PEOPLE.match(text, mention.end) or _SPLIT.search(text, 0, mention.start + 1))


def mentions(text: str, bare: bool = False) -> list[Mention]:
    """All places named, from left to right; `bare` takes short names of villages alone too."""
    known = table()
    found: list[Mention] = []
    start = 0
    while start < len(text) - 1:
        mention = _at(known, text, start) if text[start] > "\u33ff" else None
        before = found[-1] if found else None
        if mention is not None:
            mention = _narrowed(known, mention, before, text)
        if mention is not None and _is_no_place(text, mention):
            mention = None
        if mention is None or not _accept(known, mention, before, text, bare):
            start += 1
            continue
        if not _NEVER.fullmatch(text, mention.start, mention.end):
            found.append(mention)
        start = mention.end
    return sorted(found + _heard(text, found), key=lambda mention: mention.start)
