"""Is the child of a list the child of a ledger: variants, twins, namesakes, rivals."""

from dataclasses import replace
from typing import Any

import pytest

from bot.outreach.matching import Match, Someone, Strength, match, settle_rivals
from bot.outreach.schools import is_same_school

TOWN = "152222103"
VILLAGE = "152222103201"
NEXT_VILLAGE = "152222103202"
BANNER = "152222"
ROW = Someone("row", "其其格", 2015, "1234", "高力板中心小学", VILLAGE, "hash-of-phone")


def other(key: str = "A1", **changed: Any) -> Someone:
    """The same child in a ledger, but for what is changed."""
    return replace(ROW, key=key, **changed)


def strength(**changed: Any) -> Strength:
    return match(ROW, [other(**changed)]).strength


def test_the_same_child_with_all_reasons() -> None:
    one = match(ROW, [other()])
    assert one.strength is Strength.SURE
    assert one.reasons == ("name", "birth", "id_tail", "phone", "school", "town")


@pytest.mark.parametrize("name", ["琪琪格", "其其格 ", "齐齐格", "其·其格"])
def test_a_name_is_known_however_it_is_spelt(name: str) -> None:
    assert strength(name=name) is Strength.SURE


@pytest.mark.parametrize("name", ["乌云其其格", "其木格", "苏日娜", ""])
def test_another_name_is_another_child(name: str) -> None:
    assert strength(name=name, phone="", id_tail="") is Strength.NONE


def test_a_family_name_before_a_mongolian_one_is_possible_when_the_phone_fits() -> None:
    assert strength(name="包其其格") is Strength.POSSIBLE
    assert strength(name="包其其格", phone="", id_tail="") is Strength.NONE


@pytest.mark.parametrize("year", [2014, 2015, 2016])
def test_a_year_of_birth_may_be_one_off(year: int) -> None:
    assert strength(birth_year=year, id_tail="") is Strength.SURE


@pytest.mark.parametrize("year", [2012, 2013, 2017, 2018])
def test_the_same_name_with_another_year_is_another_child(year: int) -> None:
    assert strength(birth_year=year, id_tail="", phone="") is Strength.NONE


def test_a_mistyped_year_beside_phone_and_school_is_for_an_officer() -> None:
    one = match(ROW, [other(birth_year=2010, id_tail="")])
    assert one.strength is Strength.POSSIBLE
    assert one.found[0].against == ("birth",)


def test_another_identity_number_is_another_child_whatever_else_fits() -> None:
    assert strength(id_tail="9999") is Strength.NONE


def test_little_said_is_possible_at_most() -> None:
    bare = {"id_tail": "", "phone": "", "school": ""}
    assert strength(**bare, birth_year=None, region_code=BANNER) is Strength.NONE
    assert strength(**bare, birth_year=2015, region_code=BANNER) is Strength.POSSIBLE
    assert strength(**bare, birth_year=None, region_code=NEXT_VILLAGE) is Strength.POSSIBLE
    assert strength(**bare, birth_year=None, region_code=None) is Strength.NONE
    assert strength(**{**bare, "school": ROW.school}, region_code=BANNER) is Strength.SURE


def test_another_spelling_wants_more_than_school_and_banner() -> None:
    assert strength(name="琪琪格", id_tail="", phone="") is Strength.SURE  # one town
    far = {"name": "琪琪格", "id_tail": "", "region_code": BANNER}
    assert strength(**far, phone="") is Strength.POSSIBLE
    assert strength(**far) is Strength.SURE


def test_who_moved_away_is_known_by_phone_and_else_only_possible() -> None:
    assert strength(region_code="150102", id_tail="", school="一中") is Strength.SURE
    one = match(ROW, [other(region_code="150102", id_tail="", phone="")])
    assert one.strength is Strength.POSSIBLE
    assert one.found[0].against == ("place",)
    assert strength(region_code="150102", id_tail="", phone="", school="") is Strength.NONE


def test_another_school_leaves_it_to_an_officer_unless_the_phone_fits() -> None:
    assert strength(school="二中", id_tail="") is Strength.SURE
    assert strength(school="二中", id_tail="", phone="") is Strength.POSSIBLE, "one town"


def test_two_namesakes_in_a_school_are_both_only_possible() -> None:
    bare = replace(ROW, id_tail="", phone="")
    two = match(bare, [other("A1", id_tail="1234"), other("A2", id_tail="5678")])
    assert two.strength is Strength.POSSIBLE
    assert [like.against for like in two.found] == [("several",), ("several",)]


def test_one_child_with_two_applications_is_sure() -> None:
    assert match(ROW, [other("A1"), other("A2")]).strength is Strength.SURE


def test_a_namesake_of_another_school_or_town_is_not_worth_a_look() -> None:
    far = {"id_tail": "", "phone": "", "region_code": "152222100201"}
    assert strength(**far, school="巴彦呼舒三中") is Strength.NONE
    assert strength(**far, school="") is Strength.NONE
    assert strength(**far) is Strength.POSSIBLE, "a pupil who boards at the same school"
    assert strength(id_tail="", phone="", school="三中", region_code=BANNER) is Strength.NONE


def test_the_surer_comes_first() -> None:
    one = match(
        ROW, [other("A1", school="", region_code=BANNER, id_tail="", phone=""), other("A2")]
    )
    assert [like.key for like in one.found] == ["A2", "A1"]


def test_a_twin_who_sounds_alike_does_not_take_the_application() -> None:
    first = replace(ROW, name="其其格", id_tail="")
    second = replace(ROW, name="琪琪格", id_tail="")
    applied = [other("A1", id_tail="")]
    settled = settle_rivals({1: match(first, applied), 2: match(second, applied)})
    assert settled[1].strength is Strength.SURE
    assert settled[2].strength is Strength.POSSIBLE
    assert settled[2].found[0].against == ("rival",)


def test_twins_with_one_spelling_are_for_an_officer_both() -> None:
    row = replace(ROW, id_tail="")
    applied = [other("A1", id_tail="")]
    settled = settle_rivals({1: match(row, applied), 2: match(row, applied)})
    assert {one.strength for one in settled.values()} == {Strength.POSSIBLE}


def test_without_rivals_nothing_changes() -> None:
    before = {1: match(ROW, [other()]), 2: Match()}
    assert settle_rivals(before) == before


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("二中", "第二中学", True),
        ("科右中旗第二中学", "二中", True),
        ("科尔沁右翼中旗高力板镇中心小学", "高力板中心小学", True),
        ("高力板镇中心小学", "高力板镇小学", True),
        ("巴彦呼舒第三中学", "三中", True),
        ("2中", "二中", True),
        ("二中", "三中", False),
        ("第一小学", "第一中学", False),
        ("高力板中心小学", "巴彦呼舒中心小学", False),
        ("", "二中", None),
    ],
)
def test_schools_by_their_names(mine: str, theirs: str, same: bool | None) -> None:
    assert is_same_school(mine, theirs) is same
    assert is_same_school(theirs, mine) is same
