"""Sending what is queued: order, retries, people who are gone, giving up, stopping."""

import asyncio

import pytest

from bot.channels.base import Accept, Button, Gone, Outbound, Retry
from bot.sending.outbox import LEASE, LONGEST_BACKOFF, Sender, backoff
from storage.db import Database
from storage.models.message import OutboxMessage
from tests.channels.conftest import Clock, until


class Recorder:
    """A channel that writes down what it is given, or fails as told."""

    name = "test"

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.errors: list[Exception] = []
        self.hang = False

    async def run(self, accept: Accept) -> None:
        """Receives nothing."""

    async def send(self, message: Outbound) -> str:
        if self.hang:
            await asyncio.sleep(60)
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)
        return f"x{len(self.sent)}"


@pytest.fixture
def channel() -> Recorder:
    return Recorder()


@pytest.fixture
def sender(db: Database, channel: Recorder, clock: Clock) -> Sender:
    return Sender(db, {"test": channel}, clock, attempts=3, poll_seconds=0.02)


async def queue(db: Database, clock: Clock, *texts: str, address: str = "a") -> list[int]:
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("test", address, clock())
        rows = [await uow.outbox.add(talk.id, text, [], {}, clock()) for text in texts]
    return [row.id for row in rows if row is not None]


async def row(db: Database, row_id: int) -> OutboxMessage:
    async with db.read() as uow:
        found = await uow.outbox.get(row_id)
    assert found is not None
    return found


async def drain(sender: Sender) -> None:
    while await sender.send_due():
        pass


async def test_messages_of_a_conversation_go_in_order_with_buttons_and_custom(
    db: Database, clock: Clock, channel: Recorder, sender: Sender
) -> None:
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("test", "a", clock())
        buttons = [{"title": "是", "payload": "yes"}]
        await uow.outbox.add(talk.id, "一", buttons, {"asks": "age"}, clock())
    [second] = await queue(db, clock, "二")
    await drain(sender)
    assert [message.text for message in channel.sent] == ["一", "二"]
    assert channel.sent[0].buttons == (Button("是", "yes"),)
    assert channel.sent[0].custom == {"asks": "age"}
    sent = await row(db, second)
    assert (sent.status, sent.external_id, sent.sent_at) == ("sent", "x2", clock())


async def test_other_channels_are_left_alone(
    db: Database, clock: Clock, channel: Recorder, sender: Sender
) -> None:
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("rest", "a", clock())
        await uow.outbox.add(talk.id, "不归我发", [], {}, clock())
    assert await sender.send_due() == 0
    assert channel.sent == []


async def test_retry_waits_as_long_as_the_channel_says_and_holds_the_rest_back(
    db: Database, clock: Clock, channel: Recorder, sender: Sender
) -> None:
    await queue(db, clock, "一", "二")
    channel.errors = [Retry(17, "slow down")]
    await drain(sender)
    assert channel.sent == []
    clock.forward(16)
    await drain(sender)
    assert channel.sent == []
    clock.forward(2)
    await drain(sender)
    assert [message.text for message in channel.sent] == ["一", "二"]


async def test_retry_that_the_channel_asks_for_is_never_given_up(
    db: Database, clock: Clock, channel: Recorder, sender: Sender
) -> None:
    await queue(db, clock, "一")
    channel.errors = [Retry(1) for _ in range(6)]
    for _ in range(7):
        await drain(sender)
        clock.forward(2)
    assert len(channel.sent) == 1


@pytest.mark.parametrize("error", [Retry(None, "net"), RuntimeError("bug"), TimeoutError()])
async def test_after_the_last_attempt_the_rest_goes_on(
    db: Database, clock: Clock, channel: Recorder, sender: Sender, error: Exception
) -> None:
    first, _ = await queue(db, clock, "一", "二")
    channel.errors = [error, error, error]
    for _ in range(5):
        await drain(sender)
        clock.forward(LONGEST_BACKOFF)
    assert (await row(db, first)).status == "failed"
    assert [message.text for message in channel.sent] == ["二"]


