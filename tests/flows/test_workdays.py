"""Office time, make-up workdays, and years whose make-up days nobody knows yet."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from flows.local_time import SHANGHAI
from flows.policy.loader import load
from flows.workdays import calendar_for, guessed_years, known

CALENDAR = calendar_for(None)


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # a Saturday worked for the October holiday
        (date(2027, 1, 1), False),
        (date(2027, 2, 8), False),  # third day of the Spring Festival
        (date(2027, 3, 1), True),
        (date(2027, 3, 6), False),
        (date(2040, 10, 1), False),
        (date(2040, 10, 9), True),
    ],
)
def test_is_workday(day: date, works: bool) -> None:
    assert CALENDAR.is_workday(day) is works


def test_known_years() -> None:
    assert known(2026)
    assert not known(2027)


def test_bureau_can_override_days() -> None:
    rules = load().workdays.model_copy(
        update={
            "extra_workdays": (date(2027, 2, 20),),
            "extra_holidays": (date(2026, 11, 23),),
        }
    )
    calendar = calendar_for("152222", rules)
    assert calendar.is_workday(date(2027, 2, 20))
    assert not calendar.is_workday(date(2026, 11, 23))


def test_narrowest_hours_win() -> None:
    base = load().workdays
    own = base.hours[0].model_copy(
        update={"scope": "152222", "spans": ((time(9), time(12)), (time(14), time(17)))}
    )
    rules = base.model_copy(update={"hours": (*base.hours, own)})
    assert calendar_for("152222100", rules).spans[0][0] == time(9)
    assert calendar_for("152224", rules).spans[0][0] == time(8, 30)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-11-23T12:30", "2026-11-23T14:30"),
        ("2026-11-23T18:00", "2026-11-24T08:30"),
        ("2026-11-20T18:00", "2026-11-23T08:30"),
        ("2026-09-30T18:00", "2026-10-08T08:30"),
    ],
)
def test_next_open(at: str, opens: str) -> None:
    found = CALENDAR.next_open(_local(at))
    assert found == _local(opens)
    assert found.tzinfo is UTC
    assert CALENDAR.is_open(found)


def test_working_days_cross_the_end_of_the_known_years() -> None:
    due = CALENDAR.add_working_days(_local("2026-12-30T10:00"), 3)
    assert due == _local("2027-01-05T10:00")


def test_years_that_are_guessed_are_named() -> None:
    today = date(2026, 11, 26)
    assert guessed_years(today) == (2027,)
    rules = load().workdays.model_copy(update={"extra_workdays": (date(2027, 2, 20),)})
    assert guessed_years(today, rules) == ()


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-23T10:00", "2026-11-24T10:00", 6.5),
        ("2026-11-20T17:00", "2026-11-23T09:00", 1),
        ("2026-11-23T12:00", "2026-11-23T14:30", 0),
        ("2026-09-30T17:00", "2026-10-08T09:30", 1.5),
        ("2026-11-24T10:00", "2026-11-23T10:00", 0),
    ],
)
def test_office_time_between(start: str, end: str, hours: float) -> None:
    worked = CALENDAR.worked_between(_local(start), _local(end))
    assert worked == timedelta(hours=hours)
    if worked:
        assert CALENDAR.next_open(CALENDAR.add_worked(_local(start), worked)) >= _local(end)
        assert CALENDAR.add_worked(_local(start), worked) <= _local(end)
