"""Accepting once, and claiming in order by one worker at a time."""

from datetime import datetime

from storage.db import Database
from storage.models.message import InboxMessage
from tests.storage import make
from tests.storage.make import LEASE, NOW, later, messages


async def claim(db: Database, now: datetime = NOW, only: int | None = None) -> InboxMessage | None:
    async with db.write() as uow:
        return await uow.inbox.claim_next(now, LEASE, only)


async def claimed_text(db: Database, now: datetime = NOW) -> str | None:
    row = await claim(db, now)
    return None if row is None else row.payload["text"]


async def handle(db: Database, row: InboxMessage) -> None:
    async with db.write() as uow:
        fresh = await uow.inbox.get(row.id, lock=True)
        assert fresh is not None
        await uow.inbox.mark_handled(fresh, NOW)


async def test_a_redelivery_is_dropped_and_the_transaction_goes_on(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        again = [
            await uow.inbox.accept(talk.id, "web", "7", {"text": text}, NOW, NOW, NOW)
            for text in ("one", "two", "three")
        ]
        assert await uow.inbox.accept(talk.id, "web", "8", {"text": "next"}, NOW, NOW, NOW)
    assert [number is not None for number in again] == [True, False, False]
    async with any_db.read() as uow:
        row = await uow.inbox.by_external("web", "7")
    assert row is not None
    assert (row.payload, row.status, row.attempts) == ({"text": "one"}, "new", 0)


async def test_the_same_id_on_another_channel_is_another_message(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        for channel in ("web", "telegram"):
            assert await uow.inbox.accept(talk.id, channel, "7", {}, NOW, NOW, NOW)


async def test_messages_of_a_conversation_are_claimed_one_after_another(any_db: Database) -> None:
    await messages(any_db, "one", "two")
    first = await claim(any_db)
    assert first is not None and first.payload == {"text": "one"}
    assert (first.leased_until, first.attempts) == (NOW + LEASE, 1)
    assert await claim(any_db) is None
    await handle(any_db, first)
    assert await claimed_text(any_db) == "two"


async def test_another_conversation_does_not_wait(any_db: Database) -> None:
    await messages(any_db, "one", "two", address="a")
    await messages(any_db, "three", address="b")
    assert [await claimed_text(any_db) for _ in range(3)] == ["one", "three", None]


async def test_a_claim_may_be_for_one_conversation(any_db: Database) -> None:
    await messages(any_db, "one", address="a")
    other = await messages(any_db, "two", address="b")
    row = await claim(any_db, only=other)
    assert row is not None and row.payload == {"text": "two"}


async def test_a_lease_that_ran_out_is_taken_over(any_db: Database) -> None:
    await messages(any_db, "one", "two")
    assert await claimed_text(any_db) == "one"
    assert await claimed_text(any_db, later(seconds=59)) is None
    row = await claim(any_db, later(seconds=60))
    assert row is not None
    assert (row.payload["text"], row.attempts) == ("one", 2)


async def test_a_message_waits_until_it_is_ready_and_holds_the_next(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        soon = later(seconds=2)
        await uow.inbox.accept(talk.id, "web", "1", {"text": "one"}, NOW, NOW, soon)
        await uow.inbox.accept(talk.id, "web", "2", {"text": "two"}, NOW, NOW, NOW)
    assert await claimed_text(any_db, later(seconds=1)) is None
    assert await claimed_text(any_db, soon) == "one"


async def test_a_released_message_comes_again_and_keeps_its_turn(any_db: Database) -> None:
    await messages(any_db, "one", "two")
    row = await claim(any_db)
    assert row is not None
    async with any_db.write() as uow:
        fresh = await uow.inbox.get(row.id, lock=True)
        assert fresh is not None
        await uow.inbox.release(fresh, later(seconds=5), "engine failed")
    assert await claimed_text(any_db, later(seconds=4)) is None
    again = await claim(any_db, later(seconds=5))
    assert again is not None
    assert (again.payload["text"], again.attempts, again.error) == ("one", 2, "engine failed")


async def test_a_parked_message_lets_the_next_one_go(any_db: Database) -> None:
    await messages(any_db, "one", "two")
    row = await claim(any_db)
    assert row is not None
    async with any_db.write() as uow:
        fresh = await uow.inbox.get(row.id, lock=True)
        assert fresh is not None
        await uow.inbox.park(fresh, NOW, "three failures")
    assert await claimed_text(any_db) == "two"
    async with any_db.read() as uow:
        (parked,) = await uow.inbox.parked(10)
    assert (parked.payload["text"], parked.error) == ("one", "three failures")


async def test_a_message_that_came_late_waits_for_the_one_in_work(any_db: Database) -> None:
    await messages(any_db, "one", "two")
    async with any_db.write() as uow:
        second = await uow.inbox.by_external("web", "a/two")
        assert second is not None
        second.leased_until = NOW + LEASE
    assert await claim(any_db) is None


async def test_album_mates_are_the_other_unhandled_photos(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        for key, album in (("1", "x"), ("2", "x"), ("3", "y"), ("4", None), ("5", "x")):
            await uow.inbox.accept(talk.id, "web", key, {}, NOW, NOW, NOW, album=album)
        rows = {key: await uow.inbox.by_external("web", key) for key in "12345"}
        handled, first, alone = rows["2"], rows["1"], rows["4"]
        assert handled is not None and first is not None and alone is not None
        await uow.inbox.mark_handled(handled, NOW)
        assert [row.external_id for row in await uow.inbox.album_mates(first)] == ["5"]
        assert await uow.inbox.album_mates(alone) == []
