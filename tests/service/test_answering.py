"""What is answered to a reminder is kept with it, told to whom it concerns, and heeded."""

from datetime import timedelta

import pytest

from bot.errors import NotFound
from bot.rights.actor import Actor
from bot.workers.reminders import fire_due
from bot.workers.tick import tick_between
from flows.commands import AddNote, AnswerReminder
from storage.db import Database
from storage.kinds import ReminderKind
from storage.models.reminder import Reminder
from tests.service import support as s

DAY = timedelta(days=1)
FIRST = s.NOW + 3 * DAY  # 10:00, when missing papers are first asked for
EVENING = FIRST + timedelta(hours=9)


async def documents(db: Database, who: s.Somebody) -> list[Reminder]:
    async with db.read() as uow:
        rows = await uow.reminders.of_person(who.person_id)
    return [row for row in rows if row.kind == ReminderKind.DOCUMENTS]


async def told(db: Database, who: s.Somebody) -> int:
    return sum("还差材料" in text for text in await s.said(db, who.conversation_id))


async def test_handed_in_is_noted_and_not_asked_again_until_somebody_looked(db: Database) -> None:
    here = await s.officer(db, "高娃")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await fire_due(db, FIRST)
    (first, *_) = await documents(db, who)
    answer = AnswerReminder(first.id, "handed_in")
    assert (await s.do(db, answer, who.actor, FIRST + timedelta(hours=1))).changed
    assert not (await s.do(db, answer, who.actor, FIRST + timedelta(hours=2))).changed
    assert any("说材料已交" in text for text in await s.notices(db, here))
    async with db.read() as uow:
        notes = [(entry.detail or {}).get("note") for entry in await uow.audit.of(reference)]
    assert notes.count("家长说已交") == 1
    await tick_between(db, FIRST, FIRST + 12 * DAY)
    assert await told(db, who) == 1
    looked = AddNote(reference, None, "没收到")
    await s.do(db, looked, Actor.officer(here), FIRST + 12 * DAY)
    await tick_between(db, FIRST + 12 * DAY, FIRST + 16 * DAY)
    assert await told(db, who) == 2


async def test_whoever_says_stop_is_not_asked_again_for_the_same_papers(db: Database) -> None:
    who = await s.person(db)
    await s.application(db, who.actor)
    await fire_due(db, FIRST)
    (first, *_) = await documents(db, who)
    await s.do(db, AnswerReminder(first.id, "stop"), who.actor, FIRST + timedelta(hours=1))
    await tick_between(db, FIRST + timedelta(hours=1), FIRST + 20 * DAY)
    assert await told(db, who) == 1


async def test_later_comes_once_at_the_last_moment_named(db: Database) -> None:
    who = await s.person(db)
    await s.application(db, who.actor)
    await fire_due(db, FIRST)
    (first, *_) = await documents(db, who)
    for days in (1, 2, 1):
        again = AnswerReminder(first.id, "later", EVENING + days * DAY)
        await s.do(db, again, who.actor, FIRST + timedelta(hours=1))
    waiting = [row for row in await documents(db, who) if row.dedupe_key.startswith("again:")]
    due = {row.due_at for row in waiting if row.status == "waiting"}
    assert due == {EVENING + DAY}
    await tick_between(db, FIRST + timedelta(hours=1), FIRST + 4 * DAY)
    assert await told(db, who) == 2


async def test_nobody_elses_and_nothing_not_yet_told_is_answered(db: Database) -> None:
    who, other = await s.person(db), await s.person(db, "p2")
    await s.application(db, who.actor)
    (row,) = await documents(db, who)
    with pytest.raises(NotFound):
        await s.do(db, AnswerReminder(row.id, "ok"), who.actor)
    await fire_due(db, FIRST)
    with pytest.raises(NotFound):
        await s.do(db, AnswerReminder(row.id, "ok"), other.actor, FIRST)
    assert (await s.do(db, AnswerReminder(row.id, "ok"), who.actor, FIRST)).changed


async def test_a_message_carries_its_buttons_and_its_reminders_know_it(db: Database) -> None:
    who = await s.person(db)
    await s.application(db, who.actor)
    await s.application(db, who.actor, child_name="巴特尔", id_number=None)
    await fire_due(db, FIRST)
    async with db.read() as uow:
        (message,) = await uow.outbox.after(who.conversation_id, 0)
        rows = await uow.reminders.told_in([message.id])
    both = rows[message.id]
    assert len(both) == 2
    ids = ".".join(str(row.id) for row in both)
    assert [button["payload"] for button in message.buttons] == [
        f"!reply.handed_in={ids}",
        f"!reply.stop={ids}",
    ]
