"""Who must act by when: pure arithmetic over sla.yaml."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from flows.policy.loader import load
from flows.policy.render import time_allowed
from flows.policy.types import Sla, SlaRule, Span
from storage.kinds import EscalationType, RecordKind


class WorkingTime(Protocol):
    """What is needed of a calendar: see flows.workdays.OfficeCalendar."""

    def add_working_days(self, at: datetime, days: int) -> datetime: ...

    def next_open(self, at: datetime) -> datetime: ...

    def worked_between(self, start: datetime, end: datetime) -> timedelta: ...

    def add_worked(self, at: datetime, span: timedelta) -> datetime: ...


def rule_for(
    kind: RecordKind, status: str, type: EscalationType | None = None, sla: Sla | None = None
) -> SlaRule | None:
    """The rule of a record in that status; None when nobody has to act."""
    rules = (sla or load().sla).rules
    fits = (r for r in rules if r.kind is kind and r.status == status and r.type in (None, type))
    return next(fits, None)


def ladder_rule(type: EscalationType | None = None, sla: Sla | None = None) -> Span:
    """The time of the one to whom a record went up; the last rule serves every other type."""
    rules = (sla or load().sla).ladder
    return next((rule for rule in rules if rule.type in (None, type)), rules[-1])


def due_at(rule: Span, opened_at: datetime, calendar: WorkingTime) -> datetime:
    """When the rule's time is up, in UTC; `opened_at` must be aware."""
    if rule.working:
        return calendar.add_working_days(opened_at, rule.days)
    span = timedelta(days=rule.days, hours=rule.hours, minutes=rule.minutes)
    return opened_at.astimezone(UTC) + span


def remind_at(
    since: datetime, due: datetime, calendar: WorkingTime, share: float | None = None
) -> datetime:
    """When the owner is reminded: in office time, before the time is up if offices open by then."""
    share = load().sla.remind if share is None else share
    worked = calendar.worked_between(since, due)
    if not worked:
        return due
    return min(calendar.add_worked(since, worked * share), due)


def within(rule: SlaRule | None) -> str:
    """By when somebody acts, as people are told it; no promise where there is no rule."""
    return f"{time_allowed(rule)}内" if rule is not None else "尽快"
