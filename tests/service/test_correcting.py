"""A family says that something is wrong: it is put right, or they hear why not (PIPL art. 46)."""

from typing import Any

import pytest

from bot.cases.contested import all_contested, contested_words
from bot.cases.written import correctable, value_of
from bot.errors import NotAllowed, Refused
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import Role
from tests.service import support as s

NOTE = "看了户口本"


async def _waits(db: Database, reference: str) -> tuple[str, ...]:
    async with db.read() as uow:
        return await contested_words(uow, reference)


async def test_what_is_contested_is_put_right_and_told(db: Database) -> None:
    officer = await s.officer(db, "中旗")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    said = c.AmendRecord(reference, note="更正：孩子九岁，不是八岁")
    await s.do(db, said, who.actor)
    assert await _waits(db, reference) == ("孩子九岁，不是八岁",)
    async with db.read() as uow:
        assert "写得不对" in (await uow.notices.unseen(officer.id))[-1].text
    await s.do(db, c.CorrectAnswer(reference, None, "age", "9", NOTE), Actor.officer(officer))
    assert (await s.record(db, reference)).slots["age"] == 9
    assert await _waits(db, reference) == ()
    async with db.read() as uow:
        entry = (await uow.audit.of(reference))[-1]
        told = await uow.outbox.after(who.conversation_id, 0)
    assert entry.action == "correct_answer"
    assert entry.detail == {"field": "age", "note": NOTE, "before": "8", "after": "9"}
    assert "“年龄”改好了" in told[-1].text


async def test_more_than_one_thing_may_be_wrong(db: Database) -> None:
    officer = await s.officer(db, "中旗")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await s.do(db, c.AmendRecord(reference, note="更正：年龄和学校都错了"), who.actor)
    first = c.CorrectAnswer(reference, None, "age", "9", NOTE, more=True)
    await s.do(db, first, Actor.officer(officer))
    assert await _waits(db, reference) == ("年龄和学校都错了",)
    await s.do(
        db, c.CorrectAnswer(reference, None, "school", "镇二小", NOTE), Actor.officer(officer)
    )
    assert await _waits(db, reference) == ()


async def test_a_refusal_is_told_with_its_reason(db: Database) -> None:
    officer = await s.officer(db, "中旗")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await s.do(db, c.AmendRecord(reference, note="更正：应该是特困"), who.actor)
    with pytest.raises(Refused):
        await s.do(db, c.RefuseCorrection(reference, None, " "), Actor.officer(officer))
    await s.do(db, c.RefuseCorrection(reference, None, "民政没有登记"), Actor.officer(officer))
    async with db.read() as uow:
        told = await uow.outbox.after(who.conversation_id, 0)
    assert "原因：民政没有登记" in told[-1].text and "转人工" in told[-1].text
    assert await _waits(db, reference) == ()


async def test_what_is_covered_leaves_only_the_name_of_the_answer(db: Database) -> None:
    officer = await s.officer(db, "中旗")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    right = "152222201801011215"
    await s.do(
        db, c.CorrectAnswer(reference, None, "id_number", right, NOTE), Actor.officer(officer)
    )
    record = await s.record(db, reference)
    assert record.slots["id_number"] == right
    async with db.read() as uow:
        entry = (await uow.audit.of(reference))[-1]
        assert record.id_hash == uow.keyring.blind(right)
    assert entry.detail == {"field": "id_number", "note": NOTE}


async def test_a_place_that_is_put_right_finds_its_officer(db: Database) -> None:
    league = await s.officer(db, "盟里", Role.OFFICER, "152200")
    there = await s.officer(db, "前旗", region="152221")
    here = await s.officer(db, "中旗")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    moved = c.CorrectAnswer(reference, None, "region", "科尔沁右翼前旗", NOTE)
    with pytest.raises(Refused):
        await s.do(db, moved, Actor.officer(here))
    await s.do(db, moved, Actor.officer(league))
    record = await s.record(db, reference)
    assert (record.region_code, record.assigned_to_id) == ("152221", there.id)


async def test_the_reporter_is_put_right_by_nobody_here(db: Database) -> None:
    leading = await s.officer(db, "主管", Role.SUPERVISOR)
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    for field in ("phone", "reporter_name", "consent", "nothing"):
        with pytest.raises(Refused):
            await s.do(
                db, c.CorrectAnswer(reference, None, field, "x", NOTE), Actor.officer(leading)
            )


async def test_the_list_is_for_supervisors_of_the_place(db: Database) -> None:
    leading = await s.officer(db, "主管", Role.SUPERVISOR)
    away = await s.officer(db, "邻旗", Role.SUPERVISOR, "152221")
    clerk = await s.officer(db, "中旗")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await s.do(db, c.AmendRecord(reference, note="更正：名字错了"), who.actor)
    async with db.read() as uow:
        found = await all_contested(uow, leading)
        assert [(one.record.reference, one.words) for one in found] == [(reference, ("名字错了",))]
        assert await all_contested(uow, away) == []
        with pytest.raises(NotAllowed):
            await all_contested(uow, clerk)


@pytest.mark.parametrize(
    ("slot", "said", "kept"),
    [
        ("grade", "三年级", "小学三年级"),
        ("relation", "妈妈", "mother"),
        ("hardship", "低保、单亲家庭", None),
        ("hardship", "dibao、tekun", ["dibao", "tekun"]),
        ("annual_income", "不知道", "unknown"),
        ("annual_income", "两万", None),
        ("age", "120", None),
        ("phone", "139 4812 3456", "13948123456"),
        ("phone", "12", None),
        ("child_name", "Surina", None),
        ("id_number", "152222201801011219", None),
        ("region", "没有这个地方", None),
    ],
)
async def test_what_is_written_becomes_the_value(
    db: Database, slot: str, said: str, kept: Any
) -> None:
    who = await s.person(db)
    record = await s.record(db, await s.application(db, who.actor))
    step = correctable(record)[slot]
    if kept is None:
        with pytest.raises(Refused):
            value_of(step, said, s.NOW.date())
    else:
        assert value_of(step, said, s.NOW.date()) == kept
