"""Small readings of a message's entities before they fill slots: where to, and which of two reasons.

"去包头打工了" names where a child went, not where the family lives; "不念了，打工去了" gives two
reasons, of which the one that somebody can act on counts.
"""

from dataclasses import replace

from nlu.types import Entity

GOES_TO = ("去", "往", "跑到", "搬到", "转到", "走到", "上")
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
    """The entities with destinations named as such."""
    return tuple(_as_destination(entity, text) for entity in entities)


def _as_destination(entity: Entity, text: str) -> Entity:
    if entity.entity == "region" and text[: entity.start].endswith(GOES_TO):
        return replace(entity, entity="destination", code=None)
    return entity


def one_reason(entities: list[Entity]) -> list[Entity]:
    """The entities of one child with only the most telling reason."""
    reasons = [e for e in entities if e.entity == "reason"]
    if len(reasons) < 2:
        return entities
    best = min(reasons, key=lambda e: MOST_TELLING.index(str(e.value)))
    return [e for e in entities if e.entity != "reason" or e is best]
