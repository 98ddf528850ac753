"""An officer asks the family: the clock waits, the next words are the answer, the clock goes on."""

from datetime import timedelta

import pytest

from bot.clock import local_day
from bot.errors import NotAllowed, Refused
from bot.rights.actor import SYSTEM, Actor
from bot.workers.tick import tick, tick_between
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType
from tests.conversation import Player
from tests.engine import engine
from tests.service import support as s
from tests.service.test_ladder import at, told

HOUR = timedelta(hours=1)


async def test_the_clock_waits_and_goes_on_with_the_rest_of_its_time(any_db: Database) -> None:
    officer = await s.officer(any_db, "王丽")
    who = await s.person(any_db)
    reference = await s.dropout(any_db, who.actor)  # due on Tuesday at 10:00, 6.5 office hours
    asked_at = s.NOW + HOUR
    ask = c.AskFamily(reference, text="孩子现在住在哪里？")
    await s.do(any_db, ask, Actor.officer(officer), asked_at)
    (question,) = await s.said(any_db, who.conversation_id)
    assert question.startswith("【工作人员 王】") and reference in question
    assert "孩子现在住在哪里？" in question and "直接在这里回答" in question
    waiting = await s.record(any_db, reference)
    assert (waiting.due_at, waiting.step_at, waiting.assigned_to_id) == (None, None, officer.id)
    assert await tick_between(any_db, asked_at, at("2026-11-25 09:00")) == []
    answered_at = at("2026-11-25 10:00")
    amend = c.AmendRecord(reference, note="在他二叔家")
    await s.do(any_db, amend, who.actor, answered_at)
    assert (await s.record(any_db, reference)).due_at == at("2026-11-26 09:00")  # 5.5 hours on
    assert "家里回答了" in (await s.notices(any_db, officer))[-1]
    assert (await s.actions(any_db, reference))[2:] == ["ask", "amend", "answer"]
    await s.do(any_db, ask, Actor.officer(officer), answered_at)


async def test_a_clock_that_was_let_wait_keeps_its_first_time(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "王丽"))
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    first = (await s.record(db, reference)).due_at
    until = local_day(s.NOW) + timedelta(days=3)
    await s.do(db, c.Snooze(reference, until=until, reason="等雪停"), by)
    await s.do(db, c.AskFamily(reference, text="在哪？"), by, s.NOW + HOUR)
    await s.do(db, c.AmendRecord(reference, note="在姥姥家"), who.actor, s.NOW + 2 * HOUR)
    record = await s.record(db, reference)
    assert record.due_at is not None and record.first_due_at == first
    far = c.Snooze(reference, until=local_day(s.NOW) + timedelta(days=16), reason="等雪停")
    with pytest.raises(Refused, match="最晚"):
        await s.do(db, far, by, s.NOW + 3 * HOUR)


async def test_without_an_answer_the_clock_goes_on_and_the_officer_hears(db: Database) -> None:
    officer = await s.officer(db, "王丽")
    reference = await s.dropout(db, (await s.person(db)).actor)
    late = s.NOW + timedelta(hours=23)
    await s.do(db, c.AskFamily(reference, text="在哪？"), Actor.officer(officer), late)
    over = at("2026-12-01 09:00")  # five working days
    assert s.besides_calls(await tick_between(db, late, over - HOUR)) == []
    (event,) = await tick(db, over)
    assert (event.kind, event.reference) == ("question", reference)
    record = await s.record(db, reference)
    assert record.due_at == at("2026-12-01 15:30"), "at least four office hours are left"
    assert "没有人回答" in (await s.notices(db, officer))[-1]
    events = await tick_between(db, over, at("2026-12-02 09:00"))
    assert [line[1] for line in told(events)][:2] == ["clock_reminder", "escalation"]


async def test_danger_is_asked_about_but_never_made_to_wait(db: Database) -> None:
    officer = await s.officer(db, "王丽")
    reference = await s.escalation(db, (await s.person(db)).actor, EscalationType.EMERGENCY)
    due = (await s.record(db, reference)).due_at
    await s.do(db, c.AskFamily(reference, text="孩子在哪？"), Actor.officer(officer))
    assert (await s.record(db, reference)).due_at == due


async def test_one_question_at_a_time_and_somebody_to_ask(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "王丽"))
    who = await s.person(db)
    first, second = await s.dropout(db, who.actor), await s.application(db, who.actor)
    with pytest.raises(Refused, match="写内容"):
        await s.do(db, c.AskFamily(first, text=" "), by)
    with pytest.raises(NotAllowed):
        await s.do(db, c.AskFamily(first, text="x"), SYSTEM)
    await s.do(db, c.AskFamily(first, text="x"), by)
    with pytest.raises(Refused, match="还在等回答"):
        await s.do(db, c.AskFamily(second, text="x"), by)
    nobody = await s.dropout(db, SYSTEM)
    with pytest.raises(Refused, match="没有可以回复的聊天"):
        await s.do(db, c.AskFamily(nobody, text="x"), by)


async def test_the_next_words_in_the_chat_are_the_answer(db: Database) -> None:
    """A wish for the bot goes to the bot; the answer goes into the case and nowhere else."""
    player = Player(db, engine())
    await player.say({"user": "你好"})
    async with db.read() as uow:
        talk = await uow.conversations.find("rest", "u1")
        assert talk is not None
    who = s.Somebody(talk.person_id, talk.id)
    officer = await s.officer(db, "王丽")
    reference = await s.dropout(db, who.actor)
    await s.do(db, c.AskFamily(reference, text="孩子住哪？"), Actor.officer(officer))
    await player.say({"user": "退订"})
    assert (await s.record(db, reference)).due_at is None
    await player.say({"user": "在包头他二叔家住着呢"})
    assert (await s.said(db, talk.id))[-1].startswith("收到，已经转给工作人员")
    assert (await s.record(db, reference)).due_at is not None
    async with db.read() as uow:
        amended = [entry for entry in await uow.audit.of(reference) if entry.action == "amend"]
    assert [(entry.detail or {})["note"] for entry in amended] == ["在包头他二叔家住着呢"]
    await player.say({"user": "你好"})
    assert "收到，已经转给" not in (await s.said(db, talk.id))[-1]
