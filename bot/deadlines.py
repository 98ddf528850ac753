"""By when somebody must act on a record, from policy data and the office calendar of its place."""

from datetime import datetime

from bot.records import Record
from flows.escalation.sla import due_at, rule_for
from flows.workdays import calendar_for
from storage.kinds import EscalationType, RecordKind


def deadline(record: Record, since: datetime) -> datetime | None:
    """When the time of the record's present status is up; None when nobody has to act."""
    kind = RecordKind(record.kind)
    type_ = getattr(record, "type", None)
    rule = rule_for(kind, str(record.status), EscalationType(type_) if type_ else None)
    return due_at(rule, since, calendar_for(record.region_code)) if rule else None
