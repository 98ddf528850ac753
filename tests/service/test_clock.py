"""Local time and quiet hours."""

from datetime import UTC, date, datetime, time

import pytest

from bot.clock import after_quiet_hours, at_local, day_words, local_day, spoken, utc_now


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return at_local(date(2026, 11, day), time(hour, minute))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(10), at(10)),
        (at(8), at(8)),
        (at(7, 59), at(8)),
        (at(20, 59), at(20, 59)),
        (at(21), at(8, day=24)),
        (at(0, 30, day=24), at(8, day=24)),
    ],
)
def test_nobody_is_woken(moment: datetime, expected: datetime) -> None:
    assert after_quiet_hours(moment) == expected


def test_quiet_hours_within_one_day() -> None:
    assert after_quiet_hours(at(13), time(12), time(14)) == at(14)
    assert after_quiet_hours(at(15), time(12), time(14)) == at(15)
    assert after_quiet_hours(at(23), time(0), time(0)) == at(23)


def test_words() -> None:
    late = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert local_day(late) == date(2026, 11, 24)
    assert spoken(late) == "11月24日 01:30"
    assert day_words(date(2026, 1, 2)) == "1月2日"
    assert utc_now().utcoffset() is not None
