"""Sending in order, once, again after a failure, and not before it is time."""

from datetime import datetime

from storage.db import Database
from storage.models.message import OutboxMessage
from tests.storage import make
from tests.storage.make import LEASE, NOW, later, replies


async def claim(
    db: Database, now: datetime = NOW, limit: int = 20, channels: list[str] | None = None
) -> list[OutboxMessage]:
    async with db.write() as uow:
        return await uow.outbox.claim_due(now, LEASE, limit, channels)


async def claimed(db: Database, now: datetime = NOW, channels: list[str] | None = None) -> str:
    return " ".join(row.text for row in await claim(db, now, channels=channels))


async def sent(db: Database, row: OutboxMessage, now: datetime = NOW) -> None:
    async with db.write() as uow:
        await uow.outbox.mark_sent(row.id, f"x{row.id}", now)


async def test_a_conversation_is_sent_strictly_in_order(any_db: Database) -> None:
    await replies(any_db, "one", "two", "three")
    texts = []
    for _ in range(3):
        (row,) = await claim(any_db)
        assert await claim(any_db) == []
        await sent(any_db, row)
        texts.append(row.text)
    assert texts == ["one", "two", "three"]
    assert await claim(any_db) == []


async def test_one_claim_takes_the_first_of_each_conversation(any_db: Database) -> None:
    await replies(any_db, "a1", "a2", address="a")
    await replies(any_db, "b1", "b2", address="b")
    assert await claimed(any_db) == "a1 b1"


async def test_a_claim_is_limited_to_the_oldest(any_db: Database) -> None:
    for address in "abc":
        await replies(any_db, address, address=address)
    assert [row.text for row in await claim(any_db, limit=2)] == ["a", "b"]


async def test_a_claim_may_be_for_some_channels(any_db: Database) -> None:
    await replies(any_db, "page", channel="web")
    await replies(any_db, "phone", channel="telegram")
    assert await claimed(any_db, channels=["telegram"]) == "phone"
    assert await claimed(any_db, channels=[]) == ""
    assert await claimed(any_db) == "page"


