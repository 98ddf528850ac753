"""The clock jumps an hour back: what was accepted, leased or queued before does not wait for it."""

from datetime import timedelta

from bot.channels.base import Inbound
from bot.channels.rest import collect, read
from bot.config import Config
from bot.turns.intake import Intake
from bot.workers.tick import tick
from nlu.types import Context, Intent, Understanding
from storage.db import Database
from tests.service.support import NOW, person, said

HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=60)


class Greeted:
    """Hears a greeting in everything."""

    def understand(self, text: str, context: Context) -> Understanding:
        return Understanding(text, Intent.GREET, 1.0)


async def test_what_was_in_hand_is_handled_and_sent_at_the_next_tick(any_db: Database) -> None:
    who, at = await person(any_db), NOW + HOUR
    intake = Intake(any_db, Greeted(), Config(), lambda: at)
    await intake.accept(Inbound("web", "p1", "m1", at, text="您好", album="photos"))
    async with any_db.write() as uow:
        assert await uow.inbox.claim_next(at + LEASE, LEASE)  # by a process that dies
        await uow.outbox.add(who.conversation_id, "在", [], {}, at)
        assert await uow.outbox.claim_due(at, LEASE)
        await uow.outbox.add(who.conversation_id, "明早", [], {}, at, due_at=at + 12 * HOUR)
    at = NOW
    assert not await intake.handle_next()
    await tick(any_db, at)
    assert await intake.handle_next()
    async with any_db.write() as uow:
        (first,) = await uow.outbox.claim_due(at, LEASE)
        assert first.text == "在"
        (held,) = [r for r in await uow.outbox.unsent(who.conversation_id) if r.text == "明早"]
        assert held.due_at == NOW + 13 * HOUR
    assert len(await said(any_db, who.conversation_id)) > 2


async def test_leases_of_other_processes_stay_when_clocks_differ_a_little(db: Database) -> None:
    await person(db)
    intake = Intake(db, Greeted(), Config(), lambda: NOW)
    await intake.accept(Inbound("web", "p1", "m1", NOW, text="您好"))
    async with db.write() as uow:
        assert await uow.inbox.claim_next(NOW, LEASE)
    await tick(db, NOW - timedelta(minutes=2))
    assert not await intake.handle_next()


async def test_an_answer_over_http_comes_although_the_clock_went_back(db: Database) -> None:
    call = read({"sender": "u1", "message": "您好", "metadata": {"message_id": "1"}}, NOW + HOUR)
    intake = Intake(db, Greeted(), Config(), lambda: NOW + HOUR)
    assert await intake.answer(call.inbound)
    async with db.write() as uow:
        assert await collect(uow, call, NOW)


async def test_what_was_queued_before_the_clock_went_back_is_not_overtaken(
    any_db: Database,
) -> None:
    who = await person(any_db)
    async with any_db.write() as uow:
        await uow.outbox.add(who.conversation_id, "先", [], {}, NOW + HOUR)
        await uow.outbox.add(who.conversation_id, "后", [], {}, NOW)
        assert await uow.outbox.claim_due(NOW, LEASE) == []
    await tick(any_db, NOW)
    async with any_db.write() as uow:
        assert [row.text for row in await uow.outbox.claim_due(NOW, LEASE)] == ["先"]
