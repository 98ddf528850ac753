"""Small dialogue moves found by rule beside the intent: skipping, going back, changing."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlu.content import DATA, built
from nlu.content import pattern as looked_for
from nlu.fold import bare, fold
from nlu.numerals import says_number
from nlu.types import Cue

PATH = DATA / "cues.yaml"
_HAN_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_HAN_DIGITS |= {"九": 9, "十": 10}
_NUMBER = r"(\d{1,2}|[一二两三四五六七八九十])"
_CHOICES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NUMBER}(?:号|项|选项)?[.、)]?",
        rf"(?:我|就|要|给我)*(?:选择?|要|点|报|按|输入|来)?第?{_NUMBER}(?:个|项|条|种|号|款|班|期)?(?:吧|的|啊)?",
        rf"(?:我|就)*(?:选择?|点|要|按)(?:的是)?\s?第?{_NUMBER}(?:个|项|条|种|号|班|期)?(?:吧|的|啊)?",
        rf"[(（]{_NUMBER}[)）]",
        rf"{_NUMBER}[.、)]\s?[^\d].{{0,20}}",
    )
)
_KEYCAP = re.compile(r"^([0-9])\ufe0f?\u20e3$")
_NEW_VALUE = re.compile(r"应该是|其实是|换成|改成|改为")  # what follows is a value, not a slot
_BARE_NAME = re.compile(r"名字|姓名")


@dataclass(frozen=True)
class _Table:
    cues: dict[Cue, re.Pattern[str]]
    clears: dict[Cue, re.Pattern[str]]
    slots: dict[str, re.Pattern[str]]
    name_slots: tuple[str, ...]


def find_cues(text: str) -> frozenset[Cue]:
    """The dialogue moves a text makes."""
    forms = _forms(text)
    return frozenset(cue for cue in _table().cues if _makes(cue, forms))


def _forms(text: str) -> tuple[str, ...]:
    """The folded text, and without what stands around it where that is less."""
    plain = fold(text)
    core = bare(text) or plain
    return (plain,) if core == plain else (plain, core)


def _makes(cue: Cue, forms: tuple[str, ...]) -> bool:
    """Whether one of the forms makes that move; what clears it may stand anywhere in the text."""
    table = _table()
    if not any(table.cues[cue].search(form) for form in forms):
        return False
    return cue not in table.clears or not table.clears[cue].search(forms[0])


def find_choice(text: str) -> int | None:
    """The number of an offered choice, from 1, when the whole text is one: 2, 第二个, 选3, ②."""
    keycap = _KEYCAP.match(text.strip())
    if keycap:
        return int(keycap[1]) or None
    plain = fold(text)
    if not says_number(plain):
        return None
    whole = re.sub(r"[\s。.,，!！]+$", "", plain)
    for pattern in _CHOICES:
        match = pattern.fullmatch(whole)
        if match:
            number = _HAN_DIGITS.get(match[1]) or int(match[1])
            return number or None
    return None


def find_change_slots(text: str) -> tuple[str, ...]:
    """The slots named as wrong or to be changed; a bare 名字 gives every name it may mean."""
    if not _makes(Cue.CHANGE, _forms(text)):
        return ()
    table = _table()
    plain = _NEW_VALUE.split(fold(text))[0]
    found: list[tuple[int, str]] = []
    taken: set[int] = set()
    for slot, pattern in table.slots.items():
        for match in pattern.finditer(plain):
            if not taken.intersection(range(*match.span())):
                found.append((match.start(), slot))
                taken.update(range(*match.span()))
                break
    for match in _BARE_NAME.finditer(plain):
        if not taken.intersection(range(*match.span())):
            found += [(match.start(), slot) for slot in table.name_slots]
            break
    return tuple(dict.fromkeys(slot for _, slot in sorted(found, key=lambda pair: pair[0])))


@cache
def _table() -> _Table:
    return built(PATH, table_of)


def table_of(data: dict[str, Any]) -> _Table:
    """The cues as they are looked for."""
    return _Table(
        cues={Cue(name): looked_for("|".join(words)) for name, words in data["cues"].items()},
        clears={Cue(name): looked_for(word) for name, word in data["clears"].items()},
        slots={str(slot): looked_for(word) for slot, word in data["slots"].items()},
        name_slots=tuple(data["name_slots"]),
    )
