"""Clocks, and what people are told of them."""

import re
from datetime import UTC, datetime

import pytest

from flows.escalation.sla import (
    due_at,
    rule_for,
    within,
)
from flows.local_time import SHANGHAI
from flows.policy.loader import load
from flows.policy.types import Sla
from flows.words import texts
from flows.workdays import calendar_for
from storage.kinds import EscalationType, RecordKind

SATURDAY = datetime(2026, 11, 21, 23, 0, tzinfo=SHANGHAI)
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)


def _due(kind: RecordKind, status: str, at: datetime, type: EscalationType | None = None) -> str:
    rule = rule_for(kind, status, type)
    assert rule is not None
    due = due_at(rule, at, calendar_for("152222"))
    assert due.tzinfo is UTC
    return due.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("kind", "status", "type", "at", "due"),
    [
        (RecordKind.ESCALATION, "open", EscalationType.EMERGENCY, SATURDAY, "11-21 23:30"),
        (RecordKind.ESCALATION, "open", EscalationType.HUMAN, FRIDAY, "11-23 10:00"),
        (RecordKind.ESCALATION, "open", EscalationType.HUMAN, SATURDAY, "11-24 08:30"),
        (RecordKind.ESCALATION, "open", EscalationType.COMPLAINT, FRIDAY, "11-25 10:00"),
        (RecordKind.DROPOUT_CASE, "reported", None, SATURDAY, "11-22 23:00"),
        (RecordKind.DROPOUT_CASE, "verified", None, FRIDAY, "11-23 10:00"),
        (RecordKind.DROPOUT_CASE, "persuading", None, FRIDAY, "11-27 10:00"),
        (RecordKind.AID_APPLICATION, "submitted", None, FRIDAY, "11-27 10:00"),
    ],
)
def test_due(
    kind: RecordKind, status: str, type: EscalationType | None, at: datetime, due: str
) -> None:
    assert _due(kind, status, at, type) == due


@pytest.mark.parametrize("status", ["closed", "duplicate", "withdrawn", "excluded"])
def test_nobody_has_to_act_on_a_closed_case(status: str) -> None:
    assert rule_for(RecordKind.DROPOUT_CASE, status) is None


def test_an_escalation_without_type_has_no_clock_of_another_type() -> None:
    assert rule_for(RecordKind.ESCALATION, "open") is None


def test_what_people_are_told_is_what_the_clock_says() -> None:
    submitted = rule_for(RecordKind.AID_APPLICATION, "submitted")
    assert within(submitted) == "5个工作日内"
    assert within(rule_for(RecordKind.DROPOUT_CASE, "reported")) == "24小时内"
    assert within(None) == "尽快"
    assert submitted is not None
    slower = Sla(rules=(submitted.model_copy(update={"days": 8}),))
    assert within(rule_for(RecordKind.AID_APPLICATION, "submitted", sla=slower)) == "8个工作日内"


def test_no_sentence_has_a_deadline_of_its_own() -> None:
    assert len(load().sla.rules) > 10
    assert [key for key, text in texts().items() if re.search(r"\d+ ?个工作日", text)] == []
