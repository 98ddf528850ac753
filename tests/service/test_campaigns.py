"""The life of a campaign: who gets which words, the second person, the truth check, the stop."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import Conflict, NotAllowed, NotFound, Refused
from bot.outreach.reach import Reach, reach
from bot.outreach.truth import campaign_truth
from bot.rights.actor import Actor
from bot.workers.events import Event
from bot.workers.reminders import fire_due
from flows import commands as c
from storage.db import Database
from storage.kinds import Audience, ListKind, Role, VisitState
from storage.models.officer import Officer
from storage.models.outreach import Campaign
from storage.models.reminder import Reminder
from tests.service import support as s
from tests.service.lists import CHILD, compared, leader, taken

BLANKS = {"问谁": "白老师"}
HOUR = timedelta(hours=1)
NOON = s.NOW + 2 * HOUR
"""By then all three are due: the morning ends at half past eleven."""


@dataclass
class Village:
    """A list of five children of four families, three of which can be written to."""

    db: Database
    author: Officer
    boss: Officer
    list_id: int
    people: dict[str, s.Somebody]

    async def draft(self, **more: Any) -> int:
        """A campaign's draft by the author."""
        return await draft(self.db, self.author, self.list_id, **more)

    async def running(self) -> int:
        """A campaign that was approved and started."""
        id = await self.draft()
        await s.do(self.db, c.ApproveCampaign(id), Actor.officer(self.boss))
        await s.do(self.db, c.StartCampaign(id), Actor.officer(self.author))
        return id

    async def heard(self, name: str) -> list[str]:
        """What a family was told."""
        return await s.said(self.db, self.people[name].conversation_id)


async def the_morning(db: Database) -> list[Event]:
    """Every minute of the morning at which something is due."""
    async with db.read() as uow:
        due = await uow.session.scalars(select(Reminder.due_at).where(Reminder.due_at <= NOON))
        moments = sorted({*due, NOON})
    return [event for at in moments for event in await fire_due(db, at)]


async def draft(db: Database, by: Officer, list_id: int, **more: Any) -> int:
    told = {"template": "school_matter", "blanks": BLANKS, **more}
    outcome = await s.do(db, c.DraftCampaign(list_id, **told), Actor.officer(by))
    id: int = outcome.detail["campaign"]
    return id


async def reached(db: Database, id: int) -> Reach:
    async with db.read() as uow:
        campaign = await uow.campaigns.get(id)
        assert campaign is not None
        return await reach(uow, campaign, s.NOW)


async def stored(db: Database, id: int) -> Campaign:
    async with db.read() as uow:
        found = await uow.campaigns.get(id)
        assert found is not None
        return found


PHONES = {"乌云": "13900000001", "白音": "13900000002", "斯琴": "13900000003"}


@pytest.fixture
async def village(any_db: Database) -> Village:
    people = {}
    for name, phone in PHONES.items():
        who = people[name] = await s.person(any_db, name)
        async with any_db.write() as uow:
            person = await uow.people.get(who.person_id)
            assert person is not None
            uow.people.set_phone(person, phone)
    boss = await leader(any_db)
    child = {**CHILD, "id_number": "", "birth": "2016"}
    one = await taken(
        any_db,
        boss,
        {**child, "name": "娜仁", "phone": PHONES["乌云"]},
        {**child, "name": "其其格", "phone": PHONES["乌云"]},
        {**child, "name": "巴特尔", "phone": PHONES["白音"]},
        {**child, "name": "阿古拉", "phone": PHONES["斯琴"]},
        {**child, "name": "哈斯", "phone": "13911111111"},
        {**child, "name": "牧仁", "phone": ""},
    )
    await compared(any_db, one.list_id)
    author = await s.officer(any_db, "经办")
    return Village(any_db, author, boss, one.list_id, people)


async def test_exactly_who_gets_which_words_and_why_others_get_none(village: Village) -> None:
    found = await reached(village.db, await village.draft())
    assert {one.person_id for one in found.recipients} == {
        who.person_id for who in village.people.values()
    }
    (first,) = [one for one in found.recipients if len(one.rows) == 2]
    assert first.person_id == village.people["乌云"].person_id, "one message for two children"
    assert first.text.startswith("您好，我是科尔沁右翼中旗教育服务的智能助手育路，不是真人。")
    assert "也可以问白老师" in first.text
    assert first.shown.startswith(first.text) and first.shown.endswith("请说“退订”。）")
    assert found.skipped == {"unknown": 1, "no_phone": 1}


async def test_the_words_say_nothing_of_the_list_and_are_checked(village: Village) -> None:
    refused: tuple[tuple[dict[str, Any], str], ...] = (
        ({"blanks": {}}, "请填“问谁”"),
        ({"blanks": {"问谁": "低保办"}}, "低保"),
        ({"blanks": {"问谁": "白老师，领800元"}}, "钱数"),
        ({"blanks": {"问谁": "x" * 30}}, "太长"),
        ({"blanks": {"问谁": "{place}"}}, "花括号"),
        ({"template": "nothing"}, "样板"),
        ({"template": "at_school"}, "不是给这些人的"),
    )
    for more, why in refused:
        with pytest.raises(Refused, match=why):
            await village.draft(**more)
    assert await village.draft(template="at_school", audience=Audience.NOT_ENROLLED)


