"""Division codes: where the significant digits end, and what lies around a place."""

import pytest

from storage.regions import enclosing, prefix, spellings


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("15", "15"),
        ("150000", "15"),
        ("150000000000", "15"),
        ("1522", "1522"),
        ("152200", "1522"),
        ("152222", "152222"),
        ("152222000", "152222"),
        ("152222000000", "152222"),
        ("152530", "152530"),
        ("152530000000", "152530"),
        ("152222100", "152222100"),
        ("152222103", "152222103"),
        ("152222103000", "152222103"),
        ("152222103200", "152222103200"),
        ("152222103201", "152222103201"),
        (" 152222 ", "152222"),
        ("000000", ""),
        ("", ""),
    ],
)
def test_prefix(code: str, short: str) -> None:
    assert prefix(code) == short


def test_the_units_around_a_village() -> None:
    assert enclosing("152222103201") == ["152222103201", "152222103", "152222", "1522", "15"]
    assert enclosing("152530") == ["152530", "1525", "15"]
    assert enclosing(None) == ["15"]


def test_the_ways_to_write_a_unit() -> None:
    assert spellings("152200") == ["1522", "152200", "152200000", "152200000000"]
    assert spellings("152222103000") == ["152222103", "152222103000"]
