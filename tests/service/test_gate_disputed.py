"""What a family says is wrong is not pushed about until that is answered; what has a day is."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bot.clock import at_local
from bot.outreach.reach import reach
from bot.rights.actor import Actor
from bot.workers.reminders import fire_due
from flows import commands as c
from storage.db import Database
from storage.kinds import Audience
from storage.models.outreach import Campaign
from storage.models.reminder import Reminder
from tests.service import support as s
from tests.service.lists import CHILD, compared, leader, taken

DAY = timedelta(days=1)
WRONG = "更正：孩子九岁，不是八岁"


async def _papers_due(db: Database) -> datetime:
    async with db.read() as uow:
        due = await uow.session.scalar(
            select(Reminder.due_at).filter_by(kind="documents", status="waiting")
        )
    assert due is not None
    return due


async def test_papers_are_not_asked_for_while_the_answers_are_disputed(any_db: Database) -> None:
    officer, who = await s.officer(any_db, "中旗"), await s.person(any_db)
    reference = await s.application(any_db, who.actor)
    await s.do(any_db, c.AmendRecord(reference, note=WRONG), who.actor)
    due = await _papers_due(any_db)
    [event] = await fire_due(any_db, due)
    assert not event.is_sent and event.why == "这件事正有争议"
    again = await _papers_due(any_db)
    assert again == due + 3 * DAY
    await s.do(
        any_db, c.CorrectAnswer(reference, None, "age", "9", "看了户口本"), Actor.officer(officer)
    )
    [event] = await fire_due(any_db, again)
    assert event.is_sent and "还差材料" in event.text


async def test_a_class_is_told_of_though_the_name_is_disputed(any_db: Database) -> None:
    who = await s.person(any_db)
    number = await s.session(any_db, starts_on=date(2026, 12, 5))
    reference = (await s.book(any_db, who.actor, number)).reference or ""
    await s.do(any_db, c.AmendRecord(reference, note="更正：名字写错了"), who.actor)
    events = await fire_due(any_db, at_local(date(2026, 12, 4), time(10)))
    assert [event.is_sent for event in events if event.kind == "session"] == [True]


async def test_a_campaign_leaves_out_a_child_whose_case_is_disputed(any_db: Database) -> None:
    boss, author = await leader(any_db), await s.officer(any_db, "经办")
    who = await s.person(any_db)
    child = {**CHILD, "name": "巴特尔", "id_number": "", "birth": "2012", "phone": "13900000002"}
    one = await taken(any_db, boss, child)
    case = await s.dropout(any_db, who.actor, school="高力板中心小学", age=14, phone="13900000002")
    await compared(any_db, one.list_id)
    told = c.DraftCampaign(
        one.list_id, template="school_matter", blanks={"问谁": "白老师"}, audience=Audience.ALL
    )
    campaign = (await s.do(any_db, told, Actor.officer(author))).detail["campaign"]
    await s.do(any_db, c.ApproveCampaign(campaign), Actor.officer(boss))
    await s.do(any_db, c.StartCampaign(campaign), Actor.officer(author))
    await s.do(any_db, c.AmendRecord(case, note="更正：孩子在上学"), who.actor)
    async with any_db.read() as uow:
        due = await uow.session.scalar(select(Reminder.due_at).filter_by(kind="campaign"))
        row = await uow.session.get_one(Campaign, campaign)
        assert (await reach(uow, row, s.NOW)).skipped == {"contested": 1}, "the preview says so"
    assert due is not None
    [event] = [one for one in await fire_due(any_db, due) if one.kind == "campaign"]
    assert not event.is_sent and event.why == "这件事正有争议"
