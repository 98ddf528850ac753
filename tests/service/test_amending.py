"""What people add later: answers of their own, notes of others, a child who is back."""

from datetime import date

import pytest

from bot.errors import NotFound
from flows import commands as c
from storage.db import Database
from storage.models.case import Case
from tests.service import support as s


async def test_ones_own_answers_are_replaced(db: Database) -> None:
    here = await s.officer(db, "中旗")
    there = await s.officer(db, "前旗", region="152221")
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    before = await s.record(db, reference)
    slots = {"child_name": "苏日娜", "region": "科尔沁右翼前旗", "reporter_name": "白音图"}
    amend = c.AmendRecord(reference, slots, note="名字写错了", region="152221")
    await s.do(db, amend, who.actor)
    record = await s.record(db, reference)
    assert record.slots["child_name"] == "苏日娜" and "reporter_name" not in record.slots
    assert record.name_key != before.name_key
    assert (record.region_code, record.assigned_to_id) == ("152221", there.id)
    assert before.assigned_to_id == here.id
    async with db.read() as uow:
        assert isinstance(record, Case)
        reporter = await uow.records.reporter(record)
    assert reporter is not None and (reporter.name, reporter.phone) == ("白音图", "13847900000")


async def test_a_reporter_may_say_who_they_are_later(db: Database) -> None:
    who = await s.person(db)
    reference = await s.dropout(db, who.actor, reporter_name=None, phone=None)
    await s.do(db, c.AmendRecord(reference, {"phone": "13847911111"}), who.actor)
    record = await s.record(db, reference)
    async with db.read() as uow:
        assert isinstance(record, Case)
        reporter = await uow.records.reporter(record)
    assert reporter is not None and (reporter.name, reporter.phone) == (None, "13847911111")


async def test_words_of_another_reporter_replace_nothing(db: Database) -> None:
    officer = await s.officer(db, "甲")
    who, other = await s.person(db), await s.person(db, "p2")
    reference = await s.dropout(db, who.actor)
    slots = {"whereabouts": "在包头", "phone": "13900000000"}
    await s.do(db, c.AmendRecord(reference, slots, note="我也知道"), other.actor)
    record = await s.record(db, reference)
    assert "whereabouts" not in record.slots and record.person_id == who.person_id
    async with db.read() as uow:
        entry = (await uow.audit.of(reference))[-1]
    assert entry.detail == {"said": {"whereabouts": "在包头"}, "note": "我也知道"}
    assert "新情况" in (await s.notices(db, officer))[-1]


async def test_a_settled_record_still_listens(db: Database) -> None:
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await s.do(db, c.Withdraw(reference), who.actor)
    await s.do(db, c.AmendRecord(reference, {"age": 9}, note="后来想起来"), who.actor)
    record = await s.record(db, reference)
    assert (record.status, record.slots["age"]) == ("withdrawn", 8)


async def test_registrations_of_others_are_unknown(db: Database) -> None:
    who, other = await s.person(db), await s.person(db, "p2")
    booked = await s.book(db, who.actor, None)
    with pytest.raises(NotFound):
        await s.do(db, c.AmendRecord(booked.reference or "", note="x"), other.actor)
    with pytest.raises(NotFound):
        await s.do(db, c.AmendRecord("D26-9999-999", note="x"), other.actor)


async def test_a_return_waits_for_an_officer(db: Database) -> None:
    officer = await s.officer(db, "甲")
    who, other = await s.person(db), await s.person(db, "p2")
    reference = await s.dropout(db, who.actor)
    told = c.ReportReturn(reference, "孩子回来上学了", on=date(2026, 11, 20))
    assert (await s.do(db, told, other.actor)).status == "reported"
    async with db.read() as uow:
        entry = (await uow.audit.of(reference))[-1]
    assert entry.detail == {"note": "孩子回来上学了", "on": "2026-11-20"}
    assert "核实" in (await s.notices(db, officer))[-1]