async def test_a_person_who_is_gone_is_marked_and_not_tried_again(
    db: Database, clock: Clock, channel: Recorder, sender: Sender
) -> None:
    [only] = await queue(db, clock, "一")
    channel.errors = [Gone("blocked")]
    await drain(sender)
    assert (await row(db, only)).status == "failed"
    async with db.read() as uow:
        talk = await uow.conversations.find("test", "a")
    assert talk is not None
    assert talk.gone_at == clock()


async def test_one_unreachable_person_does_not_hold_up_another(
    db: Database, clock: Clock, channel: Recorder, sender: Sender
) -> None:
    await queue(db, clock, "给甲", address="a")
    await queue(db, clock, "给乙", address="b")
    channel.errors = [Retry(600)]
    await drain(sender)
    assert [message.text for message in channel.sent] == ["给乙"]


async def test_a_hanging_channel_is_cut_off(
    db: Database,
    clock: Clock,
    channel: Recorder,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sending.outbox.SEND_TIMEOUT", 0.05)
    [only] = await queue(db, clock, "一")
    channel.hang = True
    await drain(sender)
    assert (await row(db, only)).status == "queued"
    channel.hang = False
    clock.forward(LONGEST_BACKOFF)
    await drain(sender)
    assert (await row(db, only)).status == "sent"


async def test_crash_between_claim_and_send_is_made_up_for_after_the_lease(
    db: Database, clock: Clock, channel: Recorder, sender: Sender
) -> None:
    await queue(db, clock, "一")
    async with db.write() as uow:
        assert len(await uow.outbox.claim_due(clock(), LEASE)) == 1  # and this process dies here
    await drain(sender)
    assert channel.sent == []
    clock.forward(LEASE.total_seconds() + 1)
    await drain(sender)
    assert len(channel.sent) == 1


async def test_two_senders_send_once(db: Database, clock: Clock, channel: Recorder) -> None:
    senders = [Sender(db, {"test": channel}, clock, attempts=3, poll_seconds=1) for _ in range(2)]
    for person in range(5):
        await queue(db, clock, "一", "二", address=str(person))
    await asyncio.gather(*(drain(each) for each in senders))
    await asyncio.gather(*(drain(each) for each in senders))
    by_person = {str(person): ["一", "二"] for person in range(5)}
    got: dict[str, list[str]] = {}
    for message in channel.sent:
        got.setdefault(message.address, []).append(message.text)
    assert got == by_person


async def test_bell_ends_the_rest_and_stop_ends_the_loop(
    db: Database, clock: Clock, channel: Recorder
) -> None:
    sender = Sender(db, {"test": channel}, clock, attempts=3, poll_seconds=30)
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await asyncio.sleep(0.05)
    await queue(db, clock, "一")
    sender.ring()
    await until(lambda: channel.sent)
    stop.set()
    await asyncio.wait_for(running, 5)


def test_backoff_grows_with_jitter_and_has_an_end() -> None:
    for attempts in range(1, 40):
        longest = min(2.0**attempts, LONGEST_BACKOFF)
        assert longest / 2 <= backoff(attempts) <= longest
    assert len({backoff(5) for _ in range(10)}) > 1


class Gate(Recorder):
    """A channel whose answer is held back until the test lets it through."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.opens = asyncio.Event(), asyncio.Event()

    async def send(self, message: Outbound) -> str:
        self.sent.append(message)
        self.began.set()
        await self.opens.wait()
        return "x1"


async def test_a_database_that_goes_away_breaks_off_no_send(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel took it: broken off, it would be sent again."""
    gate = Gate()
    sender = Sender(db, {"test": gate}, clock, attempts=3, poll_seconds=0.02)
    [only] = await queue(db, clock, "一")
    running = asyncio.create_task(sender.run(asyncio.Event()))
    await asyncio.wait_for(gate.began.wait(), 5)
    with monkeypatch.context() as away:
        broken = asyncio.Event()

        async def claim(_: Sender) -> list[object]:
            broken.set()
            raise OSError("the database is away")

        away.setattr(Sender, "_claim", claim)
        sender.ring()
        await asyncio.wait_for(broken.wait(), 5)
    gate.opens.set()
    with pytest.raises(OSError, match="away"):
        await asyncio.wait_for(running, 5)
    assert (await row(db, only)).status == "sent"
    assert len(gate.sent) == 1
