"""An officer who took a talk over and fell silent: the bot is not silent for ever."""

from datetime import datetime, time, timedelta
from typing import Any

from bot.clock import at_local, local_day
from bot.rights.actor import Actor
from bot.workers.handback import hand_back_due
from bot.workers.tick import tick, tick_between
from flows import commands as c
from storage.db import Database
from storage.kinds import RecordKind
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from tests.conversation import Player
from tests.engine import engine
from tests.service import support as s

DAY = timedelta(days=1)


async def taken(db: Database, at: datetime = s.NOW) -> tuple[Officer, s.Somebody, str]:
    officer, who = await s.officer(db, "王丽"), await s.person(db)
    reference = await s.escalation(db, who.actor)
    await s.do(db, c.Reply(reference, text="您好，什么事？"), Actor.officer(officer), at)
    return officer, who, reference


async def talking(db: Database, who: s.Somebody) -> int | None:
    async with db.read() as uow:
        talk = await uow.conversations.get(who.conversation_id)
        assert talk is not None
        return talk.officer_id


async def test_after_a_day_of_silence_the_bot_answers_again_and_both_are_told(
    any_db: Database,
) -> None:
    officer, who, reference = await taken(any_db)
    assert await hand_back_due(any_db, s.NOW + DAY - timedelta(seconds=1)) == []
    assert await talking(any_db, who) == officer.id
    (event,) = await hand_back_due(any_db, s.NOW + DAY)
    assert (event.kind, event.reference) == ("hand_back", reference)
    assert await talking(any_db, who) is None
    assert "智能助手" in (await s.said(any_db, who.conversation_id))[-1]
    assert reference in (await s.notices(any_db, officer))[-1]
    assert (await s.actions(any_db, reference))[-1] == "hand_back"
    assert await hand_back_due(any_db, s.NOW + 2 * DAY) == []


async def test_every_word_of_the_officer_starts_the_time_anew(db: Database) -> None:
    officer, _, reference = await taken(db)
    later = s.NOW + timedelta(hours=2)
    await s.do(db, c.Reply(reference, text="还在吗？"), Actor.officer(officer), later)
    assert await hand_back_due(db, s.NOW + timedelta(hours=25)) == []
    assert len(await hand_back_due(db, later + DAY)) == 1


async def test_nobody_is_told_at_night(db: Database) -> None:
    evening = at_local(local_day(s.NOW), time(22))
    _, who, _ = await taken(db, evening)
    assert await hand_back_due(db, evening + DAY) == []
    morning = at_local(local_day(s.NOW) + 2 * DAY, time(8))
    events = await tick_between(db, evening, evening + 2 * DAY, dry_run=True)
    assert [e.at for e in events if e.kind == "hand_back"] == [morning]
    assert await talking(db, who) is not None
    assert [e.kind for e in await tick(db, morning) if e.kind == "hand_back"] == ["hand_back"]


async def test_danger_is_answered_while_an_officer_talks_and_its_questions_too(
    db: Database,
) -> None:
    player = Player(db, engine())

    async def say(text: str, **more: Any) -> str:
        return "\n".join(answer.text for answer in await player.say({"user": text, **more}))

    for text in ("转人工", "补助一直没发下来，问学校也没说法", "不想说", "跳过", "可以"):
        await say(text)
    async with db.read() as uow:
        rows, _ = await uow.records.page(RecordQuery(kinds=(RecordKind.ESCALATION,)))
    officer = await s.officer(db, "王丽", region="15")
    await s.do(db, c.Reply(rows[0].reference, text="您好"), Actor.officer(officer))
    assert await say("学校说还没到账") == ""
    assert "110" in await say("隔壁孩子正在被他爸打，浑身是血")
    await say("科右中旗好腰苏木镇")
    await say("13947820000")
    assert await say("补助的事呢") == ""
    async with db.read() as uow:
        rows, _ = await uow.records.page(RecordQuery(kinds=(RecordKind.ESCALATION,)))
    (danger,) = [row for row in rows if getattr(row, "type", "") == "emergency"]
    assert danger.slots["region"] == "好腰苏木镇" and danger.slots["phone"] == "13947820000"
