"""Who must act by when: pure arithmetic over sla.yaml."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from flows.policy.loader import load
from flows.policy.render import time_allowed
from flows.policy.types import Sla, SlaRule
from storage.kinds import EscalationType, RecordKind


class WorkingTime(Protocol):
    """What is needed of a calendar: see flows.workdays.OfficeCalendar."""

    def add_working_days(self, at: datetime, days: int) -> datetime: ...


def rule_for(
    kind: RecordKind, status: str, type: EscalationType | None = None, sla: Sla | None = None
) -> SlaRule | None:
    """The rule of a record in that status; None when nobody has to act."""
    rules = (sla or load().sla).rules
    fits = (r for r in rules if r.kind is kind and r.status == status and r.type in (None, type))
    return next(fits, None)


def due_at(rule: SlaRule, opened_at: datetime, calendar: WorkingTime) -> datetime:
    """When the rule's time is up, in UTC; `opened_at` must be aware."""
    if rule.working:
        return calendar.add_working_days(opened_at, rule.days)
    span = timedelta(days=rule.days, hours=rule.hours, minutes=rule.minutes)
    return opened_at.astimezone(UTC) + span


def within(rule: SlaRule | None) -> str:
    """By when somebody acts, as people are told it; no promise where there is no rule."""
    return f"{time_allowed(rule)}内" if rule is not None else "尽快"
