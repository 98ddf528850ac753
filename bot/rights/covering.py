"""What is covered wherever a record is shown: health, identity numbers, who reported a child.

An officer with the right uncovers one answer at a time (`bot/handlers/revealing.py`).
"""

from collections.abc import Mapping
from typing import Any

from bot.cases.records import Record, has_reporter
from bot.rights.access import Right
from storage.kinds import RecordKind

COVERED = "covered"
REPORTER = "reporter"

RIGHT_OF: Mapping[str, Right] = {
    "id_number": Right.ID_NUMBER,
    "reason": Right.HEALTH,
    "hardship": Right.HEALTH,
    REPORTER: Right.REPORTER,
}
"""The right that uncovers an answer."""

HEALTH_REASON = "illness_disability"
_REASONS = frozenset({HEALTH_REASON, "other"})
"""Covered together: if only illness were, the cover would say that it is illness."""

HEALTH_HARDSHIPS = frozenset({"serious_illness", "disabled_student", "disabled_parent"})


def health_covered(slot: str, value: Any) -> Any:
    """An answer in which whatever tells of health is covered; any other as it is."""
    if slot == "reason" and value in _REASONS:
        return COVERED
    if slot == "hardship" and isinstance(value, list):
        return list(dict.fromkeys(COVERED if each in HEALTH_HARDSHIPS else each for each in value))
    return value


def tells_of_health(paper: str) -> bool:
    """Whether a paper says what ails a family, or why a child need not be in school."""
    return paper == "approval" or paper.removeprefix("proof_") in HEALTH_HARDSHIPS


def is_covered(slot: str, value: Any) -> bool:
    """Whether a page leaves something of this answer out."""
    return (slot == "id_number" and bool(value)) or health_covered(slot, value) != value


def coverable(record: Record, field: str) -> bool:
    """Whether the record has such an answer at all."""
    if field == REPORTER:
        return has_reporter(RecordKind(record.kind))
    return field in RIGHT_OF and bool((record.slots or {}).get(field))
