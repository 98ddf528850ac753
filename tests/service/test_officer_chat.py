"""An officer works by short lines in the chat: same commands, same rights, the same refusals."""

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import Inbound
from bot.rights.actor import SYSTEM, Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import RecordKind, Role
from storage.models.case import Case
from storage.models.message import OutboxMessage
from storage.models.officer import Officer
from tests.conversation import Player
from tests.engine import engine
from tests.service import support as s

CHAT = "o1"


class Desk:
    """An officer in a chat of the real service, and a family that filed something."""

    def __init__(self, db: Database, officer: Officer) -> None:
        self.db, self.officer = db, officer
        self.player = Player(db, engine())
        self.player.clock.at = s.NOW

    async def say(self, text: str = "", press: str | None = None, **more: object) -> str:
        """What the officer is answered."""
        return "\n".join(row.text for row in await self.rows(text, press, **more))

    async def rows(
        self, text: str = "", press: str | None = None, **more: object
    ) -> list[OutboxMessage]:
        """The messages the officer is answered with."""
        return await self.player.say({"user": text, "press": press, **more}, CHAT)

    async def told(self) -> OutboxMessage:
        """The last message to the officer."""
        assert self.officer.conversation_id is not None
        async with self.db.read() as uow:
            now = self.player.clock.at + timedelta(days=9)
            return (await uow.outbox.latest(self.officer.conversation_id, now, 1))[0]


async def desk(db: Database, role: Role = Role.OFFICER, region: str = s.BANNER) -> Desk:
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("rest", CHAT, s.NOW)
    officer = await s.officer(db, "王丽", role, region, conversation_id=talk.id)
    return Desk(db, officer)


async def state(db: Database, at: Desk) -> dict[str, Any]:
    """What the bot remembers of the officer's own talk."""
    async with db.read() as uow:
        talk = await uow.conversations.get(at.officer.conversation_id or 0)
        assert talk is not None
        return dict(talk.state)


async def test_taking_and_looking(any_db: Database) -> None:
    at = await desk(any_db)
    reference = await s.dropout(any_db, (await s.person(any_db)).actor)
    await s.officer(any_db, "李强")
    assert f"{reference} 您接下了" in await at.say(f"接单 {reference}")
    assert (await s.record(any_db, reference)).assigned_to_id == at.officer.id
    shown = await at.say(f"看{reference.lower().replace('-', '')}")
    assert reference in shown and "巴**" in shown and "巴特尔" not in shown
    assert "经办人：王丽" in shown
    async with any_db.read() as uow:
        entries = await uow.audit.of(reference)
    mine = [e.action for e in entries if (e.actor_kind, e.actor_id) == ("officer", at.officer.id)]
    assert mine == ["assign", "read"]


async def test_talking_to_a_family_and_handing_back(any_db: Database) -> None:
    at = await desk(any_db)
    who = await s.person(any_db)
    reference = await s.dropout(any_db, who.actor)
    assert f"{reference} 已经发给对方" in await at.say(f"回复 {reference} 您好，明天来看看，好吗？")
    assert (await s.said(any_db, who.conversation_id))[
        -1
    ] == "【工作人员 王】您好，明天来看看，好吗？"
    assert "已经交还" in await at.say("交还")
    assert "本来就是" in await at.say(f"交还 {reference}")


async def test_visits_and_notes_and_closing(db: Database) -> None:
    at = await desk(db)
    reference = await s.dropout(db, (await s.person(db)).actor)
    lead = await s.officer(db, "李强", Role.SUPERVISOR)
    said = await at.say(f"家访记录 {reference} 上门 奶奶 答应 下周一回学校")
    assert said == f"{reference} 记下了：上门，见到奶奶。结果：答应 下周一回学校。"
    assert "备注记下了" in await at.say(f"备注 {reference} 家里电话打不通")
    assert "等另一位主管审核。原因：已复学" in await at.say(f"申请销号 {reference} 孩子已经复学了")
    assert (await s.record(db, reference)).close_requested_by_id == at.officer.id
    assert any("请您审核办结" in text for text in await s.notices(db, lead))
    assert {"visit", "note", "request_close"} <= set(await s.actions(db, reference))


