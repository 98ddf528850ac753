"""The hour of a class as schedules write it; what does not say it is not guessed."""

from datetime import time

import pytest

from bot.training.session_times import start_clock


@pytest.mark.parametrize(
    ("schedule", "clock"),
    [
        ("周六 9:00-11:00", time(9)),
        ("每晚七点", time(19)),
        ("周一到周五晚上 7 点到 9 点", time(19)),
        ("周一到周五晚上7点到9点", time(19)),
        ("14：30—16：30", time(14, 30)),
        ("上午9点半", time(9, 30)),
        ("下午两点", time(14)),
        ("中午12点", time(12)),
        ("周六、周日全天", None),
        ("三点到五点", None),
        ("", None),
    ],
)
def test_the_clock_of_a_schedule(schedule: str, clock: time | None) -> None:
    assert start_clock(schedule) == clock
