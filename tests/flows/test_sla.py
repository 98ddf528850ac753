"""Clocks and the ladder."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.escalation.sla import (
    due_at,
    level_of,
    next_level,
    region_at,
    rule_for,
    rung_at,
)
from flows.local_time import SHANGHAI
from flows.policy.types import Level
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


def test_ladder_ends_at_the_region() -> None:
    steps, level = [Level.VILLAGE], next_level(Level.VILLAGE)
    while level is not None:
        steps.append(level)
        level = next_level(level)
    assert steps == list(Level)


def test_rungs_of_a_dropout_case() -> None:
    def reached(days: float) -> str | None:
        rung = rung_at(FRIDAY, FRIDAY + timedelta(days=days))
        return rung.action if rung else None

    assert reached(0.9) is None
    assert reached(1) == "首次联系"
    assert reached(7) == "苏木乡镇联合家访"
    assert reached(400) == "旗县控辍保学专班办理"


@pytest.mark.parametrize(
    ("region", "level", "banner"),
    [
        ("15", Level.REGION, "15"),
        ("150000", Level.REGION, "15"),
        ("152200", Level.LEAGUE, "1522"),
        ("152222", Level.BANNER, "152222"),
        ("152222100", Level.TOWNSHIP, "152222"),
        ("152222100000", Level.TOWNSHIP, "152222"),
        ("152222100201", Level.VILLAGE, "152222"),
    ],
)
def test_levels_of_codes(region: str, level: Level, banner: str) -> None:
    assert level_of(region) is level
    assert region_at(region, Level.BANNER) == banner
