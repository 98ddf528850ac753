"""By when somebody must act on a record, from policy data and the office calendar of its place."""

from datetime import datetime, timedelta

from bot.cases.records import Record
from bot.clock import local_day
from flows.escalation.sla import due_at, ladder_rule, remind_at, rule_for
from flows.policy.loader import load
from flows.workdays import OfficeCalendar, calendar_for, guessed_years
from storage.kinds import EscalationType, RecordKind

_LEAST = timedelta(minutes=1)
"""No step of the ladder is at once, or a tick would not end."""


def deadline(record: Record, since: datetime) -> datetime | None:
    """When the time of the record's present status is up; None when nobody has to act."""
    rule = rule_for(RecordKind(record.kind), str(record.status), _type(record))
    return due_at(rule, since, _calendar(record)) if rule else None


def start_clock(record: Record, since: datetime) -> None:
    """The full time of the present status, counted from now; nothing is left of the old clock."""
    set_clock(record, since, deadline(record, since))


def start_ladder_clock(record: Record, now: datetime) -> None:
    """The time of the one to whom the record went up: who does nothing loses it to the next."""
    rule = ladder_rule(_type(record))
    set_clock(record, now, max(due_at(rule, now, _calendar(record)), now + _LEAST))
    record.climbed_at = now


def set_clock(record: Record, since: datetime, due: datetime | None) -> None:
    """A clock that runs from `since` to `due`; the owner is reminded before its end."""
    record.due_at = due
    record.climbed_at = record.first_due_at = None
    if due is not None:
        wait_for(record, _reminder(record, since, due))


def _reminder(record: Record, since: datetime, due: datetime) -> datetime:
    if is_urgent(record):
        return since + (due - since) * load().sla.remind
    return remind_at(since, due, _calendar(record))


def start_offer_clock(record: Record, now: datetime) -> None:
    """The time of the one to whom the record is offered; the clock of the record keeps running."""
    record.offer_due_at = due_at(load().sla.transfer, now, _calendar(record))
    wait_for(record, record.step_at)


def end_offer_clock(record: Record) -> None:
    """The offer was answered or lapsed; what else the clock waits for stays."""
    step, over = record.step_at, record.offer_due_at
    record.offer_due_at = None
    is_other = step is not None and over is not None and step < acts_at(record, over)
    wait_for(record, step if is_other else None)


def wait_for(record: Record, reminder: datetime | None = None) -> None:
    """Set when the clock acts next: at the reminder, or when somebody's time is up."""
    moments = [acts_at(record, at) for at in (record.due_at, record.offer_due_at) if at is not None]
    if reminder is not None:
        moments.append(reminder)
    record.step_at = min(moments, default=None)


def acts_at(record: Record, due: datetime) -> datetime:
    """When a time that is up has consequences: as soon as an office is open, danger at once."""
    return due if is_urgent(record) else _calendar(record).next_open(due)


def is_up(record: Record, now: datetime) -> bool:
    """Whether the owner or the one to whom it was offered let their time pass."""
    moments = (record.due_at, record.offer_due_at)
    return any(at is not None and acts_at(record, at) <= now for at in moments)


def is_guess(record: Record) -> bool:
    """Whether the make-up days of the year in which the time ends are not known yet."""
    if record.due_at is None or is_urgent(record):
        return False
    day = local_day(record.due_at)
    return day.year in guessed_years(day)


def is_urgent(record: Record) -> bool:
    """A child may be in danger: that waits for no office hours and stands first in every list."""
    return record.is_open and _type(record) is EscalationType.EMERGENCY


def _type(record: Record) -> EscalationType | None:
    type_ = getattr(record, "type", None)
    return EscalationType(type_) if type_ else None


def _calendar(record: Record) -> OfficeCalendar:
    return calendar_for(record.region_code)
