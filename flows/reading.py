"""Readings of a message's entities before they fill slots: where to, and which of two reasons.

"去包头打工了" names where a child went, "科右中旗二中" a school; neither says where the family
lives. "不念了，打工去了" gives two reasons, of which the one that somebody can act on counts.
"""

import re
from dataclasses import replace

from nlu.types import Entity

GOES_TO = ("去", "往", "跑到", "搬到", "转到", "走到", "上")
TOWN = re.compile("苏木|[镇乡]")
WILL_GO = re.compile("(?:要|想|打算|准备)(?:去|往|到|上)$")  # where a child is not yet
MOSTLY = 0.6
OWN_WORDS = ("whereabouts", "detail", "reminder_text")
BANNER = 6  # digits of its division code
MOST_TELLING = (
    "early_marriage",
    "work",
    "illness_disability",
    "delinquency",
    "migration",
    "family_care",
    "poverty",
    "study_aversion",
    "other",
)


def read(entities: tuple[Entity, ...], text: str) -> tuple[Entity, ...]:
    """The entities with destinations named as such and without the places in schools' names."""
    schools = [(e.start, e.end) for e in entities if e.entity == "school" and e.end > e.start]
    named = [e for e in entities if not _is_part_of_name(e, schools, text)]
    return tuple(_as_destination(e, text) for e in named if not _is_said_firmly(e, named))


def _is_said_firmly(entity: Entity, others: list[Entity]) -> bool:
    """A whole answer taken as a name ("五年级吧") is none when it is something firmer."""
    if not entity.weak or entity.entity in OWN_WORDS:
        return False
    firm = {i for o in others if not o.weak for i in range(o.start, o.end)}
    span = range(entity.start, entity.end)
    return sum(i in firm for i in span) > len(span) * MOSTLY


def _is_part_of_name(entity: Entity, schools: list[tuple[int, int]], text: str) -> bool:
    """新惠中学 or 奈曼旗一中 say little about home; around a 苏木 or 镇 school its pupils live."""
    if entity.entity != "region" or entity.end <= entity.start:
        return False
    is_town = TOWN.search(text[entity.start : entity.end]) and len(entity.code or "") > BANNER
    is_inside = any(start <= entity.start and entity.end <= end for start, end in schools)
    return is_inside and not is_town


def _as_destination(entity: Entity, text: str) -> Entity:
    before = text[: entity.start]
    if entity.entity != "region" or not before.endswith(GOES_TO):
        return entity
    kind = "plan" if WILL_GO.search(before) else "destination"
    return replace(entity, entity=kind, code=None)


def one_reason(entities: list[Entity]) -> list[Entity]:
    """The entities of one child with only the most telling reason."""
    reasons = [e for e in entities if e.entity == "reason"]
    if len(reasons) < 2:
        return entities
    best = min(reasons, key=lambda e: MOST_TELLING.index(str(e.value)))
    return [e for e in entities if e.entity != "reason" or e is best]
