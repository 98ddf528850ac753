"""Which of the entities found belong to what the person wants.

搬家 is a reason where a child stays away, and none where somebody gives up a course.
"""

from collections.abc import Iterable
from dataclasses import replace

from nlu.types import Context, Entity, Intent

_OF_A_CHILD_AWAY = frozenset(
    {
        Intent.REPORT_DROPOUT,
        Intent.UPDATE_CASE,
        Intent.REPORT_EMERGENCY,
        Intent.CORRECT,
        Intent.AFFIRM,
        Intent.DENY,
    }
)
_NO_HARDSHIP = frozenset(
    {Intent.OUT_OF_SCOPE, Intent.FIND_TRAINING, Intent.CANCEL_REGISTRATION, Intent.GOODBYE}
)
_STATUS = frozenset({"dibao", "tekun", "poverty_household", "monitored_household", "martyr_child"})
_OF_LEARNERS = frozenset(
    {
        Intent.FIND_TRAINING,
        Intent.CANCEL_REGISTRATION,
        Intent.STOP_REMINDERS,
        Intent.START_REMINDERS,
    }
)
_SURE = 0.7


def relevant(
    entities: Iterable[Entity], ranking: tuple[tuple[Intent, float], ...], context: Context
) -> tuple[Entity, ...]:
    """The entities that a sure intent leaves standing; all of them while an answer is awaited."""
    found = tuple(entities)
    if context.expecting or not ranking or ranking[0][1] < _SURE:
        return found
    intent = ranking[0][0]
    kept = (entity for entity in found if _belongs(entity, intent))
    return tuple(_of_learner(entity) if intent in _OF_LEARNERS else entity for entity in kept)


def _of_learner(entity: Entity) -> Entity:
    """Who enrols for a course or stops messages is no pupil."""
    if entity.entity != "child_name":
        return entity
    return replace(entity, entity="person_name", role=entity.role or "self")


def _belongs(entity: Entity, intent: Intent) -> bool:
    if entity.entity == "reason":
        return intent in _OF_A_CHILD_AWAY
    if entity.entity == "hardship":
        return intent not in _NO_HARDSHIP or entity.value in _STATUS
    return True
