"""A child who is about to stop is not one who has stopped."""

import pytest

from nlu.leaving import not_gone
from tests.nlu.reading import read


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("说念完这个礼拜就不念了", False),
        ("下礼拜一起就不来了", False),
        ("正闹着不念书", False),
        ("还没走呢", True),
        ("现在还在上，月底走", True),
    ],
)
def test_a_child_still_at_school_has_no_day_of_absence(text: str, is_asked: bool) -> None:
    found = not_gone(text, read(text), is_asked)
    assert [(e.entity, e.value) for e in found if e.entity in ("date", "absent_since")] == [
        ("absent_since", "not_yet")
    ]


@pytest.mark.parametrize("text", ["念完小学就不念了", "上周一起不来了", "九月开学就没去"])
def test_a_child_who_has_left_keeps_the_day(text: str) -> None:
    assert not_gone(text, read(text), is_asked=True) == read(text)