async def test_who_unsubscribed_is_gone_or_needs_nothing_is_left_out(village: Village) -> None:
    await s.do(village.db, c.SwitchReminders(False), village.people["乌云"].actor)
    async with village.db.write() as uow:
        talk = await uow.conversations.get(village.people["白音"].conversation_id)
        assert talk is not None
        talk.gone_at = s.NOW
        rows = await uow.outreach.of_phones(village.list_id, [uow.keyring.blind(PHONES["斯琴"])])
    note = c.NoteOutreach(rows[0].id, VisitState.NOT_NEEDED, "不用")
    await s.do(village.db, note, Actor.officer(village.author))
    id = await village.draft()
    found = await reached(village.db, id)
    assert found.recipients == ()
    assert found.skipped == {
        "unsubscribed": 2, "gone": 1, "not_needed": 1, "unknown": 1, "no_phone": 1,
    }  # fmt: skip
    await s.do(village.db, c.ApproveCampaign(id), Actor.officer(village.boss))
    with pytest.raises(Refused, match="没有能发到的人"):
        await s.do(village.db, c.StartCampaign(id), Actor.officer(village.author))


async def test_only_a_second_person_approves_and_only_what_is_approved_starts(
    village: Village,
) -> None:
    own = await draft(village.db, village.boss, village.list_id)
    for by, error in ((village.boss, Refused), (village.author, NotAllowed)):
        with pytest.raises(error):
            await s.do(village.db, c.ApproveCampaign(own), Actor.officer(by))
    with pytest.raises(Refused):
        await s.do(village.db, c.StartCampaign(own), Actor.officer(village.author))
    other = await leader(village.db, "另一位主管")
    with pytest.raises(Conflict):
        await s.do(village.db, c.ApproveCampaign(own, 7), Actor.officer(other))
    await s.do(village.db, c.ApproveCampaign(own, 1), Actor.officer(other))
    with pytest.raises(Refused):
        await s.do(village.db, c.ApproveCampaign(own), Actor.officer(other))
    assert (await stored(village.db, own)).approved_by_id == other.id


async def test_each_family_hears_it_once_and_the_page_knows(village: Village) -> None:
    found = await reached(village.db, await village.draft())
    id = await village.running()
    with pytest.raises(Refused):
        await s.do(village.db, c.StartCampaign(id), Actor.officer(village.author))
    assert await fire_due(village.db, s.NOW) == []
    await the_morning(village.db)
    await fire_due(village.db, NOON + HOUR)
    shown = {one.person_id: one.shown for one in found.recipients}
    for name, who in village.people.items():
        assert await village.heard(name) == [shown[who.person_id]]
    async with village.db.write() as uow:
        assert await uow.campaigns.by_status(id) == {"fired": 3}
        assert await uow.campaigns.sent(id) == {"queued": 3}
        for message in await uow.outbox.claim_due(NOON, HOUR):
            await uow.outbox.mark_sent(message.id, None, NOON)
        assert await uow.campaigns.sent(id) == {"sent": 3}
        assert await uow.campaigns.answered(id) == 0
        talk = village.people["白音"].conversation_id
        later = NOON + HOUR
        await uow.inbox.accept(talk, "web", "x1", {"text": "你好"}, later, later, later)
        assert await uow.campaigns.answered(id) == 1


async def test_who_has_applied_meanwhile_is_left_in_peace(village: Village) -> None:
    id = await village.running()
    slots = {"phone": PHONES["白音"], "child_name": "巴特尔", "age": 10}
    await s.application(village.db, village.people["白音"].actor, **slots, id_number=None)
    both = {"phone": PHONES["乌云"], "age": 10, "id_number": None}
    await s.application(village.db, village.people["乌云"].actor, **both, child_name="娜仁")
    events = await the_morning(village.db)
    assert sorted(event.why for event in events) == ["名单上的家庭"] * 2 + ["家里已经申请了"]
    assert not any("学校有一件事" in text for text in await village.heard("白音"))
    assert any("学校有一件事" in text for text in await village.heard("乌云")), "one child is left"
    async with village.db.read() as uow:
        assert await uow.campaigns.dropped_why(id) == {"家里已经申请了": 1}
        assert await uow.campaigns.applied_since(id, s.NOW) == 1


async def test_the_stop_takes_effect_at_once(village: Village) -> None:
    id = await village.running()
    async with village.db.write() as uow:  # one message has gone, one is queued, one waits
        rows = await uow.reminders.of_person(village.people["斯琴"].person_id)
        rows[0].due_at = s.NOW + 5 * HOUR
    await the_morning(village.db)
    async with village.db.write() as uow:
        (message,) = await uow.outbox.claim_due(NOON, HOUR, limit=1)
        await uow.outbox.mark_sent(message.id, None, NOON)
    with pytest.raises(Refused):
        await s.do(village.db, c.StopCampaign(id), Actor.officer(village.author))
    stop = c.StopCampaign(id, reason="话没写好")
    outcome = await s.do(village.db, stop, Actor.officer(village.author))
    assert outcome.detail["cancelled"] == 2
    assert await fire_due(village.db, NOON + 2 * HOUR) == []
    async with village.db.write() as uow:
        assert await uow.outbox.claim_due(NOON + 2 * HOUR, HOUR) == []
        assert await uow.campaigns.by_status(id) == {"fired": 1, "cancelled": 2}
    with pytest.raises(Refused):
        await s.do(village.db, stop, Actor.officer(village.author))


