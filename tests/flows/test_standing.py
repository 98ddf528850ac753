"""How a dropout case stands after what happened in it."""

from datetime import date, timedelta
from typing import Any

import pytest

from flows.dropout.closing import code_of, doubts, obstacle
from flows.dropout.placements import placement_of
from flows.dropout.standing import Fact, Standing, standing_of
from storage.kinds import CaseFactKind as K
from storage.kinds import ResponsibleSide

DAY = date(2026, 11, 2)


def story(*steps: str) -> Standing:
    """The standing after steps written short, one a day: `visit`, `return:leave`, `absent`."""
    return standing_of([_fact(number, step) for number, step in enumerate(steps, 1)])


def _fact(number: int, step: str) -> Fact:
    name, _, more = step.partition(":")
    details: dict[str, tuple[K, dict[str, Any]]] = {
        "dropout": (K.VERIFIED, {"is_dropout": True}),
        "no_dropout": (K.VERIFIED, {"is_dropout": False}),
        "return": (K.RETURN, {"placement": more}),
        "present": (K.ATTENDANCE, {"present": True}),
        "absent": (K.ATTENDANCE, {}),
        "close": (K.CLOSE, {"code": more}),
        "before": (K.BEFORE, dict(zip(("status", "code"), more.split("/"), strict=False))),
        "responsible": (K.RESPONSIBLE, {"side": more}),
    }
    kind, detail = details.get(name) or (K(name), {"text": more})
    return Fact(kind, DAY + timedelta(days=number), detail, id=number)


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ("", "reported"),
        ("responsible:school", "reported"),
        ("said_back", "reported"),
        ("dropout", "verified"),
        ("no_dropout", "reported"),
        ("visit", "persuading"),
        ("plan", "persuading"),
        ("dropout visit", "persuading"),
        ("visit dropout", "persuading"),
        ("dropout visit return:same_school", "returned"),
        ("return:transfer_in", "returned"),
        ("return:separate_class", "placed"),
        ("return:vocational", "placed"),
        ("return:home_teaching", "placed"),
        ("return:leave", "placed"),
        ("return:vocational return:same_school", "returned"),
        ("return:same_school present", "monitoring"),
        ("return:same_school absent", "monitoring"),
        ("return:same_school visit", "monitoring"),
        ("return:same_school plan", "returned"),
        ("present", "reported"),
        ("return:same_school present close:returned", "closed"),
        ("visit close:excluded", "excluded"),
        ("close:duplicate", "duplicate"),
        ("close:data_error visit", "closed"),
        ("close:returned return:same_school", "closed"),
        ("return:same_school reopen", "persuading"),
        ("return:same_school close:returned reopen", "persuading"),
        ("return:leave deferral_over", "persuading"),
        ("return:leave close:deferred deferral_over", "persuading"),
        ("return:same_school deferral_over", "returned"),
        ("before:monitoring", "monitoring"),
        ("before:contested dropout", "verified"),
        ("before:closed/returned reopen visit return:vocational", "placed"),
    ],
)
def test_the_status_follows_from_the_facts(steps: str, status: str) -> None:
    assert story(*steps.split()).status == status


@pytest.mark.parametrize(
    ("steps", "times"),
    [
        ("visit return:same_school", 0),
        ("return:same_school reopen", 1),
        ("return:same_school close:returned reopen return:vocational absent reopen", 2),
        ("visit close:data_error reopen", 0),
        ("return:leave deferral_over", 0),
        ("before:closed/returned reopen", 1),
        ("before:closed/data_error reopen", 0),
        ("before:placed reopen", 1),
    ],
)
def test_only_a_child_that_was_back_is_gone_again(steps: str, times: int) -> None:
    assert story(*steps.split()).times_gone == times


def test_nothing_is_lost_when_the_child_is_gone_again() -> None:
    standing = story("dropout", "visit", "plan", "return:same_school", "close:returned", "reopen")
    assert (len(standing.visits), len(standing.plans)) == (1, 1)
    assert standing.verified is not None
    assert (standing.placement, standing.closing_code) == (None, None)


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        ("return:same_school absent absent absent", 3),
        ("return:same_school absent present absent absent", 2),
        ("return:same_school absent absent present", 0),
        ("return:same_school absent absent return:vocational absent", 1),
    ],
)
def test_absent_days_in_a_row(steps: str, days: int) -> None:
    assert story(*steps.split()).absent_days == days


