"""Places inside places, by the division table."""

import pytest

from bot.rights.territory import canonical, chain, covers, level, place_name


@pytest.mark.parametrize(
    ("code", "expected"),
    [("15", "150000"), ("1522", "152200"), ("152222", "152222"), ("152222000000", "152222")],
)
def test_canonical(code: str, expected: str) -> None:
    assert canonical(code) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("150000", 4), ("152200", 3), ("152530", 2), ("152222103", 1), ("152222103201", 0), (None, 4)],
)
def test_level(code: str | None, expected: int) -> None:
    assert level(code) == expected


@pytest.mark.parametrize(
    ("scope", "code", "expected"),
    [
        ("15", "152222", True),
        ("152200", "152222", True),
        ("152222", "152222", True),
        ("152222", "152200", False),
        ("152530", "152531", False),
        ("152221", "152222", False),
        ("150000", None, True),
        ("152222", None, False),
        (None, "152222", False),
    ],
)
def test_covers(scope: str | None, code: str | None, expected: bool) -> None:
    assert covers(scope, code) is expected


def test_a_village_belongs_to_its_town_whatever_its_digits() -> None:
    village = next(code for code in _villages("152222103") if not code.startswith("152222103"))
    assert covers("152222103", village)
    assert chain(village)[-2:] == ("152222103", village)


def test_names_for_short_messages() -> None:
    assert place_name("152222") == "科尔沁右翼中旗"
    assert place_name("150000") == "内蒙古自治区"
    assert place_name(None) is None


def _villages(town: str) -> list[str]:
    from nlu.divisions import table

    return table().children[town]
