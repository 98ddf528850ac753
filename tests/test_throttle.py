"""Measures of attempts: full, empty with time, and not full for an hour for a turned clock."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.login.throttle import Limit, Throttle, TooMany

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_full_measure_refuses_until_time_has_passed() -> None:
    throttle = Throttle(Limit(2, MINUTE))
    for _ in range(2):
        throttle.take("a", NOW)
    with pytest.raises(TooMany) as full:
        throttle.take("a", NOW)
    assert full.value.retry_after == 30
    throttle.take("b", NOW)
    throttle.take("a", NOW + MINUTE / 2)


def test_a_clock_turned_back_makes_nobody_wait_for_the_old_time() -> None:
    throttle = Throttle(Limit(2, MINUTE))
    for _ in range(2):
        throttle.take("a", NOW)
    back = NOW - timedelta(hours=1)
    assert throttle.over("a", back) == timedelta()
    throttle.take("a", back)
    with pytest.raises(TooMany) as full:
        throttle.take("a", back)
    assert full.value.retry_after <= 30


def test_clocks_of_two_threads_may_differ_a_little() -> None:
    throttle = Throttle(Limit(1, MINUTE))
    throttle.take("a", NOW)
    with pytest.raises(TooMany):
        throttle.take("a", NOW - timedelta(seconds=2))
