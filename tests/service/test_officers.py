"""An officer talks to a family: the bot is silent meanwhile and says when it is back."""

import pytest

from bot.errors import NotAllowed, Refused
from bot.handlers.officers import surname
from bot.rights.actor import SYSTEM, Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType, RecordKind, Role
from tests.service import support as s


async def test_reply_and_hand_back(any_db: Database) -> None:
    officer = await s.officer(any_db, "王丽")
    who = await s.person(any_db)
    reference = await s.escalation(any_db, who.actor)
    by = Actor.officer(officer)
    replied = await s.do(any_db, c.Reply(reference, text="您好，什么事？"), by)
    assert replied.status == "acknowledged"
    async with any_db.read() as uow:
        talk = await uow.conversations.get(who.conversation_id)
        assert talk is not None
        assert (talk.officer_id, talk.officer_reference) == (officer.id, reference)
    assert (await s.do(any_db, c.HandBack(reference), by)).changed
    assert not (await s.do(any_db, c.HandBack(reference), by)).changed
    first, back = await s.said(any_db, who.conversation_id)
    assert first == "【工作人员 王】您好，什么事？"
    assert "智能助手" in back


async def test_a_record_of_no_place_is_given_a_place_with_its_officer(db: Database) -> None:
    admin = await s.officer(db, "管理员", Role.ADMIN, region="150000")
    near = await s.officer(db, "旗")
    who = await s.person(db)
    reference = await s.file(
        db, who.actor, RecordKind.ESCALATION, {"detail": "孩子被打"}, None, EscalationType.HUMAN
    )
    by = Actor.officer(admin)
    await s.do(db, c.Assign(reference), by)
    assert (await s.record(db, reference)).region_code is None
    await s.do(db, c.Assign(reference, officer=near.id), by)
    record = await s.record(db, reference)
    assert (record.assigned_to_id, record.region_code) == (near.id, s.BANNER)


async def test_one_sentence_and_back(db: Database) -> None:
    officer = await s.officer(db, "王丽")
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    await s.do(db, c.Reply(reference, text="收到", hand_back=True), Actor.officer(officer))
    assert len(await s.said(db, who.conversation_id)) == 2
    async with db.read() as uow:
        talk = await uow.conversations.get(who.conversation_id)
        assert talk is not None and talk.officer_id is None


async def test_closing_hands_back(db: Database) -> None:
    first = await s.officer(db, "王丽")
    leading = await s.officer(db, "李强", Role.SUPERVISOR)
    who = await s.person(db)
    reference = await s.escalation(db, who.actor)
    await s.do(db, c.Reply(reference, text="您好"), Actor.officer(first))
    await s.do(db, c.RequestClose(reference, code="resolved"), Actor.officer(first))
    await s.do(db, c.ApproveClose(reference), Actor.officer(leading))
    async with db.read() as uow:
        talk = await uow.conversations.get(who.conversation_id)
    assert talk is not None and talk.officer_id is None
    assert "智能助手" in (await s.said(db, who.conversation_id))[-1]


async def test_two_officers_do_not_talk_at_once(db: Database) -> None:
    first, second = await s.officer(db, "王丽"), await s.officer(db, "李强")
    reference = await s.escalation(db, (await s.person(db)).actor)
    await s.do(db, c.Reply(reference, text="您好"), Actor.officer(first))
    with pytest.raises(Refused, match="王丽正在"):
        await s.do(db, c.Reply(reference, text="您好"), Actor.officer(second))


async def test_what_cannot_be_said(db: Database) -> None:
    officer = await s.officer(db, "王丽")
    who = await s.person(db)
    reference = await s.escalation(db, who.actor)
    by = Actor.officer(officer)
    with pytest.raises(Refused, match="写内容"):
        await s.do(db, c.Reply(reference, text=" "), by)
    with pytest.raises(NotAllowed):
        await s.do(db, c.Reply(reference, text="x"), SYSTEM)
    async with db.write() as uow:
        talk = await uow.conversations.lock(who.conversation_id)
        talk.gone_at = s.NOW
    with pytest.raises(Refused, match="停用聊天"):
        await s.do(db, c.Reply(reference, text="x"), by)
    by_telephone = await s.dropout(db, SYSTEM)
    with pytest.raises(Refused, match="没有可以回复的聊天"):
        await s.do(db, c.Reply(by_telephone, text="x"), by)


@pytest.mark.parametrize(("name", "expected"), [("王丽", "王"), ("乌兰图雅", "乌兰图雅")])
def test_how_an_officer_is_called(name: str, expected: str) -> None:
    assert surname(name) == expected
