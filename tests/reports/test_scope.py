"""What a report is about: never more than the officer's own place."""

from datetime import UTC, datetime

import pytest

from bot.errors import Refused
from bot.reports.scope import Scope, months, months_before, scope_of

NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)  # the first of December in Shanghai


def test_this_month_of_the_office_when_nothing_is_asked() -> None:
    assert scope_of("152222", "", "", "", NOW) == Scope("152222", "2026-12", "2026-12")
    assert scope_of("150000", "152222", "2026-09", "", NOW) == Scope("152222", "2026-09", "2026-09")


@pytest.mark.parametrize(
    ("region", "first", "last", "said"),
    [
        ("150422", "", "", "不归您管"),
        ("150000", "", "", "不归您管"),
        ("99", "", "", "没有这个地区"),
        ("", "十一月", "", "2026-11"),
        ("", "2026-13", "", "2026-11"),
        ("", "2026-11", "2026-10", "晚"),
        ("", "2001-01", "2026-10", "36"),
    ],
)
def test_what_cannot_be_shown_is_said(region: str, first: str, last: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        scope_of("152222", region, first, last, NOW)


def test_months_run_over_the_year() -> None:
    assert months("2026-11", "2027-02") == ("2026-11", "2026-12", "2027-01", "2027-02")
    assert months_before("2026-02", 3) == ("2025-12", "2026-01", "2026-02")


def test_places_are_added_up_to_the_next_smaller_unit() -> None:
    region = Scope("150000", "2026-11", "2026-11")
    assert (region.is_wide, region.by) == (True, "banner")
    assert region.unit("152222") == "152200"
    assert region.unit("150000") == "150000"
    assert region.unit(None) == ""
    banner = Scope("152222", "2026-11", "2026-11")
    assert (banner.is_wide, banner.by) == (False, "place")
    # This village's code begins with another town's.
    assert banner.unit("152222103201") == "152222104"
    assert banner.unit_name("152222") == "科尔沁右翼中旗（本级）"
    assert banner.unit("150422") == ""
