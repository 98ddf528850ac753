"""All that a text names: every extractor runs, the firmer one wins where two overlap."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nlu import (
    ages,
    amounts,
    answers,
    contacts,
    dates,
    grades,
    hardships,
    lexicon,
    names,
    reasons,
    regions,
    schools,
    sums,
)
from nlu.assertion import asserted
from nlu.normalize import clean
from nlu.types import Context, Entity

_AS_WRITTEN = frozenset({"school", "child_name", "person_name", "case_number", "detail"})
_AS_WRITTEN |= {"whereabouts"}
_LISTS = ("purpose", "current_level", "available_time")
# Kinds that say something about the words of another kind rather than competing for them.
_OVERLAY = frozenset({"hardship", "reason", "purpose", "current_level", "available_time"})
_GROWN = 18
_PUPIL = 25  # older than any pupil or student who is told of by name
_BESIDE = 6


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _free(entities: Iterable[Entity], taken: list[Entity]) -> list[Entity]:
    free: list[Entity] = []
    for entity in entities:
        if not any(_overlap(entity, other) for other in (*taken, *free)):
            free.append(entity)
    return free


def _listed(text: str, context: Context, is_child: bool) -> Iterator[Entity]:
    """Words of the lists, every time they are said."""
    yield from hardships.find(text)
    for kind in _LISTS:
        if not answers.wants_choice(kind, text, context):
            continue
        for hit in lexicon.find(kind, text):
            if kind != "current_level" or not answers.is_goal(text, hit):
                yield Entity(kind, hit.value, hit.start, hit.end)
    yield from reasons.find(text, context, is_child)


def _once(entities: list[Entity]) -> list[Entity]:
    """Each value of a list once, where it was said first."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for entity in entities:
        key = (entity.entity, str(entity.value))
        if entity.entity not in _OVERLAY or key not in seen:
            kept.append(entity)
        seen.add(key)
    return kept


def _without_half(entities: list[Entity]) -> list[Entity]:
    """爸没了妈改嫁,算孤儿: the loss of one parent is within the loss of both."""
    is_orphan = any(e.entity == "hardship" and e.value == "orphan" for e in entities)
    return [
        e
        for e in entities
        if not (is_orphan and e.entity == "hardship" and e.value == "single_parent")
    ]


def _places(text: str, context: Context) -> list[Entity]:
    bare = context.expecting == "region"
    return regions.find_all(text, context.home, bare=bare)


def _all(text: str, context: Context) -> list[Entity]:
    numbers = contacts.find(text, context)
    old = [a for a in ages.find(text) if a.role != "elder" or not context.expecting]
    days = [d for d in dates.find(text, context) if _free_of(d, old, text)]
    places = [p for p in _free(_places(text, context), numbers) if not _within_day(p, days)]
    said = names.find(text, context)
    places = [p for p in places if not any(_is_in_called(p, name, text) for name in said)]
    named = [name for name in said if not any(_overlap(name, p) for p in places)]
    certain = [p for p in places if not any(_overlap(p, n) for n in named)]
    found_schools = schools.find(text, certain)
    named = _free(named, found_schools)
    taken = [*numbers, *found_schools, *named]
    when = _free(days, [*taken, *certain])
    taken += when
    years = _free((_after_school(year, found_schools) for year in grades.find(text)), taken)
    children = [name for name in named if name.entity == "child_name"]
    beside = tuple(ages.after_names(text, named))
    taken = [_grown(entity, beside) for entity in taken]
    numbered = (
        *old,
        *beside,
        *sums.find(text, context),
        *amounts.find(text),
    )
    is_child = bool(children) or any(_is_childs_age(age) for age in old)
    counted = _free(numbered, [*taken, *years, *certain])
    return [
        *taken,
        *years,
        *counted,
        *_outside(certain, found_schools, text),
        *_listed(text, context, is_child),
    ]


def _is_childs_age(age: Entity) -> bool:
    return isinstance(age.value, int) and age.value < _GROWN and age.role is None


def _is_in_called(place: Entity, name: Entity, text: str) -> bool:
    """叫白云飞的那个: 白云 is no place there."""
    is_longer = name.end - name.start > place.end - place.start
    is_inside = name.start <= place.start and place.end <= name.end
    return is_longer and is_inside and text[name.start - 1 : name.start] == "叫"


def _grown(name: Entity, ages_said: Iterable[Entity]) -> Entity:
    """哈斯,四十二岁: no child."""
    if name.entity != "child_name":
        return name
    old = [age.value for age in ages_said if 0 <= age.start - name.end <= _BESIDE]
    is_grown = any(isinstance(value, int) and value > _PUPIL for value in old)
    return replace(name, entity="person_name", role=name.role or "self") if is_grown else name


def _after_school(year: Entity, found: list[Entity]) -> Entity:
    """第二小学三年级: the school ends where the year begins."""
    ends = [s.end for s in found if s.start <= year.start < s.end < year.end]
    return replace(year, start=ends[0]) if ends else year


def _free_of(day: Entity, ages_said: list[Entity], text: str) -> bool:
    """年龄错了,今年十一 is no national day."""
    return not re.search("年龄|岁", text) or not any(_overlap(day, age) for age in ages_said)


def _within_day(place: Entity, days: list[Entity]) -> bool:
    """十月八号 names no village of the name 八号."""
    return any(
        day.start <= place.start and place.end <= day.end and day.start < place.start
        for day in days
    )


def _outside(places: list[Entity], found: list[Entity], text: str) -> Iterator[Entity]:
    """A place inside a school's name counts only when it is a banner or smaller.

    Named again by itself it is that one: 巴彦呼舒三中，家在巴彦呼舒镇. Each place comes once.
    """
    inside = {id(p) for p in places if any(_overlap(p, school) for school in found)}
    alone = {_identity(place) for place in places if id(place) not in inside}
    seen: set[tuple[str, ...]] = set()
    for place in places:
        who = _identity(place)
        is_doubled = id(place) in inside and who in alone
        if who in seen or is_doubled:
            continue
        if id(place) not in inside:
            seen.add(who)
            yield place
        elif place.code is not None and len(place.path) > 2:
            seen.add(who)
            yield _town(place, text)


def _identity(place: Entity) -> tuple[str, ...]:
    return place.candidate_codes or (place.code or "",)


def _town(place: Entity, text: str) -> Entity:
    """六户镇中心小学 is the school in the middle of the town, not of a village called 中心."""
    is_town = re.search("苏木|[镇乡]", text[place.start : place.end])
    town = regions.lookup(place.code[:9]) if is_town and place.code else None
    if town is None or len(place.code or "") <= 9:
        return place
    return replace(place, value=town.name, code=town.code, path=town.path)


def _written(text: str, entity: Entity) -> Entity:
    """Names keep the person's own characters."""
    if entity.entity not in _AS_WRITTEN:
        return entity
    return replace(entity, value=text[entity.start : entity.end])


def extract(text: str, context: Context) -> tuple[Entity, ...]:
    """The entities of `text`, sorted by start; offsets into `text` as given. Never raises."""
    blank = clean(text)
    plain = blank.strip()
    found = _without_half(_once(asserted(plain, _all(plain, context))))
    if context.expecting:
        found = answers.complete(plain, context, found)
    before = len(blank) - len(blank.lstrip())  # what stands at the start is found at the start
    found = [replace(e, start=e.start + before, end=e.end + before) for e in found]
    kept = [_written(text, entity) for entity in found]
    return tuple(sorted(kept, key=lambda entity: (entity.start, entity.end, entity.entity)))
