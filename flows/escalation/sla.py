"""Who must act by when, and who is next when nobody does: pure arithmetic over sla.yaml."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from flows.policy.loader import load
from flows.policy.types import Level, Rung, Sla, SlaRule, significant
from storage.kinds import EscalationType, RecordKind

_PREFIX = {Level.REGION: 2, Level.LEAGUE: 4, Level.BANNER: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


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


def next_level(level: Level, sla: Sla | None = None) -> Level | None:
    """Who is asked when this level has not acted; None above the region."""
    ladder = (sla or load().sla).ladder
    above = ladder[ladder.index(level) + 1 :]
    return above[0] if above else None


def rung_at(opened_at: datetime, now: datetime, sla: Sla | None = None) -> Rung | None:
    """The highest rung that an open dropout case has reached; None before the first."""
    age = now - opened_at
    reached = [r for r in (sla or load().sla).dropout_rungs if age >= timedelta(days=r.after_days)]
    return reached[-1] if reached else None


def level_of(region: str) -> Level:
    """The level of a division code by its length; zero-padded codes are read without the zeros."""
    code = significant(region)
    return next((level for level, size in _PREFIX.items() if len(code) <= size), Level.VILLAGE)


def region_at(region: str, level: Level) -> str:
    """The code of the division of that level that holds the place (the place itself if higher)."""
    return significant(region)[: _PREFIX[level]]
