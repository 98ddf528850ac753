"""A child that was back stays away, or is reported again: all hear of it, a person decides."""

from datetime import timedelta

from bot.cases.next_things import next_thing
from bot.rights.actor import SYSTEM, Actor
from flows import commands as c
from flows.commands import JoinRecord
from storage.db import Database
from storage.kinds import ResponsibleSide, Role
from storage.models.officer import Officer
from tests.service import support as s
from tests.service.test_dropout_life import TODAY

SOON = s.NOW + timedelta(hours=24)


async def back(db: Database) -> tuple[str, Officer, Officer]:
    """A case whose child is back; its owner and the school's officer who answers for it."""
    owner = await s.officer(db, "白乌云")
    reference = await s.dropout(db, (await s.person(db)).actor)
    teacher = await s.officer(db, "哈斯", Role.CLERK)
    by = Actor.officer(owner)
    school = c.NameResponsible(reference, name="哈斯", post="班主任", officer=teacher.id)
    await s.do(db, school, by)
    village = c.NameResponsible(reference, side=ResponsibleSide.VILLAGE, name="王强", post="书记")
    await s.do(db, village, by)
    await s.do(db, c.RecordReturn(reference, on=TODAY - timedelta(days=3)), by)
    return reference, owner, teacher


async def step(db: Database, reference: str) -> tuple[str, str]:
    async with db.read() as uow:
        record = await uow.records.get(reference)
        assert record is not None
        thing = await next_thing(uow, record, s.NOW)
        return thing.what, thing.why


async def test_three_days_away_all_hear_and_the_step_is_to_open_it_again(any_db: Database) -> None:
    reference, owner, teacher = await back(any_db)
    for days in (2, 1, 0):
        away = c.CheckAttendance(reference, present=False, on=TODAY - timedelta(days=days))
        await s.do(any_db, away, SYSTEM)
    told = (await s.notices(any_db, owner))[-1]
    assert "连续 3 天" in told and "重新打开" in told
    assert "王强 没有账号，请打电话" in told and "哈斯" not in told
    assert "连续 3 天" in (await s.notices(any_db, teacher))[-1]
    record = await s.record(any_db, reference)
    assert (record.status, record.due_at) == ("monitoring", SOON), "a person decides"
    assert record.step_at is not None and record.step_at < SOON, "the owner is reminded early"
    what, why = await step(any_db, reference)
    assert "重新打开" in what and why == "连着 3 天没到校"
    again = c.Reopen(reference, reason=why)
    assert (await s.do(any_db, again, Actor.officer(owner))).status == "persuading"


async def test_reported_again_while_on_record_as_back(any_db: Database) -> None:
    reference, owner, teacher = await back(any_db)
    neighbour = await s.person(any_db, "p2")
    join = JoinRecord(reference, "D26-1111-117", "巴特尔", "在家放羊", gone=True)
    await s.do(any_db, join, neighbour.actor)
    assert "又有人说这个孩子没上学" in (await s.notices(any_db, owner))[-1]
    assert "又有人说这个孩子没上学" in (await s.notices(any_db, teacher))[-1]
    assert (await s.record(any_db, reference)).due_at == SOON
    assert "是不是又不上学了" in (await step(any_db, reference))[0]
    await s.do(any_db, c.CheckAttendance(reference), Actor.officer(owner))
    assert (await step(any_db, reference))[0] == "看看孩子到校了没有", "it was at school"


async def test_a_second_report_of_a_child_still_out_is_news_like_any_other(db: Database) -> None:
    owner = await s.officer(db, "白乌云")
    reference = await s.dropout(db, (await s.person(db)).actor)
    neighbour = await s.person(db, "p2")
    join = JoinRecord(reference, "D26-1111-117", "巴特尔", "在家放羊", gone=True)
    await s.do(db, join, neighbour.actor)
    assert "有新情况" in (await s.notices(db, owner))[-1]
