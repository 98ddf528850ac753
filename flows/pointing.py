"""Puts a message's entities in the order in which they belong to the children it names.

`flows.children` then splits them: what follows a name is the child's. Chinese also says it before
the name ("小学五年级的苏日娜"), of all at once ("都是旗二中的"), and with "是" after a name that
was said before ("巴图是打工去了").
"""

import re
from collections.abc import Collection
from dataclasses import replace

from nlu.types import Entity

BEFORE_A_NAME = re.compile("的(?:男孩|女孩|孩子|学生|娃|小姑娘|小子)?")
DESCRIBES = frozenset({"age", "grade", "school"})
ALL_OF_THEM = re.compile("都|全(?=是|在|没)|[两俩三四五几]个(?!月|星期|礼拜|多月)|他们|她们")
TAKEN_BACK = re.compile("(?:不是|不叫|不对)[，,]?$")


def in_order(entities: tuple[Entity, ...], text: str, known: Collection[str]) -> tuple[Entity, ...]:
    """The entities, names of known children among them, each after the name it belongs to."""
    placed = sorted((e for e in entities if e.end > e.start), key=lambda e: e.start)
    unplaced = [e for e in entities if e.end <= e.start]
    named = _with_known(placed, text, known)
    return (*unplaced, *_for_all(_described(named, text), text))


def _with_known(entities: list[Entity], text: str, known: Collection[str]) -> list[Entity]:
    """Names said before are names again, however the sentence goes on."""
    found = list(entities)
    for name in known:
        at = text.find(name)
        if at < 0 or TAKEN_BACK.search(text[:at]) or _is_said(found, name):
            continue
        end = at + len(name)
        covered = [e for e in found if e.start < end and at < e.end]
        if any(not e.weak and e.entity not in ("person_name", "child_name") for e in covered):
            continue
        found = [e for e in found if e not in covered]
        found.append(Entity("child_name", name, at, end))
    return sorted(found, key=lambda e: e.start)


def _is_said(entities: list[Entity], name: str) -> bool:
    return any(e.entity == "child_name" and e.value == name for e in entities)


def _described(entities: list[Entity], text: str) -> list[Entity]:
    """ "11岁五年级的苏日娜": what stands before the name with 的 goes behind it."""
    found: list[Entity] = []
    for entity in entities:
        number = len(found)
        if entity.entity == "child_name":
            gap, start = BEFORE_A_NAME, entity.start
            while number and _stands_before(found[number - 1], start, text, gap):
                number -= 1
                gap, start = re.compile("的?"), found[number].start
        found.insert(number, entity)
    return found


def _stands_before(entity: Entity, start: int, text: str, gap: re.Pattern[str]) -> bool:
    return entity.entity in DESCRIBES and gap.fullmatch(text[entity.end : start]) is not None


def _for_all(entities: list[Entity], text: str) -> list[Entity]:
    """ "…，都是旗二中的": all names once more before what is said of all of them."""
    found: list[Entity] = []
    end = 0
    for entity in entities:
        names = {e.value: e for e in found if e.entity == "child_name"}
        between = text[end : entity.start]
        if entity.entity != "child_name" and len(names) > 1 and ALL_OF_THEM.search(between):
            found += [replace(e, start=end, end=end) for e in names.values()]
        found.append(entity)
        end = max(end, entity.end)
    return found