async def test_a_known_dedupe_key_queues_nothing(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        first = await uow.outbox.add(talk.id, "one", [], {}, NOW, dedupe_key="k")
        again = await uow.outbox.add(talk.id, "two", [], {}, NOW, dedupe_key="k")
        free = [await uow.outbox.add(talk.id, "x", [], {}, NOW) for _ in range(2)]
    assert first is not None and again is None and None not in free
    assert len(await unsent(any_db, talk.id)) == 3


async def unsent(db: Database, conversation_id: int) -> list[OutboxMessage]:
    async with db.read() as uow:
        return await uow.outbox.unsent(conversation_id)


async def test_a_lease_that_ran_out_is_taken_over(any_db: Database) -> None:
    await replies(any_db, "one")
    assert await claimed(any_db) == "one"
    assert await claimed(any_db, later(seconds=59)) == ""
    (row,) = await claim(any_db, later(seconds=60))
    assert row.attempts == 1, "its sender died, that is nothing against the message"


async def test_a_failed_sending_waits_and_the_rest_waits_with_it(any_db: Database) -> None:
    await replies(any_db, "one", "two")
    (row,) = await claim(any_db)
    async with any_db.write() as uow:
        await uow.outbox.retry_at(row.id, later(minutes=5), "network " * 1000)
    assert await claimed(any_db, later(minutes=4)) == ""
    (again,) = await claim(any_db, later(minutes=5))
    assert (again.text, again.attempts) == ("one", 2)
    assert again.error is not None and again.error.startswith("network")


async def test_giving_up_lets_the_rest_go(any_db: Database) -> None:
    await replies(any_db, "one", "two")
    (row,) = await claim(any_db)
    async with any_db.write() as uow:
        await uow.outbox.fail(row.id, "blocked")
    assert await claimed(any_db) == "two"


async def test_what_is_meant_for_tomorrow_holds_nothing_up(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        await uow.outbox.add(talk.id, "reminder", [], {}, NOW, due_at=later(hours=10))
        await uow.outbox.add(talk.id, "answer", [], {}, NOW)
    (row,) = await claim(any_db)
    assert row.text == "answer"
    await sent(any_db, row)
    assert await claimed(any_db, later(hours=9)) == ""
    assert await claimed(any_db, later(hours=10)) == "reminder"


async def test_a_sender_that_lost_its_lease_cannot_send_again(any_db: Database) -> None:
    await replies(any_db, "one")
    (slow,) = await claim(any_db)
    (fast,) = await claim(any_db, later(minutes=2))
    await sent(any_db, fast, later(minutes=2))
    async with any_db.write() as uow:
        await uow.outbox.retry_at(slow.id, later(minutes=3), "timed out")
        await uow.outbox.fail(slow.id, "timed out")
    async with any_db.read() as uow:
        row = await uow.outbox.get(slow.id)
    assert row is not None
    assert (row.status, row.external_id, row.sent_at) == ("sent", f"x{row.id}", later(minutes=2))
    assert await claim(any_db, later(days=1)) == []


async def test_answers_are_found_by_what_they_answer(any_db: Database) -> None:
    talk_id = await make.messages(any_db, "one", "two")
    async with any_db.write() as uow:
        one = await uow.inbox.by_external("web", "a/one")
        assert one is not None
        for text in ("hello", "which school?"):
            await uow.outbox.add(talk_id, text, [], {}, NOW, in_reply_to=one.id)
        await uow.outbox.add(talk_id, "unasked", [], {}, NOW)
        answers = await uow.outbox.for_inbox(one.id)
        assert [row.text for row in answers] == ["hello", "which school?"]
        await uow.inbox.mark_handled(one, NOW)
        await uow.session.delete(one)
    async with any_db.read() as uow:
        assert len(await uow.outbox.unsent(talk_id)) == 3


async def test_a_page_asks_for_what_came_after(any_db: Database) -> None:
    talk_id = await replies(any_db, "one", "two")
    await replies(any_db, "not mine", address="b")
    async with any_db.write() as uow:
        first, second = await uow.outbox.unsent(talk_id)
        await uow.outbox.add(talk_id, "tomorrow", [], {}, NOW, due_at=later(days=1))
        await uow.outbox.mark_sent(first.id, "1", NOW)
        assert [row.text for row in await uow.outbox.after(talk_id, 0, NOW)] == ["one", "two"]
        after = await uow.outbox.after(talk_id, first.id)
        assert [row.text for row in after] == ["two", "tomorrow"]
        assert await uow.outbox.after(talk_id, second.id, NOW) == []


async def test_what_rests_is_left_alone_and_a_failure_of_the_channel_is_no_attempt(
    any_db: Database,
) -> None:
    await replies(any_db, "a", address="a")
    await replies(any_db, "b", address="b")
    first, second = await claim(any_db)
    async with any_db.write() as uow:
        await uow.outbox.retry_at(first.id, NOW, "away", counted=False)
        await uow.outbox.retry_at(second.id, NOW, "its own fault")
        rows = await uow.outbox.claim_due(NOW, LEASE, resting=[first.conversation_id])
        assert [(row.text, row.attempts) for row in rows] == [("b", 2)]
    (again,) = await claim(any_db)
    assert (again.text, again.attempts) == ("a", 1)


async def test_what_was_sent_is_marked_together_and_the_rest_of_the_talk_waits(
    any_db: Database,
) -> None:
    await replies(any_db, "a1", "a2", address="a")
    await replies(any_db, "b1", "b2", address="b")
    first, second = await claim(any_db)
    async with any_db.write() as uow:
        await uow.outbox.fail(second.id, "given up")
        await uow.outbox.mark_each_sent({first.id: ("x1", NOW), second.id: ("x2", NOW)})
        await uow.outbox.rest([first.conversation_id], later(seconds=1))
    async with any_db.read() as uow:
        rows = [await uow.outbox.get(each.id) for each in (first, second)]
    assert [(row.status, row.external_id) for row in rows if row] == [
        ("sent", "x1"),
        ("failed", None),
    ]
    assert await claimed(any_db) == "b2"
    assert await claimed(any_db, later(seconds=1)) == "a2"


async def pushes(db: Database, many: int, talks: int) -> None:
    """Queued messages that nobody asked for."""
    async with db.write() as uow:
        others = [(await make.conversation(uow, f"other {number}")).id for number in range(talks)]
        rows = [
            {"conversation_id": others[number % talks], "text": "push", "dedupe_key": f"p{number}"}
            for number in range(many)
        ]
        await uow.outbox.add_each(rows, NOW)


async def answered(db: Database, address: str, *before: str) -> None:
    """Somebody wrote and has a reply queued, behind what was queued for them before."""
    async with db.write() as uow:
        talk = await make.conversation(uow, address)
        for text in before:
            await uow.outbox.add(talk.id, text, [], {}, NOW)
        payload = {"text": "?"}
        asked = await uow.inbox.accept(talk.id, "web", address, payload, NOW, NOW, NOW)
        await uow.outbox.add(talk.id, "answer", [], {}, NOW, in_reply_to=asked)


async def test_a_reply_does_not_wait_behind_the_pushes_to_all(any_db: Database) -> None:
    """Ten thousand pushes are queued; whoever writes now is answered with the next claim."""
    await pushes(any_db, 10_000, talks=200)
    await answered(any_db, "who writes")
    texts = [row.text for row in await claim(any_db)]
    assert texts == ["answer"] + ["push"] * 19


async def test_a_reply_lets_earlier_messages_of_its_own_talk_go_first(any_db: Database) -> None:
    await pushes(any_db, 3, talks=3)
    await answered(any_db, "who writes", "own reminder")
    texts = []
    while rows := await claim(any_db, limit=1):
        await sent(any_db, rows[0])
        texts.append(rows[0].text)
    assert texts == ["own reminder", "answer", "push", "push", "push"]
