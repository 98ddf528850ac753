"""What officers do with cases: the ladder, visits, returns, four eyes."""

from datetime import date, timedelta

import pytest

from bot.errors import Conflict, NotAllowed, NotFound, Refused
from bot.rights.actor import SYSTEM, Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType, Role
from tests.service import support as s


async def test_assigning(db: Database) -> None:
    first, second = await s.officer(db, "甲"), await s.officer(db, "乙")
    reference = await s.escalation(db, (await s.person(db)).actor)
    by = Actor.officer(first)
    given = await s.do(db, c.Assign(reference, officer=second.id), by)
    assert (given.status, given.detail) == ("open", {"assigned_to": second.id})
    assert len(await s.notices(db, second)) == 2
    taken = await s.do(db, c.Assign(reference), by)
    assert (taken.status, taken.detail) == ("acknowledged", {"assigned_to": first.id})


@pytest.mark.parametrize("who", ["unknown", "inactive", "elsewhere"])
async def test_not_to_just_anybody(db: Database, who: str) -> None:
    first = await s.officer(db, "甲")
    other = await s.officer(db, "乙", region="152221" if who == "elsewhere" else s.BANNER)
    if who == "inactive":
        async with db.write() as uow:
            row = await uow.officers.get(other.id)
            assert row is not None
            row.active = False
    reference = await s.dropout(db, (await s.person(db)).actor)
    wanted = 999 if who == "unknown" else other.id
    with pytest.raises(Refused):
        await s.do(db, c.Assign(reference, officer=wanted), Actor.officer(first))


async def test_visits_and_the_return(db: Database) -> None:
    officer = await s.officer(db, "甲")
    by = Actor.officer(officer)
    reference = await s.dropout(db, (await s.person(db)).actor)
    visit = c.LogVisit(reference, method="家访", met="母亲", result="答应下周回校")
    assert (await s.do(db, visit, by)).status == "persuading"
    due = (await s.record(db, reference)).due_at
    later = s.NOW + timedelta(days=2)
    await s.do(db, visit, by, later)
    assert (await s.record(db, reference)).due_at == due, "a second visit is no new clock"
    back = await s.do(db, c.RecordReturn(reference, placement="复学", school="三中"), by, later)
    assert back.status == "returned"
    assert (await s.do(db, visit, by, later)).status == "monitoring"
    placed = await s.do(db, c.RecordReturn(reference, placement="职业学校"), by, later)
    assert placed.status == "placed"
    async with db.read() as uow:
        visits = [e for e in await uow.audit.of(reference) if e.action == "visit"]
    assert [(e.detail or {})["on"] for e in visits] == ["2026-11-23", "2026-11-25", "2026-11-25"]
    assert (visits[0].detail or {})["result"] == "答应下周回校"


@pytest.mark.parametrize("command", [c.LogVisit, c.RecordReturn])
async def test_nothing_happened_tomorrow(
    db: Database, command: type[c.LogVisit] | type[c.RecordReturn]
) -> None:
    officer = await s.officer(db, "甲")
    reference = await s.dropout(db, (await s.person(db)).actor)
    with pytest.raises(Refused, match="今天"):
        await s.do(db, command(reference, on=date(2026, 11, 24)), Actor.officer(officer))


async def test_closing_needs_two(any_db: Database) -> None:
    asker = await s.officer(any_db, "主管甲", Role.SUPERVISOR)
    other = await s.officer(any_db, "主管乙", Role.SUPERVISOR)
    clerk = await s.officer(any_db, "经办")
    reference = await s.dropout(any_db, (await s.person(any_db)).actor)
    with pytest.raises(Refused, match="还没有人申请"):
        await s.do(any_db, c.ApproveClose(reference), Actor.officer(other))
    asked = c.RequestClose(reference, code="placed")
    assert (await s.do(any_db, asked, Actor.officer(asker))).status == "reported"
    with pytest.raises(Refused, match="已经有人申请"):
        await s.do(any_db, asked, Actor.officer(clerk))
    with pytest.raises(Refused, match="不能自己审核"):
        await s.do(any_db, c.ApproveClose(reference), Actor.officer(asker))
    with pytest.raises(NotAllowed):
        await s.do(any_db, c.ApproveClose(reference), Actor.officer(clerk))
    assert (await s.do(any_db, c.ApproveClose(reference), Actor.officer(other))).status == "closed"
    record = await s.record(any_db, reference)
    assert (record.closed_at, record.due_at, record.closing_code) == (s.NOW, None, "placed")
    assert "安置" in (await s.notices(any_db, other))[-1]


@pytest.mark.parametrize(
    ("code", "note", "expected"),
    [
        ("duplicate", "", "duplicate"),
        ("自己写的", "", "closed"),
    ],
)
async def test_what_it_is_closed_as(db: Database, code: str, note: str, expected: str) -> None:
    boss = await s.officer(db, "主管", Role.SUPERVISOR)
    asker = await s.officer(db, "经办")
    reference = await s.dropout(db, (await s.person(db)).actor)
    await s.do(db, c.RequestClose(reference, code=code, note=note), Actor.officer(asker))
    assert (await s.do(db, c.ApproveClose(reference), Actor.officer(boss))).status == expected


@pytest.mark.parametrize(("code", "words"), [("", "办结原因"), ("excluded", "写明原因")])
async def test_closing_wants_its_reason(db: Database, code: str, words: str) -> None:
    asker = await s.officer(db, "经办")
    reference = await s.dropout(db, (await s.person(db)).actor)
    with pytest.raises(Refused, match=words):
        await s.do(db, c.RequestClose(reference, code=code), Actor.officer(asker))


