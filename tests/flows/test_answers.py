"""Questions nobody wrote into the policy files find their answer, and foreign ones find none."""

import re
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.policy import answers
from flows.policy.loader import load
from flows.policy.render import PLACEHOLDER, answer_text
from flows.policy.score import score
from flows.policy.types import Entry, Stage
from tests.gathered import each

ON = date(2026, 11, 23)
QUESTIONS: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("policy_questions.yaml").read_text("utf-8")
)


def _share_right(group: str) -> float:
    asked: dict[str, str] = QUESTIONS[group]
    found = {question: answers.best(question, on=ON) for question in asked}
    right = [q for q, f in found.items() if f and f.entry.id in asked[q].split("|")]
    return len(right) / len(asked)


@pytest.mark.parametrize("group", ["asked", "held_out", "last"])
def test_right_entry_comes_first(group: str) -> None:
    assert _share_right(group) >= 0.85


def test_there_are_enough_fresh_questions() -> None:
    written = {question for entry in load().entries for question in entry.ask}
    fresh = set(QUESTIONS["asked"]) | set(QUESTIONS["held_out"]) | set(QUESTIONS["last"])
    assert len(fresh) >= 180
    assert not fresh & written


@pytest.mark.parametrize("group", ["off_topic", "held_off_topic", "last_off_topic"])
def test_foreign_topics_are_not_answered(group: str) -> None:
    answered = [q for q in QUESTIONS[group] if answers.best(q, on=ON)]
    assert len(answered) <= 1, answered


@pytest.mark.parametrize("text", ["", "   ", "？？？", "😀😀", "asdf qwer", "哈" * 10000])
def test_nonsense_is_not_answered(text: str) -> None:
    assert answers.best(text, on=ON) is None


def test_the_sum_of_the_day_is_told() -> None:
    question = "初中寄宿生补助多少钱"
    new, old = answers.best(question, on=ON), answers.best(question, on=date(2023, 10, 1))
    assert new and "初中每学年1500元（2024年春季起标准）" in new.text
    assert old and "初中每学年1250元（2023年秋季及以前标准）" in old.text
    assert "1500" not in old.text


def test_stage_of_the_child_decides_between_equals() -> None:
    question = "国家助学金是多少"
    senior = answers.best(question, stage=Stage.SENIOR, on=ON)
    college = answers.best(question, stage=Stage.COLLEGE, on=ON)
    assert senior and senior.entry.id == "senior_grant"
    assert college and college.entry.id == "college_grant"


@pytest.mark.parametrize(
    "question",
    ["能领多少钱", "补助一年多少", "低保户能领多少", "助学金一年多少钱", "脱贫户能补几千"],
)
def test_a_sum_of_no_named_programme_or_stage_is_asked_back(question: str) -> None:
    found = answers.best(question, on=ON)
    assert found and found.entry.id == "aid_overview"
    assert not re.search(r"\d+元", found.text)
    told = answers.best(question, stage=Stage.VOCATIONAL, on=ON)
    assert told and told.entry.stage is Stage.VOCATIONAL


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("高中补助多少钱", "senior_grant"),
        ("雨露计划给多少", "yulu_plan"),
        ("营养餐一天多少钱", "nutrition_plan"),
    ],
)
def test_a_sum_of_a_named_programme_or_stage_is_told(question: str, wanted: str) -> None:
    found = answers.best(question, on=ON)
    assert found and found.entry.id == wanted


@pytest.mark.parametrize("question", ["羊肉多少钱一斤", "高龄津贴多少", "取暖补贴多少钱"])
def test_a_foreign_sum_is_not_answered_with_the_overview(question: str) -> None:
    assert answers.best(question, on=ON) is None


def test_a_named_stage_counts_more_than_the_childs() -> None:
    found = answers.best("大学的国家助学金是多少", stage=Stage.SENIOR, on=ON)
    assert found and found.entry.id == "college_grant"


def test_local_answer_is_for_its_place() -> None:
    question = "残疾孩子住校有补助吗，多少"
    here = answers.best(question, region="152529100", on=ON)
    there = answers.best(question, region="150525", on=ON)
    assert here and here.entry.id.startswith("special_boarder")
    assert there and there.entry.id == "special_boarder"
    assert "3000" not in there.text


def test_expired_rule_is_not_repeated() -> None:
    found = answers.best("鄂尔多斯普通话考试时间", on=date(2027, 3, 1))
    assert found and found.entry.id == "psc_ordos_2026"
    assert "10月30日" not in found.text
    assert "旗县学生资助管理中心" in found.text


def test_stale_answer_carries_a_caution() -> None:
    entry = next(e for e in load().entries if e.id == "living_boarder")
    late = answer_text(entry, load(), date(2028, 1, 1), None)
    assert "办事前请问旗县学生资助管理中心。" in late
    assert "办事前请问旗县学生资助管理中心。" not in answer_text(entry, load(), ON, None)


def test_rule_that_is_not_yet_in_force_is_not_found() -> None:
    found = answers.best("幼儿园大班还要交学费吗", on=date(2024, 9, 1))
    assert found is None or found.entry.id != "preschool_free_year"


def test_every_answer_can_be_read_aloud() -> None:
    def check(entry: Entry) -> None:
        text = answer_text(entry, load(), ON, None)
        assert not PLACEHOLDER.search(text)
        assert "None" not in text
        assert len(text.splitlines()[0]) <= 200
        assert text.endswith(("。", "！", "？"))

    each(load().entries, check, attrgetter("id"))


def test_unknown_sums_are_not_told() -> None:
    yulu = answers.best("雨露计划多少钱", on=ON)
    assert yulu and "3000" not in yulu.text
    assert "没有查到" in yulu.text


def test_misheard_words_still_find_their_answer() -> None:
    found = answers.best("高中住学金一年给多少", on=ON)
    assert found and found.entry.id == "senior_grant"


BLIND: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("policy_questions_200.yaml").read_text("utf-8")
)


def test_blind_questions_find_their_answer_no_worse_than_measured() -> None:
    """These questions measure and do not teach; README has the figure of the day."""
    found = score(BLIND["asked"], BLIND["off_topic"], ON)
    assert found.asked >= 220 and found.foreign >= 30
    assert found.right_share >= 0.92
    assert found.foreign_share <= 0.09


def test_no_sample_question_repeats_a_blind_one() -> None:
    """What measures must not teach: else the figure would say nothing."""
    taught = {question for entry in load().entries for question in entry.ask}
    taught |= set(load().wording.off_topic)
    assert not taught & {*BLIND["asked"], *BLIND["off_topic"]}
