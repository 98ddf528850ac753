"""One line of the work list in words: what it is, what to do next, why now, who holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.notices import kind_name
from bot.records import Record, subject_name
from bot.web import labels
from flows.escalation.sla import rule_for
from storage.kinds import EscalationType, RecordKind


@dataclass(frozen=True)
class Line:
    """One record in the list."""

    reference: str
    kind: str
    name: str
    place: str
    status: str
    next: str
    due: str
    late: bool
    urgent: bool
    assigned: str


def line(row: Record, names: Mapping[int, str], now: datetime) -> Line:
    """A record in words; `names` are those of officers by id."""
    return Line(
        reference=row.reference,
        kind=kind_name(row),
        name=subject_name(row) or "姓名不详",
        place=labels.place_short(row.region_code),
        status=labels.label(f"status.{row.kind}.{row.status}"),
        next=next_step(row),
        due=labels.due_words(row.due_at, now) if row.is_open else "",
        late=is_late(row, now),
        urgent=is_urgent(row),
        assigned=names.get(row.assigned_to_id or 0, "未分配"),
    )


def next_step(row: Record) -> str:
    """What the clock of the present status waits for, from flows/policy/sla.yaml."""
    if row.close_requested_by_id is not None and row.is_open:
        return "等另一位主管同意办结"
    type_ = getattr(row, "type", None)
    kind = RecordKind(row.kind)
    rule = rule_for(kind, str(row.status), EscalationType(type_) if type_ else None)
    return rule.action if rule is not None else ""


def is_late(row: Record, now: datetime) -> bool:
    """Whether somebody should have acted by now."""
    return row.is_open and row.due_at is not None and row.due_at <= now


def is_urgent(row: Record) -> bool:
    """Whether a child may be in danger."""
    return row.is_open and getattr(row, "type", None) == EscalationType.EMERGENCY
