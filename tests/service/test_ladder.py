"""A case that nobody touches: reminders and steps at office hours, and somebody answers always."""

from datetime import datetime, timedelta

import pytest

from bot.rights.actor import SYSTEM, Actor
from bot.workers.events import Event
from bot.workers.orphans import adopt_due
from bot.workers.tick import tick_between
from flows import commands as c
from flows.local_time import SHANGHAI
from flows.policy.loader import load
from flows.policy.types import CatchAll
from storage.db import Database
from storage.kinds import EscalationType, RecordKind, Role
from storage.models.officer import Officer
from tests.service import support as s


def at(text: str) -> datetime:
    """A moment by the office's clock."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def told(events: list[Event]) -> list[tuple[str, str, str]]:
    """Who hears what when, by the office's clock."""
    moments = (event.at.astimezone(SHANGHAI) for event in events)
    return [
        (f"{moment:%m-%d %H:%M}", event.kind, event.to)
        for moment, event in zip(moments, events, strict=True)
    ]


async def ladder(db: Database) -> list[Officer]:
    """One officer on each of the five levels."""
    return [
        await s.officer(db, "嘎查", region=s.VILLAGE),
        await s.officer(db, "苏木", region="152222104"),
        await s.officer(db, "旗"),
        await s.officer(db, "盟", region="152200"),
        await s.officer(db, "自治区", Role.ADMIN, region="150000"),
    ]


@pytest.mark.slow
async def test_a_case_nobody_touches_climbs_to_the_region_over_the_national_holiday(
    any_db: Database,
) -> None:
    await ladder(any_db)
    filed = at(
        "2026-09-29 16:00"
    )  # Tuesday; closed from 1 to 7 October, Saturday the 10th is worked
    reference = await s.file(
        any_db, SYSTEM, RecordKind.DROPOUT_CASE, s.DROPOUT, s.VILLAGE, now=filed
    )
    events = await tick_between(any_db, filed, at("2026-10-13 09:00"))
    assert told([event for event in events if event.reference == reference]) == [
        ("09-30 11:52", "clock_reminder", "嘎查"),
        ("09-30 16:00", "escalation", "苏木"),
        ("10-08 11:52", "clock_reminder", "苏木"),
        ("10-08 16:00", "escalation", "旗"),
        ("10-09 11:52", "clock_reminder", "旗"),
        ("10-09 16:00", "escalation", "盟"),
        ("10-10 11:52", "clock_reminder", "盟"),
        ("10-10 16:00", "escalation", "自治区"),
        ("10-12 11:52", "clock_reminder", "自治区"),
        ("10-12 16:00", "escalation", "自治区"),
    ]
    record = await s.record(any_db, reference)
    assert (record.ladder_level, record.climbed_at) == (4, at("2026-10-12 16:00"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filed", "step"),
    [
        ("2026-11-20 10:00", "11-23 08:30"),  # a Friday: 24 hours end on a Saturday
        ("2026-11-23 13:00", "11-24 14:30"),  # they end in the lunch break
        ("2026-11-23 21:00", "11-25 08:30"),  # they end at night
        ("2026-02-13 10:00", "02-14 10:00"),  # a worked Saturday before the Spring Festival
        ("2026-02-14 10:00", "02-24 08:30"),  # the festival lasts until the 23rd
    ],
)
async def test_a_step_waits_until_an_office_is_open(db: Database, filed: str, step: str) -> None:
    await ladder(db)
    await s.file(db, SYSTEM, RecordKind.DROPOUT_CASE, s.DROPOUT, s.VILLAGE, now=at(filed))
    events = await tick_between(db, at(filed), at(filed) + timedelta(days=12))
    climbs = [line for line in told(events) if line[1] == "escalation"]
    assert climbs[0] == (step, "escalation", "苏木")


async def test_danger_does_not_wait_for_the_office(db: Database) -> None:
    await ladder(db)
    night = at("2026-10-02 02:00")
    kind, type_ = RecordKind.ESCALATION, EscalationType.EMERGENCY
    await s.file(db, SYSTEM, kind, {"detail": "孩子被打"}, s.VILLAGE, type_, now=night)
    events = await tick_between(db, night, night + timedelta(minutes=61))
    assert told(events) == [
        ("10-02 02:22", "clock_reminder", "嘎查"),
        ("10-02 02:30", "escalation", "苏木"),
        ("10-02 02:52", "clock_reminder", "苏木"),
        ("10-02 03:00", "escalation", "旗"),
    ]


async def test_any_act_of_the_new_owner_acknowledges_and_gives_the_full_time(db: Database) -> None:
    village, town, *_ = await ladder(db)
    reference = await s.dropout(db, SYSTEM, s.VILLAGE)
    due = s.NOW + timedelta(days=1)
    await tick_between(db, s.NOW, due)
    assert "已经上报一级" in (await s.notices(db, village))[-1]
    await s.do(db, c.AddNote(reference, text="知道了"), Actor.officer(village), due)
    record = await s.record(db, reference)
    assert record.climbed_at == due, "the one who let it pass cannot stop the ladder by a note"
    await s.do(db, c.AddNote(reference, text="知道了"), Actor.officer(town), due)
    record = await s.record(db, reference)
    assert (record.climbed_at, record.assigned_to_id) == (None, town.id)
    assert record.due_at == due + timedelta(days=1)


async def test_an_officer_who_is_switched_off_drops_nothing(db: Database) -> None:
    near = await s.officer(db, "旗")
    above = await s.officer(db, "盟", region="152200")
    reference = await s.dropout(db, SYSTEM)
    assert await adopt_due(db, s.NOW) == []
    await _switch_off(db, near)
    (event,) = await adopt_due(db, s.NOW)
    assert (event.kind, event.to) == ("adoption", "盟")
    assert (await s.record(db, reference)).assigned_to_id == above.id


async def test_a_place_without_anybody_has_the_countys_catch_all(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await s.officer(db, "管理员", Role.ADMIN, region="152900")
    spare = await s.officer(db, "值班", region="152224")
    sla = load().sla.model_copy(update={"catch_all": (CatchAll(scope="152222", officer="值班"),)})
    policy = load().model_copy(update={"sla": sla})
    monkeypatch.setattr("bot.cases.assignments.load", lambda: policy)
    inside = await s.dropout(db, SYSTEM, s.VILLAGE)
    outside = await s.dropout(db, SYSTEM, "152221")
    assert (await s.record(db, inside)).assigned_to_id == spare.id
    assert (await s.record(db, outside)).assigned_to_id != spare.id


async def _switch_off(db: Database, officer: Officer) -> None:
    async with db.write() as uow:
        row = await uow.officers.get(officer.id)
        assert row is not None
        row.active = False