def test_the_last_word_on_a_day_counts() -> None:
    back = Fact(K.RETURN, DAY, {"placement": "same_school"}, id=1)
    absent = Fact(K.ATTENDANCE, DAY, {}, id=2)
    present = Fact(K.ATTENDANCE, DAY, {"present": True}, id=3)
    assert standing_of([back, absent]).absent_days == 1
    assert standing_of([back, absent, present]).absent_days == 0


def test_a_correction_stands_where_the_corrected_entry_stood() -> None:
    first = Fact(K.VISIT, DAY, {"met": "邻居"}, id=1)
    second = Fact(K.VISIT, DAY, {"met": "母亲"}, id=2)
    back = Fact(K.RETURN, DAY, {"placement": "same_school"}, id=3)
    wrong = Fact(K.VISIT, DAY, {"met": "父亲"}, id=4, corrects=1)
    right = Fact(K.VISIT, DAY, {"met": "奶奶"}, id=5, corrects=4)
    standing = standing_of([first, second, back, wrong, right])
    assert [visit.detail["met"] for visit in standing.visits] == ["奶奶", "母亲"]
    assert standing.status == "returned", "a correction is no visit after the return"


def test_who_is_still_to_be_named() -> None:
    assert story().missing_responsible == tuple(ResponsibleSide)
    assert story("responsible:village").missing_responsible == (ResponsibleSide.SCHOOL,)
    assert story("responsible:village", "responsible:school").missing_responsible == ()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", "same_school"),
        ("复学", "same_school"),
        ("插班复学", "transfer_in"),
        ("职业学校", "vocational"),
        ("转到旗职业学校", "vocational"),
        ("vocational", "vocational"),
        ("办了休学", "leave"),
        ("特殊教育学校", "special_school"),
        ("普通学校的特教班", "special_class"),
        ("搬家了", "other"),
    ],
)
def test_words_for_a_placement(words: str, code: str) -> None:
    assert placement_of(words).code == code


@pytest.mark.parametrize(
    ("words", "code"),
    [("excluded", "excluded"), ("身体原因", "excluded"), ("已复学", "returned"), ("别的", "别的")],
)
def test_words_for_a_closing_code(words: str, code: str) -> None:
    assert code_of(words) == code


def _let_off(until: date | None) -> Standing:
    return standing_of([Fact(K.RETURN, DAY, {"placement": "leave"}, until=until)])


@pytest.mark.parametrize(
    ("code", "standing", "approved", "note", "key"),
    [
        ("returned", Standing(), False, "", None),
        ("excluded", Standing(), True, "", "refused.reason_missing"),
        ("excluded", Standing(), False, "医院鉴定", "refused.approval_missing"),
        ("excluded", Standing(), True, "医院鉴定", None),
        ("deferred", Standing(), True, "", "refused.deferral_missing"),
        ("deferred", _let_off(None), True, "", "refused.deferral_missing"),
        ("deferred", _let_off(DAY), True, "", "refused.deferral_missing"),
        ("deferred", _let_off(DAY + timedelta(days=9)), False, "", "refused.approval_missing"),
        ("deferred", _let_off(DAY + timedelta(days=9)), True, "", None),
        ("untraceable", Standing(), False, "", "refused.never_looked"),
        ("untraceable", story("visit"), False, "", None),
    ],
)
def test_what_a_closing_code_asks_for(
    code: str, standing: Standing, approved: bool, note: str, key: str | None
) -> None:
    assert obstacle(code, standing, approved, note, DAY) == key


@pytest.mark.parametrize(
    ("code", "facts", "keys"),
    [
        ("returned", (), ("doubt.not_verified", "doubt.not_back")),
        ("duplicate", (), ()),
        ("placed", (Fact(K.VERIFIED, DAY, {"is_dropout": True}),), ("doubt.not_back",)),
        (
            "returned",
            (
                Fact(K.VERIFIED, DAY, {"is_dropout": True}),
                Fact(K.RETURN, DAY, {"placement": "transfer_in"}),
            ),
            ("doubt.not_checked",),
        ),
    ],
)
def test_what_the_second_person_should_know(
    code: str, facts: tuple[Fact, ...], keys: tuple[str, ...]
) -> None:
    assert doubts(code, standing_of(facts)) == keys
