"""Nothing is told that the data does not hold; every answer names its document."""

import re
from datetime import date
from itertools import product
from operator import attrgetter

import pytest

from flows.policy import answers
from flows.policy.loader import amounts, load
from flows.policy.render import PLACEHOLDER, answer_text, citation, is_sure, time_allowed
from flows.policy.types import Confidence, Entry
from tests.gathered import each

ON = date(2026, 11, 23)
DAYS = (date(2023, 10, 1), ON, date(2027, 3, 1), date(2029, 1, 1))
PLACES = (None, "152529100", "150525")
ENTRIES = load().entries
NUMBER = re.compile(r"\d+(?:[.-]\d+)*")
YEAR_OR_NUMBER = re.compile(r"(19|20)\d\d|第\d+号")
PROMISES = (
    "你能拿到",
    "您能拿到",
    "能领到",
    "你能领",
    "您能领",
    "可以领",
    "能拿到",
    "一定能",
    "保证给",
)
OWN_RULES = "育路服务规则"
ASKS_ON = ("请问", "问学校", "再问", "找人")


def _quoted(entry: Entry) -> set[str]:
    """Every number that stands in the entry, its document and the rows it quotes."""
    policy, names = load(), set(PLACEHOLDER.findall(entry.text))
    sums = [a for a in amounts(policy) if f"aid.{a.key}" in names]
    spans = [time_allowed(r) for r in policy.sla.rules if f"sla.{r.id}" in names]
    until = f"{entry.effective_to:%Y %-m}" if entry.effective_to else ""
    held = [PLACEHOLDER.sub("", entry.text), citation(entry), until, *spans]
    held += [f"{a.label} {a.per} {a.yuan} {a.noted}" for a in sums]
    return {number for text in held for number in NUMBER.findall(text)}


def test_every_number_stands_in_the_data() -> None:
    def check(case: tuple[Entry, str | None, date]) -> None:
        entry, region, on = case
        told = answer_text(entry, load(), on, region)
        assert set(NUMBER.findall(told)) <= quoted[entry.id]

    quoted = {entry.id: _quoted(entry) for entry in ENTRIES}
    each(product(ENTRIES, PLACES, DAYS), check, lambda c: f"{c[0].id} in {c[1]} on {c[2]}")


def test_every_answer_names_its_document_and_year() -> None:
    def check(entry: Entry) -> None:
        last = answer_text(entry, load(), ON, None).splitlines()[-1]
        assert last == f"依据：{citation(entry)}。"
        says_so = "没有查到" in last or entry.source == OWN_RULES
        assert YEAR_OR_NUMBER.search(last) or says_so

    each(ENTRIES, check, attrgetter("id"))


def test_sums_are_told_as_standards_with_their_year_and_never_promised() -> None:
    def check(entry: Entry) -> None:
        told = answer_text(entry, load(), ON, "152529100")
        assert not [word for word in PROMISES if word in told]
        if "{aid." in entry.text:
            assert "标准是" in told
            sums = [a for a in amounts(load()) if f"{{aid.{a.key}}}" in entry.text and a.yuan]
            assert all(re.search(r"\d{4}年|往年", a.noted) for a in sums)

    each(ENTRIES, check, attrgetter("id"))


def test_unsure_entries_hand_over_to_a_person() -> None:
    def check(entry: Entry) -> None:
        told = answer_text(entry, load(), ON, None)
        sure = is_sure(entry, load(), ON, None)
        assert ("找工作人员" in told or load().wording.hand_over in told) or sure
        if entry.confidence in (Confidence.KNOWN, Confidence.UNKNOWN):
            assert not sure
            assert any(word in told for word in ASKS_ON)

    each(ENTRIES, check, attrgetter("id"))


def test_entries_past_their_review_hand_over_to_a_person() -> None:
    def check(entry: Entry) -> None:
        assert not is_sure(entry, load(), late, None)
        assert load().wording.hand_over in answer_text(entry, load(), late, None)

    late = date(2031, 1, 1)
    each(ENTRIES, check, attrgetter("id"))


def test_the_found_answer_knows_whether_it_is_sure() -> None:
    firm = answers.best("小学住校生活补助一年多少钱", on=ON)
    weak = answers.best("今年雨露计划还办不办", on=ON)
    assert firm and firm.entry.id == "living_boarder" and firm.sure
    assert weak and weak.entry.id == "yulu_plan" and not weak.sure


def test_a_weak_likeness_hands_over_however_firm_the_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = "小学住校生活补助一年多少钱"
    firm = answers.best(question, on=ON)
    monkeypatch.setattr(answers, "SURE", 9.0)
    weak = answers.best(question, on=ON)
    assert firm and weak and firm.entry is weak.entry
    assert firm.sure and not weak.sure
    assert load().wording.hand_over not in firm.text
    assert load().wording.hand_over in weak.text


def test_no_entry_knows_a_sum_of_its_own() -> None:
    """Sums stand once, in aid.yaml, so that an old one cannot be left behind in a sentence."""
    assert not [e.id for e in ENTRIES if re.search(r"\d\s*元", PLACEHOLDER.sub("", e.text))]