async def test_photos_with_a_visit_are_kept_with_it(db: Database) -> None:
    at = await desk(db)
    reference = await s.dropout(db, (await s.person(db)).actor)
    assert "照片没有存进" not in await at.say(f"家访记录 {reference} 上门 奶奶 在家", photos=2)
    case = await s.record(db, reference)
    assert isinstance(case, Case)
    async with db.read() as uow:
        kept = await uow.attachments.of_reference(reference)
        (visit,) = [fact for fact in await uow.case_facts.of(case) if fact.kind == "visit"]
    assert [photo.document for photo in kept] == ["visit", "visit"]
    assert visit.detail["files"] == [photo.id for photo in kept]
    assert "照片没有存进这条记录" in await at.say(f"备注 {reference} 看照片", photos=1)
    async with db.read() as uow:
        assert len(await uow.attachments.of_reference(reference)) == 2


async def test_giving_a_record_to_a_colleague(db: Database) -> None:
    at = await desk(db)
    near, far = await s.officer(db, "李强"), await s.officer(db, "远方", region="152221")
    reference = await s.dropout(db, (await s.person(db)).actor)
    assert "没有这位工作人员" in await at.say(f"转派 {reference} 没有的人")
    assert "已经派给李强" in await at.say(f"转派 {reference} 李强")
    assert (await s.record(db, reference)).assigned_to_id == near.id
    assert "不管这个地区" in await at.say(f"转派 {reference} 远方")
    assert "等远方接下" in await at.say(f"转派 {reference} 远方 孩子搬到那边了")
    assert (await s.record(db, reference)).offer_to_id == far.id


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("接单 {}", "您的权限不能做这件事。"),
        ("转派 {} 李强", "您的权限不能做这件事。"),
        ("申请销号 {} 已复学", "您的权限不能做这件事。"),
        ("备注 {} 打过电话", "备注记下了"),
        ("回复 {} 您好", "已经发给对方"),
        ("家访记录 {} 电话 爸爸 说再想想", "记下了"),
        ("看 {}", "失学登记"),
    ],
)
async def test_a_clerk_may_what_a_clerk_may_at_the_desk(
    db: Database, line: str, answer: str
) -> None:
    at = await desk(db, Role.CLERK)
    await s.officer(db, "李强")
    reference = await s.dropout(db, (await s.person(db)).actor)
    said = await at.say(line.format(reference))
    assert reference in said and answer in said


@pytest.mark.parametrize("line", ["接单 {}", "看 {}", "回复 {} 您好", "备注 {} 某", "转派 {} 李强"])
async def test_a_record_of_another_place_is_not_there(db: Database, line: str) -> None:
    at = await desk(db, Role.SUPERVISOR, "152221")
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    before = await s.actions(db, reference)
    assert await at.say(line.format(reference)) == f"{reference}：没有找到这条记录。"
    assert await s.actions(db, reference) == before
    assert await s.said(db, who.conversation_id) == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("接单", "请写上编号，比如：接单 D26-4830-215"),
        ("回复 您好", "请写上编号"),
        ("接单 D26-1234-567", "编号好像不对"),
        ("接单 马上", "编号好像不对"),
        ("回复 {}", "前面加“回复”两个字"),
        ("转派 {}", "转派 {} 王老师"),
        ("家访记录 {}", "家访记录 {} 上门 奶奶"),
        ("家访记录 {} 骑马 奶奶 好", "先写怎么去的：上门、电话"),
        ("家访记录 {} 上门 奶奶", "还少一点内容"),
        ("申请销号 {} 不想管了", "没看懂为什么销号。可以写：已复学"),
    ],
)
async def test_a_wrong_line_is_told_kindly_with_an_example(
    db: Database, line: str, answer: str
) -> None:
    reference = await s.dropout(db, (await s.person(db)).actor)
    at = await desk(db)
    before = await s.actions(db, reference)
    assert answer.format(reference) in await at.say(line.format(reference))
    assert await s.actions(db, reference) == before


async def test_the_rules_refuse_in_the_same_words(db: Database) -> None:
    at = await desk(db)
    reference = await s.dropout(db, (await s.person(db)).actor)
    said = await at.say(f"申请销号 {reference} 失联")
    assert said == f"{reference}：还没有一次劝返记录，不能按失联办结。请先找一找孩子。"
    assert (await s.record(db, reference)).close_requested_by_id is None


