"""Until when a result is published, and when it may become final."""

from datetime import date, timedelta

from flows.workdays import OfficeCalendar, known

_DAY = timedelta(days=1)


def last_day(calendar: OfficeCalendar, published_on: date, days: int) -> date:
    """The last of so many whole working days after the day of publication."""
    day = published_on
    for _ in range(days):
        day += _DAY
        while not calendar.is_workday(day):
            day += _DAY
    return day


def is_guess(published_on: date, until: date) -> bool:
    """Whether the make-up days of a year in between are not announced yet."""
    return not all(known(year) for year in range(published_on.year, until.year + 1))


def is_over(until: date, today: date) -> bool:
    """Whether the last day of publication has passed as a whole."""
    return today > until
