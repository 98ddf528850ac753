"""Office time of Inner Mongolia: which days count, from when to when, and what follows in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar

from flows.local_time import SHANGHAI
from flows.policy.loader import load
from flows.policy.types import Workdays

_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def known(year: int) -> bool:
    """Whether the State Council's make-up days of the year are known."""
    return year in {day.year for day in chinese_calendar.holidays}


def guessed_years(today: date, rules: Workdays | None = None) -> tuple[int, ...]:
    """This year and the next, as far as neither the State Council nor workdays.yaml says them."""
    rules = rules or load().workdays
    told = {day.year for day in (*rules.extra_workdays, *rules.extra_holidays)}
    years = (today.year, today.year + 1)
    return tuple(year for year in years if not known(year) and year not in told)


@dataclass(frozen=True)
class OfficeCalendar:
    """The working days and hours of one place."""

    rules: Workdays
    spans: tuple[tuple[time, time], ...]

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the local day; a guess in years that are not `known`."""
        if day in self.rules.extra_workdays:
            return True
        if day in self.rules.extra_holidays:
            return False
        if known(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5 and not self._is_statutory(day)

    def _is_statutory(self, day: date) -> bool:
        fixed = day.strftime("%m-%d") in self.rules.statutory
        return fixed or day in self.rules.movable.get(day.year, ())

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is at the desk at the moment (aware)."""
        local = at.astimezone(SHANGHAI)
        inside = any(start <= local.time() < end for start, end in self.spans)
        return inside and self.is_workday(local.date())

    def next_open(self, at: datetime) -> datetime:
        """The moment itself when the office is open, else when it opens next, in UTC."""
        if self.is_open(at):
            return at.astimezone(UTC)
        local = at.astimezone(SHANGHAI)
        opening = self._opening_on(local.date(), after=local.time())
        day = local.date()
        while opening is None:
            day += _DAY
            opening = self._opening_on(day, after=time.min)
        return opening

    def _opening_on(self, day: date, after: time) -> datetime | None:
        """The first opening of the day at or after the local time, in UTC."""
        if not self.is_workday(day):
            return None
        starts: Iterable[time] = (start for start, _ in self.spans if start >= after)
        start = next(iter(starts), None)
        return datetime.combine(day, start, SHANGHAI).astimezone(UTC) if start else None

    def add_working_days(self, at: datetime, days: int) -> datetime:
        """The same time of day that many working days after the next open moment, in UTC."""
        local = self.next_open(at).astimezone(SHANGHAI)
        day = local.date()
        for _ in range(days):
            day += _DAY
            while not self.is_workday(day):
                day += _DAY
        return datetime.combine(day, local.time(), SHANGHAI).astimezone(UTC)

    def day_from(self, day: date) -> tuple[datetime, datetime]:
        """When offices open and close on the day, or on the next working day after it, in UTC."""
        while not self.is_workday(day):
            day += _DAY
        spans = self._open_on(day)
        return spans[0][0], spans[-1][1]

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """How much office time lies between two moments; none when the end is not later."""
        total, day = timedelta(), start.astimezone(SHANGHAI).date()
        while day <= end.astimezone(SHANGHAI).date():
            for opens, closes in self._open_on(day):
                total += max(min(closes, end) - max(opens, start), timedelta())
            day += _DAY
        return total

    def add_worked(self, at: datetime, span: timedelta) -> datetime:
        """The moment at which so much office time has passed, in UTC."""
        moment = self.next_open(at)
        while True:
            closes = self._closing_after(moment)
            if span <= closes - moment:
                return moment + span
            span -= closes - moment
            moment = self.next_open(closes)

    def _open_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """When the office is open on the local day, in UTC."""
        if not self.is_workday(day):
            return []
        return [
            (
                datetime.combine(day, opens, SHANGHAI).astimezone(UTC),
                datetime.combine(day, closes, SHANGHAI).astimezone(UTC),
            )
            for opens, closes in self.spans
        ]

    def _closing_after(self, moment: datetime) -> datetime:
        """When the span that holds this open moment ends."""
        today = self._open_on(moment.astimezone(SHANGHAI).date())
        return next(closes for opens, closes in today if opens <= moment < closes)


def calendar_for(region: str | None, rules: Workdays | None = None) -> OfficeCalendar:
    """The calendar of a place: the hours written for the narrowest area that holds it."""
    rules = rules or load().workdays
    code = region or "15"
    fitting = [h for h in rules.hours if code.startswith(h.scope)]
    narrowest = max(fitting, key=lambda h: len(h.scope), default=rules.hours[0])
    return OfficeCalendar(rules, narrowest.spans)
