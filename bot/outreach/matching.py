"""Whether a child of a list and a child of a ledger are one: sure, possible or not, with reasons.

Pure: it is told what is known of each and never looks anything up. Nothing is merged by it; what
is only possible waits for an officer.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.outreach.schools import is_same_school
from bot.rights.territory import chain, level
from nlu.sounds import syllables


class Strength(StrEnum):
    """How likely it is."""

    SURE = "sure"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True)
class Someone:
    """What is known of a child; `key` says where it stands, `phone` and `id_tail` may be ""."""

    key: str
    name: str
    birth_year: int | None = None
    id_tail: str = ""
    school: str = ""
    region_code: str | None = None
    phone: str = ""


@dataclass(frozen=True)
class Likeness:
    """One candidate, how likely it is the same child, what speaks for it and what against."""

    key: str
    strength: Strength
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """The result for one row: the strongest of its likenesses, the likeliest first."""

    found: tuple[Likeness, ...] = ()

    @property
    def strength(self) -> Strength:
        """How likely it is that the child is in the ledger at all."""
        return self.found[0].strength if self.found else Strength.NONE

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for the likeliest."""
        return self.found[0].reasons if self.found else ()


_TOWN, _BANNER = 1, 2
_DOTS = re.compile(r"[\s·•・.]+")
_ENOUGH_ALONE = frozenset({"id_tail", "phone"})
_WORTH_A_LOOK = frozenset({"id_tail", "phone", "school", "town"})
_TWO_AT_MOST = 2  # syllables of a family name before a Mongolian name
_ORDER = (Strength.SURE, Strength.POSSIBLE)


def match(row: Someone, candidates: Sequence[Someone]) -> Match:
    """The candidates that may be the child; two different sure ones are both only possible."""
    judged = {one.key: (one, _likeness(row, one)) for one in candidates}
    likely = {key: (one, like) for key, (one, like) in judged.items() if like is not None}
    sure = [one for one, like in likely.values() if like.strength is Strength.SURE]
    is_unclear = any(_are_two(first, other) for first in sure for other in sure)
    found = [_doubted(like) if is_unclear else like for _, like in likely.values()]
    found.sort(key=lambda like: (_ORDER.index(like.strength), len(like.against), like.key))
    return Match(tuple(found))


def settle_rivals(matches: Mapping[int, Match]) -> dict[int, Match]:
    """One candidate is one child: of several rows that claim it, the one that is spelt so keeps it.

    Twins on one list sound alike, share school and phone, and only one of them has applied.
    """
    claims: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for one in matches.values():
        for like in one.found:
            claims[like.key] += like.strength is Strength.SURE
            exact[like.key] += like.strength is Strength.SURE and _is_exact(like)
    return {row: _yielding(one, claims, exact) for row, one in matches.items()}


def _yielding(one: Match, claims: Counter[str], exact: Counter[str]) -> Match:
    found = []
    for like in one.found:
        is_rival = like.strength is Strength.SURE and claims[like.key] > 1
        keeps = _is_exact(like) and exact[like.key] == 1
        found.append(_doubted(like, "rival") if is_rival and not keeps else like)
    found.sort(key=lambda like: (_ORDER.index(like.strength), len(like.against), like.key))
    return Match(tuple(found))


def _is_exact(like: Likeness) -> bool:
    return "id_tail" in like.reasons or "name" in like.reasons


def _doubted(like: Likeness, why: str = "several") -> Likeness:
    if like.strength is not Strength.SURE:
        return like
    return replace(like, strength=Strength.POSSIBLE, against=(*like.against, why))


def _are_two(first: Someone, other: Someone) -> bool:
    """Whether two candidates are certainly not one child that is there twice."""
    ids = first.id_tail and other.id_tail and first.id_tail != other.id_tail
    return bool(ids) or _plain(first.name) != _plain(other.name)


def _likeness(row: Someone, other: Someone) -> Likeness | None:
    name = _name(row.name, other.name)
    if name is None:
        return None
    judged = {
        "birth": _birth(row.birth_year, other.birth_year),
        "id_tail": _equal(row.id_tail, other.id_tail),
        "phone": _equal(row.phone, other.phone) or None,  # a family changes its number
        "school": is_same_school(row.school, other.school),
        **_place(row.region_code, other.region_code),
    }
    reasons = tuple(key for key, fits in judged.items() if fits)
    against = tuple(key for key, fits in judged.items() if fits is False)
    strength = _strength(name, frozenset(reasons), frozenset(against))
    if strength is Strength.NONE:
        return None
    return Likeness(other.key, strength, (name, *reasons), against)


def _strength(name: str, reasons: frozenset[str], against: frozenset[str]) -> Strength:
    if "id_tail" in against or (name == "part" and not reasons & _ENOUGH_ALONE):
        return Strength.NONE
    if "birth" in against and not (name == "name" and {"phone", "school"} <= reasons):
        return Strength.NONE
    if name != "part" and "birth" in reasons and _is_enough(name, reasons, against):
        return Strength.SURE
    is_near = bool(reasons & _WORTH_A_LOOK) or ({"birth", "place"} <= reasons and not against)
    return Strength.POSSIBLE if is_near and len(against) < len(reasons) else Strength.NONE


def _is_enough(name: str, reasons: frozenset[str], against: frozenset[str]) -> bool:
    """Besides name and year of birth; another spelling wants more, because names repeat.

    Children change their school and families move: that alone speaks against nobody who is
    known by number, or by name and phone.
    """
    if "id_tail" in reasons or (name == "name" and "phone" in reasons):
        return True
    is_at_home = "school" in reasons and not reasons.isdisjoint({"town", "place"})
    if against or not is_at_home:
        return False
    return name == "name" or "phone" in reasons or "town" in reasons


def _name(mine: str, theirs: str) -> str | None:
    """name: spelt alike; sound: heard alike (其其格, 琪琪格); part: one with a family name."""
    mine, theirs = _plain(mine), _plain(theirs)
    if not mine or not theirs:
        return None
    if mine == theirs:
        return "name"
    short, long = sorted((syllables(mine), syllables(theirs)), key=len)
    if not short:
        return None
    if short == long:
        return "sound"
    extra = len(long) - len(short)
    is_end = len(short) > 1 and extra <= _TWO_AT_MOST and long[extra:] == short
    return "part" if is_end else None


def _plain(name: str) -> str:
    return _DOTS.sub("", name)


def _birth(mine: int | None, theirs: int | None) -> bool | None:
    """Within a year: an age that was told tells the year of birth no closer."""
    return abs(mine - theirs) <= 1 if mine is not None and theirs is not None else None


def _equal(mine: str, theirs: str) -> bool | None:
    return mine == theirs if mine and theirs else None


def _place(mine: str | None, theirs: str | None) -> dict[str, bool | None]:
    """The smallest unit that both lie in, as far as both are told closely enough."""
    if not mine or not theirs:
        return {"place": None}
    shared = set(chain(mine)) & set(chain(theirs))
    nearest = min((level(code) for code in shared), default=_BANNER + 1)
    if nearest <= _TOWN:
        return {"town": True}
    if nearest == _BANNER:
        are_towns_told = max(level(mine), level(theirs)) <= _TOWN
        return {"place": True, "town": False} if are_towns_told else {"place": True}
    is_vague = max(level(mine), level(theirs)) > _BANNER
    return {"place": None if is_vague else False}
