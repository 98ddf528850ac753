"""News at night: families and officers sleep, danger does not."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.clock import at_local
from bot.gate.hours import for_family, for_officer
from bot.rights.actor import Actor
from bot.workers.evening import hold_pushes_due
from bot.workers.reminders import fire_due
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType, RecordKind, Role
from storage.models.message import OutboxMessage
from tests.service import support as s

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("now", "family", "officer"),
    [
        (at_local(FRIDAY, time(20)), at_local(FRIDAY, time(20)), at_local(FRIDAY, time(20))),
        (at_local(FRIDAY, time(22)), at_local(SATURDAY, time(8)), at_local(MONDAY, time(8, 30))),
        (at_local(SATURDAY, time(9)), at_local(SATURDAY, time(9)), at_local(MONDAY, time(8, 30))),
        (at_local(MONDAY, time(5)), at_local(MONDAY, time(8)), at_local(MONDAY, time(8))),
    ],
)
def test_when_news_may_arrive(now: datetime, family: datetime, officer: datetime) -> None:
    assert (for_family(now), for_officer(now, s.BANNER)) == (family, officer)


async def _queued(db: Database, conversation: int) -> list[OutboxMessage]:
    async with db.read() as uow:
        return await uow.outbox.unsent(conversation)


async def test_an_officer_is_woken_by_danger_only(db: Database) -> None:
    chat, who = await s.person(db, "officer"), await s.person(db)
    await s.officer(db, "旗", Role.OFFICER, conversation_id=chat.conversation_id)
    night = at_local(FRIDAY, time(23))
    await s.file(db, who.actor, RecordKind.DROPOUT_CASE, s.DROPOUT, now=night)
    (told,) = await _queued(db, chat.conversation_id)
    assert told.due_at == at_local(MONDAY, time(8, 30))
    danger = EscalationType.EMERGENCY
    slots = {"detail": "孩子被打"}
    await s.file(db, who.actor, RecordKind.ESCALATION, slots, s.BANNER, danger, night)
    told, urgent = await _queued(db, chat.conversation_id)
    assert urgent.due_at == night


async def test_a_family_hears_a_decision_in_the_morning_and_others_do_not_learn_it(
    db: Database,
) -> None:
    officer, who = await s.officer(db, "旗"), await s.person(db)
    reference = await s.application(db, who.actor)
    async with db.write() as uow:
        person = await uow.people.get(who.person_id)
        assert person is not None
        person.is_phone_shared = True
    night = at_local(MONDAY, time(23))
    await s.do(db, c.AcceptApplication(reference), Actor.officer(officer), night)
    (told,) = await _queued(db, who.conversation_id)
    assert told.due_at == at_local(date(2026, 12, 1), time(8))
    assert reference not in told.text and "助学" not in told.text


async def test_a_push_that_a_channel_left_lying_waits_for_the_morning(any_db: Database) -> None:
    who, other = await s.person(any_db), await s.person(any_db, "p2")
    await s.book(any_db, who.actor, await s.session(any_db, starts_on=date(2026, 11, 27)))
    await s.do(any_db, c.SetReminder("交材料", at_local(FRIDAY, time(10))), other.actor)
    await fire_due(any_db, at_local(FRIDAY, time(10)) - timedelta(days=1))
    await fire_due(any_db, at_local(FRIDAY, time(10)))
    assert await hold_pushes_due(any_db, at_local(FRIDAY, time(20))) == []
    assert len(await hold_pushes_due(any_db, at_local(FRIDAY, time(21)))) == 1
    assert await hold_pushes_due(any_db, at_local(FRIDAY, time(22))) == []
    morning = at_local(SATURDAY, time(8))
    assert [row.due_at for row in await _queued(any_db, who.conversation_id)] == [morning]
    (own,) = await _queued(any_db, other.conversation_id)
    assert own.due_at < at_local(FRIDAY, time(21))
