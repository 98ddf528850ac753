"""The same child on record twice, and the children of one family."""

from typing import Any

import pytest

from bot.cases.kin import likely_same, same_family
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.models.case import Case
from tests.service import support as s
from tests.service.test_dropout_life import TODAY, facts


async def likeness(db: Database, **changed: Any) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Why a second report, told otherwise in some answers, may be of the same child."""
    by = (await s.person(db)).actor
    region = changed.pop("region", s.BANNER)
    first = await s.dropout(db, by, guardian_phone="13900000001")
    second = await s.dropout(db, (await s.person(db, "p2")).actor, region, **changed)
    async with db.read() as uow:
        record = await uow.records.get(second)
        assert record is not None
        found = await likely_same(uow, record)
    assert [one.record.reference for one in found] in ([], [first])
    return (found[0].reasons, found[0].against) if found else None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (("name", "age", "school", "place"), ())),
        ({"child_name": "巴特儿"}, (("sound", "age", "school", "place"), ())),
        ({"age": 13, "school": "旗三中"}, (("name", "age", "school", "place"), ())),
        ({"age": 9}, (("name", "school", "place"), ("age",))),
        ({"region": "152221"}, (("name", "age", "school"), ("place",))),
        (
            {"guardian_phone": "13900000001"},
            (("name", "age", "school", "place", "phone"), ()),
        ),
        ({"age": 8, "school": "育才小学"}, None),
        ({"region": "152221", "school": "unknown"}, None),
        ({"child_name": "苏日娜"}, None),
    ],
)
async def test_why_two_reports_may_be_of_one_child(
    db: Database, changed: dict[str, Any], expected: object
) -> None:
    assert await likeness(db, **changed) == expected


async def test_a_settled_case_is_found_too(db: Database) -> None:
    by = (await s.person(db)).actor
    first = await s.dropout(db, by)
    async with db.write() as uow:
        row = await uow.records.get(first)
        assert row is not None
        row.status = "closed"
    second = await s.dropout(db, (await s.person(db, "p2")).actor)
    async with db.read() as uow:
        record = await uow.records.get(second)
        assert record is not None
        assert [one.record.reference for one in await likely_same(uow, record)] == [first]


async def test_a_family_is_known_by_its_phone_or_by_guardian_and_village(any_db: Database) -> None:
    by = (await s.person(any_db)).actor
    told = {"guardian_name": "白布和", "guardian_phone": "13900000002"}
    mine = await s.dropout(any_db, by, s.VILLAGE, **told)
    by_phone = await s.dropout(
        any_db, by, child_name="其其格", guardian_phone="13900000002", guardian_name="unknown"
    )
    by_name = await s.dropout(any_db, by, s.VILLAGE, child_name="朝鲁", guardian_name="白布和")
    aid = await s.application(any_db, by, phone="13900000002")
    await s.dropout(any_db, by, s.TOWN, child_name="乌兰", guardian_name="白布和")
    await s.dropout(any_db, by, s.VILLAGE, child_name="哈斯", guardian_name="李明")
    async with any_db.read() as uow:
        record = await uow.records.get(mine)
        assert record is not None
        found = {other.reference for other in await same_family(uow, record)}
    assert found == {by_phone, by_name, aid}


async def test_one_family_has_one_plan(db: Database) -> None:
    officer = Actor.officer(await s.officer(db, "甲"))
    by, phone = (await s.person(db)).actor, "13900000003"
    first = await s.dropout(db, by, guardian_phone=phone)
    second = await s.dropout(db, by, child_name="其其格", guardian_phone=phone)
    away = await s.dropout(db, by, "152221", child_name="朝鲁", guardian_phone=phone)
    plan = c.SetFamilyPlan(first, measures="办低保，送姐弟回校", deadline=TODAY)
    await s.do(db, plan, officer)
    assert [fact.kind for fact in await facts(db, second)] == ["plan"]
    assert await facts(db, away) == [], "a case that the officer may not see is left alone"
    assert (await s.record(db, second)).status == "persuading"


async def test_the_reporter_is_no_family(db: Database) -> None:
    by = (await s.person(db)).actor
    reference = await s.dropout(db, by, phone="13900000004")
    await s.application(db, by, phone="13900000004")
    async with db.read() as uow:
        record = await uow.records.get(reference)
        assert isinstance(record, Case)
        assert await same_family(uow, record) == []