async def test_a_request_can_be_declined_and_a_case_opened_again(db: Database) -> None:
    boss = await s.officer(db, "主管", Role.SUPERVISOR)
    asker = await s.officer(db, "经办")
    reference = await s.dropout(db, (await s.person(db)).actor)
    with pytest.raises(Refused):
        await s.do(db, c.Reopen(reference), Actor.officer(boss))
    for again in (False, True):
        await s.do(db, c.RequestClose(reference, code="returned"), Actor.officer(asker))
        if again:
            await s.do(db, c.ApproveClose(reference), Actor.officer(boss))
        outcome = await s.do(db, c.Reopen(reference, reason="又不来了"), Actor.officer(boss))
        assert outcome.status == ("persuading" if again else "reported")
        record = await s.record(db, reference)
        assert (record.close_requested_by_id, record.closed_at) == (None, None)


async def test_who_asked_to_close_hears_why_it_stays_open(any_db: Database) -> None:
    boss = await s.officer(any_db, "主管", Role.SUPERVISOR)
    asker = await s.officer(any_db, "经办")
    reference = await s.dropout(any_db, (await s.person(any_db)).actor)
    no = c.DeclineClose(reference, reason="还没有查到校情况")
    with pytest.raises(Refused, match="还没有人申请"):
        await s.do(any_db, no, Actor.officer(boss))
    await s.do(any_db, c.RequestClose(reference, code="returned"), Actor.officer(asker))
    with pytest.raises(Refused, match="原因"):
        await s.do(any_db, c.DeclineClose(reference), Actor.officer(boss))
    assert (await s.do(any_db, no, Actor.officer(boss))).status == "reported"
    record = await s.record(any_db, reference)
    assert (record.close_requested_by_id, record.closing_code) == (None, None)
    assert "还没有查到校情况" in (await s.notices(any_db, asker))[-1]
    assert (await s.actions(any_db, reference))[-1] == "decline_close"
    await s.do(any_db, c.RequestClose(reference, code="returned"), Actor.officer(asker))


async def test_an_escalation_that_was_not_resolved_goes_on(db: Database) -> None:
    boss = await s.officer(db, "主管", Role.SUPERVISOR)
    asker = await s.officer(db, "经办")
    reference = await s.escalation(db, (await s.person(db)).actor, EscalationType.COMPLAINT)
    await s.do(db, c.RequestClose(reference, code="resolved"), Actor.officer(asker))
    no = c.DeclineClose(reference, reason="钱还没到")
    assert (await s.do(db, no, Actor.officer(boss))).status == "acknowledged"
    record = await s.record(db, reference)
    assert record.due_at is not None and record.closed_at is None


async def test_an_escalation_is_resolved_then_closed_and_the_person_hears(db: Database) -> None:
    boss = await s.officer(db, "主管", Role.SUPERVISOR)
    asker = await s.officer(db, "经办")
    who = await s.person(db)
    reference = await s.escalation(db, who.actor, EscalationType.COMPLAINT)
    asked = c.RequestClose(reference, code="resolved")
    assert (await s.do(db, asked, Actor.officer(asker))).status == "resolved"
    assert (await s.do(db, c.ApproveClose(reference), Actor.officer(boss))).status == "closed"
    assert "办完了" in (await s.said(db, who.conversation_id))[-1]
    reopened = await s.do(db, c.Reopen(reference), Actor.officer(boss))
    assert reopened.status == "open"


async def test_up_the_ladder_to_its_end(any_db: Database) -> None:
    await s.officer(any_db, "嘎查", region=s.VILLAGE)
    banner = await s.officer(any_db, "旗")
    top = await s.officer(any_db, "区", Role.ADMIN, region="150000")
    reference = await s.dropout(any_db, (await s.person(any_db)).actor, s.VILLAGE)
    by = SYSTEM
    first = await s.do(any_db, c.Escalate(reference, reason="没人管"), by)
    assert first.detail == {"level": 2, "assigned_to": banner.id}
    second = await s.do(any_db, c.Escalate(reference), by)
    assert second.detail == {"level": 4, "assigned_to": top.id}
    with pytest.raises(Refused, match="最高一级"):
        await s.do(any_db, c.Escalate(reference), by)
    assert "没人管" in (await s.notices(any_db, banner))[0]


async def test_versions(db: Database) -> None:
    officer = await s.officer(db, "甲")
    by = Actor.officer(officer)
    reference = await s.dropout(db, (await s.person(db)).actor)
    version = (await s.record(db, reference)).version
    await s.do(db, c.AddNote(reference, version, text="打过电话"), by)
    with pytest.raises(Conflict):
        await s.do(db, c.AddNote(reference, version, text="我也打了"), by)
    await s.do(db, c.AddNote(reference, None, text="不管版本"), by)
    with pytest.raises(Refused, match="写内容"):
        await s.do(db, c.AddNote(reference, text=" "), by)


async def test_region_role_and_kind_of_actor(db: Database) -> None:
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    stranger = await s.officer(db, "外旗", region="152221")
    clerk = await s.officer(db, "登记员", Role.CLERK)
    with pytest.raises(NotFound):
        await s.do(db, c.AddNote(reference, text="x"), Actor.officer(stranger))
    with pytest.raises(NotAllowed):
        await s.do(db, c.Escalate(reference), Actor.officer(clerk))
    with pytest.raises(NotAllowed):
        await s.do(db, c.AddNote(reference, text="x"), who.actor)
    with pytest.raises(NotFound):
        await s.do(db, c.AddNote("D26-9999-999", text="x"), Actor.officer(clerk))