async def test_what_a_worker_holds_when_it_is_stopped_is_not_told(village: Village) -> None:
    id = await village.running()
    async with village.db.write() as uow:
        campaign = await uow.campaigns.get(id)
        assert campaign is not None
        campaign.status = "stopped"
    assert {event.why for event in await the_morning(village.db)} == {"这次群发已经停了"}
    assert await village.heard("白音") == []


async def test_who_stops_waits_for_what_a_worker_is_about_to_hand_over(village: Village) -> None:
    id = await village.running()
    by = Actor.officer(village.author)
    async with village.db.write() as uow:
        (row,) = await uow.reminders.of_person(village.people["白音"].person_id)
        assert await campaign_truth(uow, row, NOON) is None
        stopping = asyncio.create_task(
            s.do(village.db, c.StopCampaign(id, reason="话没写好"), by, NOON)
        )
        await asyncio.sleep(0.3)
        assert not stopping.done()
        message = await uow.outbox.add(row.conversation_id, row.text, [], {}, NOON)
        uow.reminders.tell(row, message.id if message else None, NOON)
    assert (await stopping).detail["cancelled"] == 3
    async with village.db.write() as uow:
        assert await uow.outbox.claim_due(NOON + HOUR, HOUR) == []
        assert await uow.campaigns.by_status(id) == {"cancelled": 3}


async def test_the_trial_goes_to_the_officers_own_chat_or_to_the_screen(village: Village) -> None:
    id = await village.draft()
    by = Actor.officer(village.author)
    outcome = await s.do(village.db, c.TryCampaign(id), by)
    assert outcome.detail["sent"] is False and "学校有一件事" in outcome.detail["text"]
    chat = await s.person(village.db, "officer")
    async with village.db.write() as uow:
        officer = await uow.officers.get(village.author.id)
        assert officer is not None
        officer.conversation_id = chat.conversation_id
    assert (await s.do(village.db, c.TryCampaign(id), by)).detail["sent"] is True
    (told,) = await s.said(village.db, chat.conversation_id)
    assert told.startswith("【试发，只有您收到】您好")
    for name in PHONES:
        assert await village.heard(name) == []


async def test_dropping_a_list_ends_its_campaigns(village: Village) -> None:
    await village.running()
    drop = c.DropList(village.list_id, "传错了")
    with pytest.raises(NotAllowed):
        await s.do(village.db, drop, Actor.officer(village.author))
    await s.do(village.db, drop, Actor.officer(village.boss))
    assert await fire_due(village.db, NOON) == []
    async with village.db.read() as uow:
        assert await uow.outreach.lists() == []


async def test_a_town_sees_and_writes_to_its_own_part_only(village: Village) -> None:
    town = await s.officer(village.db, "镇里", region="152222101")
    elsewhere = await s.officer(village.db, "外镇", region=s.TOWN)
    neighbour = await s.officer(village.db, "外旗", region="152221")
    own = await draft(village.db, town, village.list_id)
    assert len((await reached(village.db, own)).recipients) == 3
    none = await draft(village.db, elsewhere, village.list_id)
    assert (await reached(village.db, none)).recipients == ()
    for by in (elsewhere, neighbour):
        with pytest.raises(NotFound):
            await s.do(village.db, c.StopCampaign(own, reason="x"), Actor.officer(by))
    with pytest.raises(NotFound):
        await draft(village.db, neighbour, village.list_id)
    clerk = await s.officer(village.db, "录入", Role.CLERK)
    with pytest.raises(NotAllowed):
        await draft(village.db, clerk, village.list_id)


async def test_a_roll_is_for_comparing_not_for_writing(village: Village) -> None:
    roll = await taken(village.db, village.boss, CHILD, kind=ListKind.ENROLMENT, title="花名册")
    with pytest.raises(Refused):
        await draft(village.db, village.author, roll.list_id)


async def test_every_step_is_in_the_log(village: Village) -> None:
    id = await village.running()
    await s.do(village.db, c.TryCampaign(id), Actor.officer(village.author))
    await s.do(village.db, c.StopCampaign(id, reason="够了"), Actor.officer(village.boss))
    async with village.db.read() as uow:
        entries, _ = await uow.audit.page(limit=50)
    told = [entry.action for entry in entries if entry.action.endswith("_campaign")]
    steps = ["stop", "try", "start", "approve", "draft"]
    assert told == [f"{step}_campaign" for step in steps]
    assert all(entry.region_code == s.BANNER for entry in entries if "campaign" in entry.action)
