"""The life of a dropout case: looked into, answered for, visited, planned, back, gone again."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import NotAllowed, Refused
from bot.handlers.facts import standing_now
from bot.handlers.persuading import RESOURCES
from bot.rights.actor import SYSTEM, Actor
from bot.words import sentences
from flows import commands as c
from flows.dropout.closing import CODES
from flows.dropout.placements import PLACEMENTS
from storage.db import Database
from storage.kinds import RecordKind, ResponsibleSide, Role
from storage.models.case import Case
from storage.models.fact import CaseFact
from tests.service import support as s

PAPER = c.StoredFile("ab" * 32, "image/jpeg", 10, "批文.jpg", "ab/ab.jpg")
TODAY = date(2026, 11, 23)


async def facts(db: Database, reference: str) -> list[CaseFact]:
    """The stored facts of a case."""
    async with db.read() as uow:
        case = await uow.records.get(reference)
        assert isinstance(case, Case)
        return await uow.case_facts.of(case)


async def opened(db: Database, **more: Any) -> tuple[str, Actor, Actor]:
    """A case, its officer and a supervisor."""
    officer = await s.officer(db, "白乌云")
    boss = await s.officer(db, "主管", Role.SUPERVISOR)
    reference = await s.dropout(db, (await s.person(db)).actor, **more)
    return reference, Actor.officer(officer), Actor.officer(boss)


async def close(db: Database, reference: str, code: str, by: Actor, boss: Actor) -> str | None:
    await s.do(db, c.RequestClose(reference, code=code), by)
    return (await s.do(db, c.ApproveClose(reference), boss)).status


@pytest.mark.parametrize(
    "half",
    [{"identity": True, "roll": True}, {"identity": True, "whereabouts": "在家"}, {"roll": True}],
)
async def test_half_a_look_is_none(db: Database, half: dict[str, Any]) -> None:
    reference, by, _ = await opened(db)
    with pytest.raises(Refused, match="三样"):
        await s.do(db, c.VerifyCase(reference, **half), by)


async def test_a_case_is_looked_into(any_db: Database) -> None:
    reference, by, _ = await opened(any_db)
    look = c.VerifyCase(reference, identity=True, roll=True, whereabouts="在通辽打工")
    assert (await s.do(any_db, look, by)).status == "verified"
    assert (await s.record(any_db, reference)).due_at == s.NOW + timedelta(days=3)


async def test_what_is_no_dropout_goes_to_a_second_person(db: Database) -> None:
    reference, by, boss = await opened(db)
    look: dict[str, Any] = {
        "identity": True,
        "roll": True,
        "whereabouts": "在呼和浩特上学",
        "is_dropout": False,
    }
    with pytest.raises(Refused, match="选一个原因"):
        await s.do(db, c.VerifyCase(reference, **look), by)
    assert (await s.do(db, c.VerifyCase(reference, **look, code="transferred"), by)).status == (
        "reported"
    )
    assert (await s.do(db, c.ApproveClose(reference), boss)).status == "closed"
    assert (await s.record(db, reference)).closing_code == "transferred"


async def test_two_people_answer_for_a_child(db: Database) -> None:
    reference, by, _ = await opened(db)
    teacher = await s.officer(db, "王老师", Role.CLERK, s.VILLAGE)
    school = ResponsibleSide.SCHOOL
    with pytest.raises(Refused, match="姓名"):
        await s.do(db, c.NameResponsible(reference, side=school), by)
    with pytest.raises(Refused, match="电话"):
        await s.do(db, c.NameResponsible(reference, side=school, name="李老师", phone="有"), by)
    with pytest.raises(Refused, match="不管这个地区"):
        await s.do(db, c.NameResponsible(reference, side=school, officer=teacher.id), by)
    first = c.NameResponsible(
        reference, side=school, name="李老师", post="班主任", phone="13948000001"
    )
    await s.do(db, first, by)
    colleague = await s.officer(db, "校长")
    await s.do(db, c.NameResponsible(reference, side=school, officer=colleague.id), by)
    kept = [fact.detail for fact in await facts(db, reference)]
    assert [one["name"] for one in kept] == ["李老师", "校长"]
    assert kept[0]["phone"] == "13948000001"
    assert "劝返责任人" in (await s.notices(db, colleague))[-1]
    async with db.read() as uow:
        trace = [e.detail for e in await uow.audit.of(reference) if e.action == "responsible"]
    assert "13948000001" not in str(trace), "the log holds no phone"


async def test_a_clerk_names_nobody(db: Database) -> None:
    reference, _, _ = await opened(db)
    clerk = Actor.officer(await s.officer(db, "录入", Role.CLERK))
    with pytest.raises(NotAllowed):
        await s.do(db, c.NameResponsible(reference, name="李老师"), clerk)


async def test_a_visit_is_put_right_by_another_entry(any_db: Database) -> None:
    reference, by, _ = await opened(any_db)
    visit = c.LogVisit(reference, method="上门", met="邻居", result="没人", files=(PAPER,))
    await s.do(any_db, visit, by)
    wrong = (await facts(any_db, reference))[0]
    assert (wrong.detail["who"], len(wrong.detail["files"])) == ("白乌云", 1)
    right = c.LogVisit(reference, method="上门", met="奶奶", result="在家", corrects=wrong.id)
    await s.do(any_db, right, by)
    with pytest.raises(Refused, match="更正"):
        await s.do(any_db, right, by)
    assert len(await facts(any_db, reference)) == 2, "the wrong entry is still there"
    assert (await s.actions(any_db, reference))[-2:] == ["visit", "correct_visit"]
    async with any_db.read() as uow:
        photos = await uow.attachments.of_reference(reference)
    assert [photo.document for photo in photos] == ["visit"]


async def test_a_plan_has_versions(db: Database) -> None:
    reference, by, _ = await opened(db)
    plan = c.SetFamilyPlan(reference, measures="办助学金", resources=("aid", "law", "gold"))
    with pytest.raises(Refused, match="完成日期"):
        await s.do(db, plan, by)
    for days in (10, 20):
        deadline = TODAY + timedelta(days=days)
        newer = c.SetFamilyPlan(
            reference, measures=f"{days} 天", resources=plan.resources, deadline=deadline
        )
        assert (await s.do(db, newer, by)).status == "persuading"
    kept = await facts(db, reference)
    assert [fact.until for fact in kept] == [date(2026, 12, 3), date(2026, 12, 13)]
    assert kept[0].detail["resources"] == ["aid", "law"]


async def test_three_absent_days_are_told(db: Database) -> None:
    reference, by, _ = await opened(db)
    owner = (await s.record(db, reference)).assigned_to_id
    with pytest.raises(Refused, match="不能登记到校"):
        await s.do(db, c.CheckAttendance(reference), by)
    await s.do(db, c.RecordReturn(reference, on=TODAY - timedelta(days=3)), by)
    with pytest.raises(Refused, match="还没有回校"):
        await s.do(db, c.CheckAttendance(reference, on=TODAY - timedelta(days=9)), by)
    for days in (2, 1, 0):
        day = TODAY - timedelta(days=days)
        told = await s.do(db, c.CheckAttendance(reference, present=False, on=day), SYSTEM)
    assert (told.status, told.detail["absent_days"]) == ("monitoring", 3)
    async with db.read() as uow:
        row = await uow.officers.get(owner or 0)
        assert row is not None
    assert "连续 3 天" in (await s.notices(db, row))[-1]
    assert (await s.record(db, reference)).due_at == s.NOW + timedelta(hours=24)


async def test_gone_again_is_the_same_case_and_is_counted(db: Database) -> None:
    reference, by, boss = await opened(db)
    await s.do(db, c.LogVisit(reference, result="答应回校"), by)
    await s.do(db, c.RecordReturn(reference, school="三中"), by)
    assert await close(db, reference, "returned", by, boss) == "closed"
    assert (await s.do(db, c.Reopen(reference, reason="又走了"), boss)).status == "persuading"
    async with db.read() as uow:
        case = await uow.records.get(reference)
        assert isinstance(case, Case)
        standing = await standing_now(uow, case)
    assert (standing.times_gone, len(standing.visits), standing.back) == (1, 1, None)


async def test_being_let_off_needs_paper_and_day(db: Database) -> None:
    reference, by, _ = await opened(db)
    until = date(2027, 3, 1)
    with pytest.raises(Refused, match="哪一天为止"):
        await s.do(db, c.RecordReturn(reference, placement="leave", files=(PAPER,)), by)
    with pytest.raises(Refused, match="批准文件"):
        await s.do(db, c.RecordReturn(reference, placement="leave", until=until), by)
    async with db.read() as uow:
        assert await uow.attachments.of_reference(reference) == [], "refused, so nothing is kept"
    back = c.RecordReturn(reference, placement="leave", until=until, files=(PAPER,))
    assert (await s.do(db, back, by)).status == "placed"
    with pytest.raises(Refused, match="不用查到校"):
        await s.do(db, c.CheckAttendance(reference), by)


async def test_excluded_only_with_its_paper(db: Database) -> None:
    reference, by, boss = await opened(db)
    ask = c.RequestClose(reference, code="excluded", note="医院鉴定")
    with pytest.raises(Refused, match="批准文件"):
        await s.do(db, ask, by)
    await s.do(db, c.KeepPaper(reference, document="evidence", files=(PAPER,)), by)
    with pytest.raises(Refused, match="批准文件"):
        await s.do(db, ask, by)
    await s.do(db, c.KeepPaper(reference, document="approval", files=(PAPER,)), by)
    await s.do(db, ask, by)
    assert (await s.do(db, c.ApproveClose(reference), boss)).status == "excluded"


async def test_a_new_report_of_a_child_gone_again_takes_up_the_old_case(db: Database) -> None:
    old, by, boss = await opened(db)
    await s.do(db, c.RecordReturn(old, placement="职业学校"), by)
    await close(db, old, "placed", by, boss)
    later = s.NOW + timedelta(days=60)
    new = await s.file(
        db, (await s.person(db, "p2")).actor, RecordKind.DROPOUT_CASE, s.DROPOUT, now=later
    )
    with pytest.raises(Refused, match="自己重复"):
        await s.do(db, c.MarkDuplicate(new, of=new), by, later)
    with pytest.raises(Refused, match="没有找到"):
        await s.do(db, c.MarkDuplicate(new, of="D26-9999-999"), by, later)
    await s.do(db, c.MarkDuplicate(new, of=old), by, later)
    assert (await s.do(db, c.ApproveClose(new), boss, later)).status == "duplicate"
    taken_up = await s.record(db, old)
    assert (taken_up.status, taken_up.closing_code) == ("persuading", None)
    assert (await s.record(db, new)).linked_to == old


async def test_a_case_from_before_facts_were_kept_goes_on(db: Database) -> None:
    reference, by, _ = await opened(db)
    async with db.write() as uow:
        row = await uow.records.get(reference)
        assert row is not None
        row.status = "returned"
    assert (await s.do(db, c.LogVisit(reference), by)).status == "monitoring"
    assert [fact.kind for fact in await facts(db, reference)] == ["before", "visit"]


def test_every_code_has_its_words() -> None:
    wanted = {f"placement.{code}" for code in PLACEMENTS}
    wanted |= {f"closing.{code}" for code in CODES}
    wanted |= {f"side.{side}" for side in ResponsibleSide}
    wanted |= {f"resource.{name}" for name in RESOURCES}
    assert wanted <= set(sentences())
