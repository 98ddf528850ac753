"""The three ledgers of the ministry: who is on which, what is masked, and no ethnicity anywhere."""

from datetime import timedelta

import pytest

from bot.handlers.acting import Acting
from bot.reports.scope import Scope
from bot.rights.actor import SYSTEM, Actor
from bot.spreadsheets.export import LEDGERS, take_ledger
from flows import commands as c
from storage.db import Database
from storage.kinds import RecordKind, ResponsibleSide
from storage.models.case import Case
from tests.service import support as s

NOVEMBER = Scope(s.BANNER, "2026-11", "2026-11")


async def lines(
    db: Database, name: str, scope: Scope = NOVEMBER, full: bool = False
) -> list[dict[str, str]]:
    """The lines of a ledger by head."""
    async with db.write() as uow:
        turn = Acting(uow, SYSTEM, s.NOW)
        table, _ = await take_ledger(turn, name, scope, "王丽", full)
    return [
        dict(zip(table.heads, (str(cell.value) for cell in line), strict=True))
        for line in table.lines
    ]


async def test_a_case_moves_from_suspected_to_known(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "王丽"))
    reference = await s.dropout(
        db, (await s.person(db)).actor, s.VILLAGE,
        reason="illness_disability", guardian_phone="13800001111", guardian_name="乌云",
    )  # fmt: skip
    (suspected,) = await lines(db, "suspected")
    assert (suspected["疑似/辍学"], suspected["学生姓名"]) == ("疑似辍学", "巴特尔")
    assert (suspected["辍学主因"], suspected["联系电话"]) == ("健康原因（详见档案）", "138****1111")
    assert await lines(db, "confirmed") == []
    await s.do(db, c.VerifyCase(reference, identity=True, roll=True, whereabouts="包头打工"), by)
    side = ResponsibleSide.SCHOOL
    await s.do(db, c.NameResponsible(reference, side=side, name="张老师", post="班主任"), by)
    await s.do(db, c.LogVisit(reference, method="家访", result="电话13911112222，同意"), by)
    assert await lines(db, "suspected") == []
    (known,) = await lines(db, "confirmed")
    assert (known["疑似/辍学"], known["劝返责任人（校）"]) == ("辍学", "张老师 班主任")
    assert (known["劝返次数"], known["劝返结果"]) == ("1", "电话139****2222，同意")
    assert (known["旗县"], known["现住址"][:3]) == ("科尔沁右翼中旗", "兴安盟")


async def test_a_visit_that_was_put_right_counts_once_and_as_it_was(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "王丽"))
    reference = await s.dropout(db, (await s.person(db)).actor)
    for result in ("没人", "父亲在家"):
        await s.do(db, c.LogVisit(reference, method="上门", result=result), by)
    async with db.read() as uow:
        case = await uow.records.get(reference)
        assert isinstance(case, Case)
        last = (await uow.case_facts.of(case))[-1].id
    await s.do(db, c.LogVisit(reference, method="上门", result="母亲在家", corrects=last), by)
    (line,) = await lines(db, "confirmed")
    assert (line["劝返次数"], line["劝返结果"]) == ("2", "母亲在家")
    await s.do(db, c.RecordReturn(reference), by)
    for present in (False, True):
        await s.do(db, c.CheckAttendance(reference, present=present), by)
    (line,) = await lines(db, "confirmed")
    assert line["巩固跟踪情况"] == "查 1 天，在校 1 天，最近 2026-11-23"


async def test_who_may_and_asks_sees_whole_numbers(db: Database) -> None:
    who = await s.person(db)
    await s.dropout(db, who.actor, reason="illness_disability", guardian_phone="13800001111")
    await s.application(db, who.actor)
    (case,) = await lines(db, "suspected", full=True)
    assert (case["联系电话"], case["辍学主因"]) == ("13800001111", "生病或残疾")
    masked, whole = await lines(db, "children"), await lines(db, "children", full=True)
    ours = next(n for n, line in enumerate(whole) if line["学生姓名"] == "苏日娜")
    assert masked[ours]["身份证号"] == "*" * 14 + "1234"
    assert (whole[ours]["身份证号"], whole[ours]["性别"]) == ("152222201801011234", "男")
    assert whole[ours]["出生日期"] == "2018-01-01"


async def test_what_is_open_is_carried_on_and_what_was_closed_before_is_not(db: Database) -> None:
    who = await s.person(db)
    old = await s.file(
        db, who.actor, RecordKind.DROPOUT_CASE, s.DROPOUT, now=s.NOW - timedelta(days=60)
    )
    await s.file(db, who.actor, RecordKind.DROPOUT_CASE, s.DROPOUT, now=s.NOW + timedelta(days=9))
    assert [line["登记号"] for line in await lines(db, "suspected")] == [old]
    assert await lines(db, "suspected", Scope("150422", "2026-11", "2026-11")) == []


async def test_only_children_of_school_age(db: Database) -> None:
    who = await s.person(db)
    await s.application(db, who.actor, age=19, grade="大学一年级", child_name="高娃")
    await s.application(db, who.actor)
    assert [line["学生姓名"] for line in await lines(db, "children")] == ["苏日娜"]


@pytest.mark.parametrize("name", LEDGERS)
def test_no_ledger_asks_for_ethnicity(name: str) -> None:
    assert not [head for head in LEDGERS[name].columns if "民族" in head or "宗教" in head]


async def test_every_line_taken_out_is_an_audited_read(db: Database) -> None:
    reference = await s.dropout(db, (await s.person(db)).actor)
    await lines(db, "suspected", full=True)
    assert (await s.actions(db, reference))[-1] == "exported"
    async with db.read() as uow:
        (entry,), _ = await uow.audit.page(action="export")
    assert entry.detail == {
        "ledger": "suspected", "month": "2026-11", "region": s.BANNER, "rows": 1, "unmasked": True,
    }  # fmt: skip