async def test_a_second_officer_closes_what_the_first_asked_to_close(db: Database) -> None:
    at = await desk(db, Role.SUPERVISOR)
    reference = await s.dropout(db, (await s.person(db)).actor)
    first = await s.officer(db, "李强")
    await s.do(db, c.RequestClose(reference, code="returned"), Actor.officer(first))
    assert "已经销号" in await at.say("同意销号")
    assert (await s.record(db, reference)).status == "closed"


async def test_a_second_officer_declines_what_the_first_asked_to_close(db: Database) -> None:
    at = await desk(db, Role.SUPERVISOR)
    reference = await s.dropout(db, (await s.person(db)).actor)
    first = await s.officer(db, "李强")
    await s.do(db, c.RequestClose(reference, code="returned"), Actor.officer(first))
    assert "不同意销号" in await at.say("不同意销号")  # how it is written, with a reason
    assert "接着办" in await at.say(f"不同意销号 {reference} 还没有查到校")
    assert (await s.record(db, reference)).close_requested_by_id is None
    assert "还没有查到校" in (await s.notices(db, first))[-1]


async def test_the_one_who_asked_does_not_close(db: Database) -> None:
    at = await desk(db, Role.SUPERVISOR)
    reference = await s.dropout(db, (await s.person(db)).actor)
    await at.say(f"申请销号 {reference} 已复学")
    assert "不能自己审核" in await at.say(f"同意销号 {reference}")


async def test_an_offer_is_taken_or_given_back(db: Database) -> None:
    at = await desk(db, region="152221")
    sender = await s.officer(db, "李强")
    first, second = [
        await s.dropout(db, (await s.person(db, name)).actor, child_name=name)
        for name in ("巴图", "其木格")
    ]
    for reference in (first, second):
        offer = c.TransferRecord(reference, officer=at.officer.id, reason="搬过去了")
        await s.do(db, offer, Actor.officer(sender))
    assert "您接下了" in await at.say(f"接单 {first}")
    assert "已经退回去" in await at.say(f"不接 {second} 不在我们这里")
    assert (await s.record(db, first)).assigned_to_id == at.officer.id
    assert (await s.record(db, second)).assigned_to_id == sender.id


async def test_buttons_under_a_notice(any_db: Database) -> None:
    at = await desk(any_db)
    who = await s.person(any_db)
    reference = await s.dropout(any_db, who.actor)
    notice = await at.told()
    assert [button["title"] for button in notice.buttons] == ["接单", "看", "回复"]
    assert all(len(button["payload"].encode()) <= 60 for button in notice.buttons)
    take, look, reply = [button["payload"] for button in notice.buttons]
    assert f"{reference} 您接下了" in await at.say(press=take)
    assert "现在：已登记" in await at.say(press=look)
    assert "前面加“回复”两个字" in await at.say(press=reply)
    assert "已经发给对方" in await at.say("回复 您好")
    assert (await s.said(any_db, who.conversation_id))[-1] == "【工作人员 王】您好"


async def test_buttons_are_only_those_that_may_be_pressed(db: Database) -> None:
    at = await desk(db, Role.CLERK)
    await s.dropout(db, SYSTEM)
    assert [button["title"] for button in (await at.told()).buttons] == ["看"]


async def test_a_number_presses_the_button_under_the_last_message(db: Database) -> None:
    at = await desk(db)
    reference = await s.dropout(db, (await s.person(db)).actor)
    assert "失学登记" in await at.say("2")
    assert f"{reference} 您接下了" in await at.say("1")
    assert reference not in await at.say("1"), "no buttons there any more"


async def test_the_number_is_left_out_after_a_notice(db: Database) -> None:
    at = await desk(db)
    first = await s.dropout(db, (await s.person(db)).actor)
    assert f"{first} 备注记下了" in await at.say("备注 打过电话")
    await at.say("你好")
    assert f"{first} 备注记下了" in await at.say("备注 又打过电话")
    later = at.player.clock.at + timedelta(days=4)
    at.player.clock.at = later
    assert "请写上编号" in await at.say("备注 打过电话")


async def test_of_two_notices_at_once_none_is_guessed(db: Database) -> None:
    at = await desk(db)
    who = await s.person(db)
    first = await s.dropout(db, who.actor, child_name="巴图")
    await s.dropout(db, who.actor, child_name="其木格")
    assert "怕弄错" in await at.say("回复 您好")
    assert await s.said(db, who.conversation_id) == []
    await at.say(f"看 {first}")
    assert f"{first} 已经发给对方" in await at.say("回复 您好")


