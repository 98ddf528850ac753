"""Median and ninth decile from counts of hours."""

from bot.reports.waiting import no_longer_than, spans_of


def test_half_and_nine_in_ten() -> None:
    spans = {1: 4, 2: 1, 30: 4, 96: 1}
    assert no_longer_than(spans, 0.5) == 2
    assert no_longer_than(spans, 0.9) == 30
    assert no_longer_than(spans, 1.0, 24) == 4
    assert no_longer_than({}, 0.5) == "—"


def test_groups_are_put_together() -> None:
    assert spans_of({("a", 1): 2, ("b", 1): 3, ("b", 2): 1}) == {1: 5, 2: 1}
