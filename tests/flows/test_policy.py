"""The policy data itself: complete, sourced, dated, and its checker notices when it is not."""

import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from flows.policy.lint import check
from flows.policy.loader import HERE, amounts, load
from flows.policy.offices import hotlines, office, office_name
from flows.policy.types import Confidence, Offices

ON = date(2026, 11, 23)


def _damaged(tmp_path: Path, name: str, old: str, new: str) -> list[str]:
    """What the checker says after one change in one file."""
    for file in HERE.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    path = tmp_path / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return check(ON, tmp_path)


def test_data_is_clean_today() -> None:
    assert check(ON) == []


def test_enough_entries_and_every_row_is_sourced() -> None:
    policy = load()
    assert len(policy.entries) >= 60
    assert all(entry.source and entry.scope for entry in policy.entries)
    assert {amount.yuan for amount in amounts(policy) if amount.confidence == "U"} == {None}


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("answers_aid.yaml", "{aid.living_boarder_junior}", "{aid.nonsense}", "没有这个代号"),
        ("answers_aid.yaml", "{aid.living_boarder_junior}", "1500元", "直接写了"),
        ("answers_aid.yaml", "id: living_day", "id: living_boarder", "写了两次"),
        ("answers_aid.yaml", "    source: P10\n", "", "source 没有写"),
        ("answers_aid.yaml", "    source: P10\n", "    source: P99\n", "没有登记"),
        ("answers_aid.yaml", "    title: 有哪些资助\n", "    titel: 有哪些资助\n", "不认识这一项"),
        ("answers_aid.yaml", "，请问学校或{office}确认", "", "不确定"),
        ("answers_training.yaml", "review_by: 2027-08-31", "review_by: 2026-01-31", "过了复核日期"),
        ("aid.yaml", ", effective_to: 2024-02-29}", "}", "日期重在一起"),
        ("aid.yaml", "{key: yulu, effective", "{key: yulu, yuan: 9, effective", "却有数字"),
        ("offices.yaml", 'loan: ["95593"]', 'loan: ["95594"]', "不在 hotlines 里"),
        ("sla.yaml", "minutes: 30", "minutes: 三十", "写得不对"),
        ("calendar.yaml", "events:", "events: [", "格式读不懂"),
        ("calendar.yaml", 'ends: "12-31", what: 资助', 'ends: "02-28", what: 资助', "跨过了元旦"),
        ("workdays.yaml", "hours:", "- hours", "格式读不懂"),
        ("concepts.yaml", "  tuition: ", "  tuition: (", "写得不对"),
        ("concepts.yaml", "  asked: how_much", "  asked: how_mach", "不在 concepts 里"),
        ("concepts.yaml", "answer: aid_overview", "answer: overview", "不是哪一条回答的代号"),
        ("asked_loans.yaml", "loan_when:", "loan_wen:", "没有代号是"),
        ("aid.yaml", "programmes:\n", "programmes:\n  - 一句话\n", "格式读不懂"),
    ],
)
def test_checker_notices(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in _damaged(tmp_path, name, old, new))


def test_review_dates_fall_due() -> None:
    assert any("过了复核日期" in problem for problem in check(date(2030, 1, 1)))


@pytest.mark.parametrize(
    "purpose", ["violence", "self_harm", "missing", "labour", "forced_marriage", "?"]
)
def test_danger_always_starts_with_the_police(purpose: str) -> None:
    assert hotlines(purpose, "152222")[0].number == "110"


def test_hotlines_by_purpose_and_place() -> None:
    numbers = [line.number for line in hotlines("self_harm")]
    assert numbers == ["110", "120", "12356"]
    assert "12349" in [line.number for line in hotlines("neglect", "150202")]
    assert "12349" not in [line.number for line in hotlines("neglect", "152222")]


def test_nearest_office_wins() -> None:
    base = load().offices.model_dump()
    desks = [
        {"region": "1522", "name": "盟中心", "phone": "1"},
        {"region": "152222", "name": "旗中心"},
    ]
    data = Offices(**{**base, "offices": desks})
    found = office("152222100", "aid", data)
    assert found and found.name == "旗中心"
    assert office_name("152224", "aid", data) == "盟中心（电话1）"
    assert office_name("150100", "aid", data) == "旗县学生资助管理中心"
    assert office_name(None, "farm", data) == "旗县农牧部门"


def test_unsure_sums_say_so() -> None:
    told = [a.text for a in amounts(load()) if a.confidence is Confidence.KNOWN and a.text]
    assert told
    assert all("核实" in text for text in told)


def test_putonghua_bands_do_not_overlap() -> None:
    bands = sorted((p.lowest, p.highest) for p in load().training.psc_levels)
    pairs = pairwise(bands)
    assert all(high < next_low for (_, high), (next_low, _) in pairs)
    assert (bands[0][0], bands[-1][1]) == (60, 100)
    assert len(load().training.psc_sessions) == 6
