"""Which reminder falls on which moment: pure, from the rules and the year's calendar."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from math import ceil

from flows.local_time import SHANGHAI
from flows.policy.reminders import GateRules, Rule, Window
from flows.policy.types import Calendar, YearEvent

_DAY = timedelta(days=1)
_MIX = 7919
"""A prime: neighbours in the table are not neighbours in the morning."""


def day_moment(rule: Rule, day: date) -> datetime:
    """When a rule that counts from a local day falls due, aware."""
    return datetime.combine(day + rule.days * _DAY, rule.at, SHANGHAI)


def local_rows(calendar: Calendar, event: str) -> list[YearEvent]:
    """The dates of an event: for the whole region, and those of places that set their own."""
    return [row for row in calendar.events if event in (row.id, row.local_of)]


def row_for(calendar: Calendar, event: str, region: str | None, on: date) -> YearEvent | None:
    """The dates that hold in a place; the narrowest rule wins."""
    fitting = [
        (max(len(scope) for scope in row.scope), row)
        for row in local_rows(calendar, event)
        if row.covers(region) and row.in_force(on)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def span_in(event: YearEvent, year: int) -> tuple[date, date]:
    """First and last day of the event in a year."""
    first = date.fromisoformat(f"{year}-{event.starts}")
    return first, date.fromisoformat(f"{year}-{event.ends}")


def edge_day(window: Window, event: YearEvent, year: int) -> date:
    """The day on which the first of the people hear of a window."""
    first, last = span_in(event, year)
    return (first if window.edge == "opens" else last) + window.days * _DAY


def mornings_needed(people: int, officers: int, gate: GateRules) -> int:
    """Over how many mornings so many people are written to, so that officers can keep up."""
    start, end = gate.mornings
    hours = (end.hour - start.hour) + (end.minute - start.minute) / 60
    able = max(officers, gate.officers_if_none) * gate.answers_an_hour * hours
    reached = max(able / gate.share_answering, 1)
    return min(max(ceil(people / reached), 1), gate.days_at_most)


def slot(
    person: int, first: date, mornings: int, gate: GateRules, is_workday: Callable[[date], bool]
) -> datetime:
    """A person's own minute in those mornings: always the same, and not their neighbour's."""
    start, end = gate.mornings
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    number = person * _MIX % (minutes * mornings)
    day = _workday(first, is_workday)
    for _ in range(number // minutes):
        day = _workday(day + _DAY, is_workday)
    opens = datetime.combine(day, start, SHANGHAI)
    return opens + timedelta(minutes=number % minutes)


def next_morning(moment: datetime, now: datetime, is_workday: Callable[[date], bool]) -> datetime:
    """The same time of day on the first working day on which it is still to come."""
    local = moment.astimezone(SHANGHAI)
    day = now.astimezone(SHANGHAI).date()
    while not is_workday(day) or datetime.combine(day, local.time(), SHANGHAI) <= now:
        day += _DAY
    return datetime.combine(day, local.time(), SHANGHAI)


def same_minute(moment: datetime, now: datetime) -> datetime:
    """The next time after now that the clock shows the minute of the moment."""
    late = now - moment
    return moment + (late // timedelta(hours=1) + 1) * timedelta(hours=1)


def before_holiday(day: date, is_workday: Callable[[date], bool]) -> date:
    """The day itself or the last working day before it."""
    while not is_workday(day):
        day -= _DAY
    return day


def _workday(day: date, is_workday: Callable[[date], bool]) -> date:
    while not is_workday(day):
        day += _DAY
    return day


def opening(day: date, at: time) -> datetime:
    """A local time of day, aware."""
    return datetime.combine(day, at, SHANGHAI)
