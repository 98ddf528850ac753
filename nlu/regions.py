"""Which place of the division list a text means: hierarchy in the text first, then the home."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nlu.divisions import VILLAGE, Region, Table, lookup, near, table
from nlu.normalize import clean
from nlu.region_mentions import Mention, adjoins, mentions, related, sounds_like
from nlu.types import Entity

__all__ = ["Region", "find", "lookup", "near", "resolve", "within"]

_MOST_CANDIDATES = 20
_ANSWER = re.compile(
    r"(?:我|我们|咱|咱们|俺|俺们|家)*(?:家)?(?:就)?(?:住在|来自|在|是|住)?"
    r"([\u3400-\u9fff]{2,9}?)(?:那边|这边|那儿|那块|人|的|吧|啊|呢|呀)*[。.!]?$"
)
_KIND = re.compile(r"(?:镇|苏木|乡|嘎查|村|旗|街道|社区)$")


@dataclass(frozen=True)
class _Place:
    """A mention, or several consecutive ones read as one, on the way to being decided."""

    start: int
    end: int
    codes: tuple[str, ...]


def within(code: str, scope: str) -> bool:
    """Whether the unit `code` is `scope` or lies in it."""
    return scope in table().codes(code)


def _fits(known: Table, code: str, other: Iterable[str]) -> bool:
    return any(related(known, code, (o,)) or related(known, o, (code,)) for o in other)


def _by_neighbours(known: Table, places: list[_Place]) -> list[_Place]:
    """Keep of each mention the readings that agree with another mention of the text."""
    result = []
    for place in places:
        codes = place.codes
        for other in places:
            agreeing = tuple(
                c for c in codes if other is not place and _fits(known, c, other.codes)
            )
            codes = agreeing or codes
        result.append(replace(place, codes=codes))
    return result


def _by_level(known: Table, codes: tuple[str, ...]) -> tuple[str, ...]:
    highest = min(known.rows[code].level for code in codes)
    return tuple(code for code in codes if known.rows[code].level == highest)


def _by_home(known: Table, codes: tuple[str, ...], home: str | None) -> tuple[str, ...]:
    """The readings nearest to home: same town, else same banner, else same league."""
    if len(codes) < 2 or home is None:
        return codes
    own = set(known.codes(home))
    shared = {code: len(own.intersection(known.codes(code))) for code in codes}
    most = max(shared.values())
    return tuple(code for code in codes if shared[code] == most) if most > 1 else codes


def _all_villages(known: Table, codes: tuple[str, ...]) -> bool:
    return all(known.rows[code].level == VILLAGE for code in codes)


def _joined(known: Table, places: list[_Place], text: str) -> list[_Place]:
    """Consecutive units from high to low become their deepest."""
    result: list[_Place] = []
    for place in places:
        last = result[-1] if result else None
        if last and adjoins(text, last.end, place.start):
            inside = tuple(c for c in place.codes if related(known, c, last.codes))
            if inside:
                result[-1] = _Place(last.start, place.end, inside)
                continue
            if _all_villages(known, place.codes):
                continue  # the list has no such village there: the unit above it stands
        result.append(place)
    return result


_GONE_TO = re.compile(r"(?:去|到|往|上|回|奔|进|转|跑)(?:了)?$")


def _deepest(known: Table, places: list[_Place], text: str) -> list[_Place]:
    """Leave out a unit when something inside it is named elsewhere in the text.

    林西的娃跑去赤峰 names two places all the same: one to come from, one to go to.
    """
    return [
        place
        for place in places
        if not any(
            other is not place
            and all(related(known, c, place.codes) for c in other.codes)
            and not (other.end <= place.start and _GONE_TO.search(text[: place.start]))
            for other in places
        )
    ]


def _unique(places: list[_Place]) -> list[_Place]:
    """The same place named twice is one entity."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for place in places:
        if place.codes not in seen:
            seen.add(place.codes)
            kept.append(place)
    return kept


def _entity(place: _Place, text: str) -> Entity:
    regions = [region for code in place.codes if (region := lookup(code))]
    if len(regions) == 1:
        only = regions[0]
        return Entity("region", only.name, place.start, place.end, code=only.code, path=only.path)
    shown = regions[:_MOST_CANDIDATES]
    return Entity(
        "region",
        text[place.start : place.end],
        place.start,
        place.end,
        candidates=tuple("/".join(region.path) for region in shown),
        candidate_codes=tuple(region.code for region in shown),
    )


def _decide(found: list[Mention], text: str, home: str | None) -> list[_Place]:
    known = table()
    places = [_Place(m.start, m.end, m.codes) for m in found]
    places = _joined(known, places, text)
    places = _by_neighbours(known, places)
    places = [replace(p, codes=_by_home(known, _by_level(known, p.codes), home)) for p in places]
    return _deepest(known, places, text)


def _heard(word: str, home: str | None) -> tuple[str, ...]:
    """A whole short answer taken by its sound: banners, then towns, then villages near home."""
    own = frozenset(table().codes(home)[2:3]) if home else frozenset()
    scopes: tuple[tuple[int, frozenset[str]], ...] = ((3, frozenset()), (4, own), (4, frozenset()))
    for level, scope in (*scopes, (VILLAGE, own)):
        codes = sounds_like(_KIND.sub("", word) or word, level, scope)
        if codes:
            return codes
    return ()


def _whole(text: str, home: str | None, places: list[_Place]) -> _Place | None:
    match = _ANSWER.match(text.strip())
    if match is None:
        return None
    start = text.index(match[1])
    if any(place.end - place.start >= len(match[1]) - 1 for place in places):
        return None
    codes = _by_home(table(), _heard(match[1], home), home)
    return _Place(start, start + len(match[1]), codes) if codes else None


def _read(text: str, home: str | None, bare: bool) -> list[_Place]:
    places = _decide(mentions(text, bare), text, home)
    whole = _whole(text, home, places) if bare else None
    return [whole] if whole else places


def find(text: str, home: str | None = None, bare: bool = False) -> list[Entity]:
    """The places that `text` names; `bare` when the text is the answer to "which place?"."""
    return [_entity(place, text) for place in _unique(_read(text, home, bare))]


def find_all(text: str, home: str | None = None, bare: bool = False) -> list[Entity]:
    """As `find`, with every place each time that it is named."""
    return [_entity(place, text) for place in _read(text, home, bare)]


def resolve(text: str, home: str | None = None) -> tuple[Region, ...]:
    """What a person may mean by `text`, best reading only: one when clear, several to ask back."""
    places = _read(clean(text), home, bare=True)
    codes = places[-1].codes if places else ()
    return tuple(region for code in codes[:_MOST_CANDIDATES] if (region := lookup(code)))
