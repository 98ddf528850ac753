"""Which help a family may ask for, what level to suggest, and which few papers are needed."""

from datetime import date

import pytest

from flows.aid.documents import checklist
from flows.aid.eligibility import Family, Match, programmes_for, stage_of, suggest_level, year_of
from flows.policy.loader import load
from flows.policy.types import Confidence, Stage
from storage.kinds import HardshipLevel

ON = date(2026, 11, 23)


def _matches(family: Family, on: date = ON) -> dict[str, Match]:
    return {match.programme: match for match in programmes_for(family, on, load())}


@pytest.mark.parametrize(
    ("grade", "stage"),
    [
        ("幼儿园大班", Stage.PRESCHOOL),
        ("小学", Stage.PRIMARY),
        ("小学六年级", Stage.PRIMARY),
        ("初中二年级", Stage.JUNIOR),
        ("高中一年级", Stage.SENIOR),
        ("中职一年级", Stage.VOCATIONAL),
        ("大学三年级", Stage.COLLEGE),
        ("硕士", Stage.POSTGRADUATE),
        ("不知道", None),
        ("", None),
    ],
)
def test_stage_of(grade: str, stage: Stage | None) -> None:
    assert stage_of(grade) is stage


def test_year_of() -> None:
    assert year_of("初中二年级") == 2
    assert year_of("初中") is None


def test_poor_boarder_in_junior_school() -> None:
    found = _matches(Family("初中二年级", ("dibao",), boarder=True, region="152222"))
    assert found["living_boarder"].amount == "每学年1500元（2024年春季起标准）"
    assert "living_day" not in found
    assert found["compulsory_free"].amount is None
    assert found["nutrition"].amount == "伙食每个上学日5元（2021年秋季起标准）"
    assert "认定" in found["living_boarder"].why


def test_day_pupil_and_unknown_boarding() -> None:
    assert "living_boarder" not in _matches(Family("小学三年级", boarder=False))
    unknown = _matches(Family("小学三年级"))
    assert unknown["living_day"].amount == "每学年625元（2024年春季起标准）"
    assert unknown["living_boarder"].missing == ("boarder",)
    assert "如果孩子住校" in unknown["living_boarder"].why


def test_old_sums_hold_on_old_days() -> None:
    old = _matches(Family("小学三年级", boarder=True), date(2023, 10, 1))
    assert old["living_boarder"].amount == "每学年1000元（2023年秋季及以前标准）"


def test_nutrition_only_where_the_plan_ran() -> None:
    assert "nutrition" not in _matches(Family("小学三年级", region="150102"))
    assert _matches(Family("小学三年级"))["nutrition"].missing == ("region",)


def test_local_sum_is_local() -> None:
    family = Family("小学三年级", ("disabled_student",), True, "152529")
    assert "3000" in str(_matches(family)["living_special_boarder"].amount)
    elsewhere = Family("小学三年级", ("disabled_student",), True, "152222")
    assert _matches(elsewhere)["living_special_boarder"].amount is None


def test_yulu_is_not_promised_in_2026() -> None:
    yulu = _matches(Family("中职一年级", ("poverty_household",)))["yulu"]
    assert yulu.amount is None
    assert yulu.confidence is Confidence.UNKNOWN
    assert "没有查到" in yulu.note
    assert "yulu" not in _matches(Family("中职一年级", ("dibao",)))


def test_college_entry_for_dibao_and_orphans_only() -> None:
    entry = _matches(Family("大学一年级", ("orphan",)))["college_entry"]
    assert entry.amount and entry.amount.startswith("每学年6000元")
    assert "college_entry" not in _matches(Family("大学一年级", ("poverty_household",)))
    assert "college_scholarship" not in _matches(Family("大学一年级"))
    assert "college_scholarship" in _matches(Family("大学二年级"))


def test_last_preschool_year_is_free_from_autumn_2025() -> None:
    assert "preschool_free_year" in _matches(Family("幼儿园大班"))
    assert "preschool_free_year" not in _matches(Family("幼儿园中班"))
    assert _matches(Family("幼儿园"))["preschool_free_year"].missing == ("grade",)
    assert "preschool_free_year" not in _matches(Family("幼儿园大班"), date(2025, 8, 31))


def test_loan_cap_is_that_of_the_stage() -> None:
    assert "20000" in str(_matches(Family("大学一年级"))["loan_home"].amount)
    postgraduate = str(_matches(Family("硕士"))["loan_home"].amount)
    assert "25000" in postgraduate
    assert "20000" not in postgraduate


def test_unknown_stage_matches_nothing() -> None:
    assert _matches(Family("不知道")) == {}


def test_old_data_is_marked() -> None:
    late = _matches(Family("小学三年级"), date(2028, 1, 1))
    assert "核实" in late["living_boarder"].note


@pytest.mark.parametrize(
    ("hardship", "size", "income", "level"),
    [
        (["dibao"], 4, 400_000, HardshipLevel.SPECIAL),
        (["orphan"], None, None, HardshipLevel.SPECIAL),
        (["serious_illness", "disaster"], None, None, HardshipLevel.SPECIAL),
        (["serious_illness"], 4, 90_000, HardshipLevel.MODERATE),
        (["single_parent", "many_children"], None, None, HardshipLevel.MODERATE),
        (["unemployment"], 4, 200_000, HardshipLevel.GENERAL),
        ([], 4, 20_000, HardshipLevel.MODERATE),
        ([], None, None, HardshipLevel.GENERAL),
        ([], 0, 1000, HardshipLevel.GENERAL),
    ],
)
def test_suggested_level(
    hardship: list[str], size: int | None, income: int | None, level: HardshipLevel
) -> None:
    suggestion = suggest_level(hardship, size, income)
    assert suggestion.level is level
    assert "由学校认定" in suggestion.reasons[-1]


def test_unknown_income_never_lowers_the_level() -> None:
    known = suggest_level(["serious_illness", "unemployment"], 4, 500_000)
    assert suggest_level(["serious_illness", "unemployment"], 4, None).level is known.level
    assert "不影响申请" in "".join(suggest_level([], 4, None).reasons)


def test_papers_are_few_and_proofs_optional() -> None:
    papers = checklist(["dibao", "dibao", "serious_illness"], Stage.JUNIOR)
    assert [paper.key for paper in papers if not paper.optional] == [
        "recognition_form",
        "household_register",
    ]
    assert [p.key for p in papers if p.optional] == ["proof_dibao", "proof_serious_illness"]
    assert len(checklist([], None)) == 2
    assert "不用民政盖章" in papers[0].why
    assert "幼儿园" in checklist([], Stage.PRESCHOOL)[0].why