async def test_own_work_names_no_child_and_begins_with_what_is_late(db: Database) -> None:
    at = await desk(db)
    assert await at.say("我的") == "您手上没有要办的事。"
    who = await s.person(db)
    late = await s.dropout(db, who.actor)
    at.player.clock.at += timedelta(days=20)
    new = await s.file(
        db, who.actor, RecordKind.AID_APPLICATION, s.APPLICATION, now=at.player.clock.at
    )
    said = await at.say("我的")
    assert said.index(late) < said.index(new)
    assert "超期了" in said.splitlines()[1] and "2 件" in said
    assert "巴特尔" not in said and "苏日娜" not in said


@pytest.mark.parametrize(
    "text",
    ["孩子回复了，说想上学", "我想看 病能不能报销", "看 病能不能报销", "我的孩子不上学了", "备注"],
)
async def test_anything_else_goes_to_the_dialogue_as_ever(db: Database, text: str) -> None:
    at = await desk(db)
    await at.say("我想申请助学")
    other = Player(db, engine())
    other.clock.at = at.player.clock.at
    await other.say({"user": "我想申请助学"}, "u9")
    other.clock.at = at.player.clock.at
    expected = [row.text for row in await other.say({"user": text}, "u9")]
    assert [row.text for row in await at.rows(text)] == expected


async def test_the_same_words_of_a_parent_are_no_line(db: Database) -> None:
    at = await desk(db)
    reference = await s.dropout(db, (await s.person(db)).actor)
    parent = Player(db, engine())
    answers = await parent.say({"user": f"接单 {reference}"}, "u1")
    pressed = await parent.say({"press": f"!officer.take={reference}"}, "u1")
    assert "接下了" not in "".join(row.text for row in (*answers, *pressed))
    assert "assign" not in await s.actions(db, reference)
    async with db.write() as uow:
        found = await uow.officers.get(at.officer.id)
        assert found is not None
        found.active = False
    assert "接下了" not in await at.say(f"接单 {reference}")


async def test_a_form_of_their_own_is_not_disturbed(db: Database) -> None:
    at = await desk(db)
    reference = await s.dropout(db, (await s.person(db)).actor)
    await at.say("我想申请助学")
    before = await state(db, at)
    assert f"{reference} 备注记下了" in await at.say(f"备注 {reference} 打过电话")
    assert "不能按失联办结" in await at.say(f"申请销号 {reference} 失联")
    assert await state(db, at) == before and before["stack"]


async def test_the_same_message_twice_is_one_change(any_db: Database) -> None:
    at = await desk(any_db)
    who = await s.person(any_db)
    reference = await s.dropout(any_db, who.actor)
    line = Inbound("rest", CHAT, "twice", at.player.clock.at, text=f"回复 {reference} 您好")
    first = await at.player.intake.answer(line)
    again = await at.player.intake.answer(line)
    assert [row.id for row in first] == [row.id for row in again]
    assert await s.said(any_db, who.conversation_id) == ["【工作人员 王】您好"]
    assert (await s.actions(any_db, reference)).count("reply") == 1


async def test_a_line_that_is_edited_is_not_done_twice(db: Database) -> None:
    at = await desk(db)
    reference = await s.dropout(db, (await s.person(db)).actor)
    await at.say(f"备注 {reference} 打过电话", id="o1-a")
    assert "重新发一条" in await at.say(f"备注 {reference} 打过两次", edit="o1-a")
    assert (await s.actions(db, reference)).count("note") == 1


async def test_help_says_the_lines(db: Database) -> None:
    said = await (await desk(db)).say("帮助")
    assert all(word in said for word in ("接单", "回复", "转派", "家访记录", "申请销号", "我的"))


async def test_from_the_one_time_code_to_the_first_line(db: Database) -> None:
    officer = await s.officer(db, "王丽")
    async with db.write() as uow:
        code = await uow.officers.add_link_code(officer.id, s.NOW + timedelta(minutes=30))
    at = Desk(db, officer)
    assert "绑定好了" in await at.say(f"绑定 {code}")
    reference = await s.dropout(db, (await s.person(db)).actor)
    assert f"{reference} 您接下了" in await at.say("1"), "the first button under the notice"
    assert (await s.record(db, reference)).assigned_to_id == officer.id
