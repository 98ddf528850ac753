"""Health, identity numbers and reporters are covered, and uncovered one at a time with a trace."""

from typing import Any

import pytest

from bot.cases.views import record_view
from bot.errors import NotAllowed, NotFound, Refused
from bot.rights.access import Right, may
from bot.rights.actor import Actor
from bot.web import labels
from flows.commands import AmendRecord, Reveal
from storage.db import Database
from storage.kinds import Role
from tests.service import support as s

ILL = {"reason": "illness_disability"}
BURDENED = {"hardship": ["dibao", "serious_illness", "disabled_parent"]}


@pytest.mark.parametrize(
    ("field", "role", "value"),
    [
        ("id_number", Role.OFFICER, "152222201801011234"),
        ("hardship", Role.OFFICER, BURDENED["hardship"]),
        ("id_number", Role.CLERK, None),
        ("hardship", Role.CLERK, None),
    ],
)
async def test_an_answer_is_uncovered_for_those_with_the_right(
    db: Database, field: str, role: Role, value: Any
) -> None:
    officer = await s.officer(db, "甲", role)
    reference = await s.application(db, (await s.person(db)).actor, **BURDENED)
    before = (await s.record(db, reference)).version
    command = Reveal(reference, None, field, "核对证件")
    if value is None:
        with pytest.raises(NotAllowed):
            await s.do(db, command, Actor.officer(officer))
        assert "reveal" not in await s.actions(db, reference)
        return
    shown = await s.do(db, command, Actor.officer(officer))
    assert shown.detail["value"] == value
    assert (await s.record(db, reference)).version == before
    async with db.read() as uow:
        entry = (await uow.audit.of(reference))[-1]
    assert (entry.action, entry.actor_id) == ("reveal", officer.id)
    assert entry.detail == {"field": field, "purpose": "核对证件"}


async def test_who_reported_is_for_supervisors_of_the_place(db: Database) -> None:
    reference = await s.dropout(db, (await s.person(db)).actor)
    command = Reveal(reference, None, "reporter", "请他带路")
    with pytest.raises(NotAllowed):
        await s.do(db, command, Actor.officer(await s.officer(db, "甲")))
    elsewhere = await s.officer(db, "邻旗主管", Role.SUPERVISOR, "152221")
    with pytest.raises(NotFound):
        await s.do(db, command, Actor.officer(elsewhere))
    boss = await s.officer(db, "主管", Role.SUPERVISOR)
    shown = await s.do(db, command, Actor.officer(boss))
    assert shown.detail["value"] == {"name": "白音", "phone": "13847900000"}


@pytest.mark.parametrize(
    ("field", "purpose"), [("id_number", " "), ("reporter", "看看"), ("child_name", "看看")]
)
async def test_no_purpose_or_nothing_covered_is_refused(
    db: Database, field: str, purpose: str
) -> None:
    boss = Actor.officer(await s.officer(db, "主管", Role.SUPERVISOR))
    reference = await s.application(db, (await s.person(db)).actor)
    with pytest.raises(Refused):
        await s.do(db, Reveal(reference, None, field, purpose), boss)
    assert "reveal" not in await s.actions(db, reference)


async def test_health_is_in_no_view_of_those_without_the_right(db: Database) -> None:
    clerk, officer = await s.officer(db, "录", Role.CLERK), await s.officer(db, "甲")
    who = await s.person(db)
    ill = await s.record(db, await s.dropout(db, who.actor, **ILL))
    burdened = await s.record(db, await s.application(db, who.actor, **BURDENED))
    assert not may(clerk, Right.HEALTH, ill)
    assert may(officer, Right.HEALTH, ill)
    assert record_view(ill)["fields"]["reason"] == "covered"
    assert record_view(burdened)["fields"]["hardship"] == ["dibao", "covered"]
    assert record_view(ill, health=True)["fields"]["reason"] == "illness_disability"
    assert labels.slot_value("hardship", ["dibao", "covered"]) == "低保、保密"


async def test_any_other_reason_hides_illness_among_it(db: Database) -> None:
    who = await s.person(db)
    other = await s.record(db, await s.dropout(db, who.actor, reason="other"))
    work = await s.record(db, await s.dropout(db, who.actor, child_name="其木格"))
    assert record_view(other)["fields"]["reason"] == "covered"
    assert record_view(work)["fields"]["reason"] == "work"


async def test_a_number_told_by_somebody_else_is_masked_in_the_events(db: Database) -> None:
    filed = await s.person(db)
    reference = await s.application(db, filed.actor)
    stranger = await s.person(db, "p2")
    told = {"id_number": "152222201801019999", "hardship": ["serious_illness"]}
    await s.do(db, AmendRecord(reference, told), stranger.actor)
    async with db.read() as uow:
        entries = await uow.audit.of(reference)
    events = str(record_view(await s.record(db, reference), entries)["events"])
    assert "9999" in events
    assert "152222201801019999" not in events
    assert "serious_illness" not in events
