"""A channel that is away or asks to wait: everybody waits, nobody's message is given up for it."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.channels.base import Away, Outbound
from bot.channels.pace import LATEST_LOOK, SOONEST_LOOK, Limits, Pace
from bot.sending.outbox import LONGEST_BACKOFF, Sender
from storage.db import Database
from tests.channels.conftest import Clock, until
from tests.channels.test_outbox import Recorder, drain, queue, row


class Flaky(Recorder):
    """A channel that can be asked whether it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.is_there = True
        self.asked = 0
        self.breaks_at = "坏"

    async def ping(self) -> None:
        self.asked += 1
        if not self.is_there:
            raise OSError("no route")

    async def send(self, message: Outbound) -> str:
        if not self.is_there:
            raise Away(None, "no route")
        if message.text == self.breaks_at:
            raise Away(None, "internal error", certain=False)
        return await super().send(message)


class Seconds:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def heard_more_than(channel: Flaky, number: int) -> bool:
    return len(channel.sent) > number


def asked_more_than(channel: Flaky, number: int) -> bool:
    return channel.asked > number


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Flaky:
    monkeypatch.setattr("bot.channels.pace.SOONEST_LOOK", 0.05)
    return Flaky()


@pytest.fixture
def sender(db: Database, channel: Flaky, clock: Clock) -> Sender:
    return Sender(db, {"test": channel}, clock, attempts=3, poll_seconds=0.02)


async def test_while_a_channel_is_away_nothing_is_tried_and_nothing_given_up(
    db: Database, clock: Clock, channel: Flaky, sender: Sender
) -> None:
    first, _ = await queue(db, clock, "一", "二")
    other = (await queue(db, clock, "给乙", address="b"))[0]
    channel.is_there = False
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    for _ in range(8):
        asked = channel.asked
        await until(partial(asked_more_than, channel, asked))
        clock.forward(LONGEST_BACKOFF)
        sender.ring()
    assert [(await row(db, each)).attempts for each in (first, other)] == [0, 0]
    channel.is_there = True
    await until(lambda: len(channel.sent) == 3)
    stop.set()
    await running
    by_a = [message.text for message in channel.sent if message.address == "a"]
    assert by_a == ["一", "二"]
    assert (await row(db, first)).status == "sent"


async def test_when_the_channel_asks_to_wait_all_wait(
    db: Database, clock: Clock, channel: Flaky, sender: Sender
) -> None:
    await queue(db, clock, "给甲", address="a")
    channel.errors = [Away(0.3, "slow down")]
    await drain(sender)
    await queue(db, clock, "给乙", address="b")
    assert await sender.send_due() == 0
    assert channel.sent == []
    await asyncio.sleep(0.35)
    clock.forward(1)
    await drain(sender)
    assert [message.text for message in channel.sent] == ["给甲", "给乙"]
    assert channel.asked == 0


async def test_a_message_that_breaks_the_other_side_is_given_up_once_others_get_through(
    db: Database, clock: Clock, channel: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sending.outbox.backoff", lambda attempts: 0.2)
    sender = Sender(db, {"test": channel}, lambda: datetime.now(UTC), attempts=3, poll_seconds=0.02)
    bad, after = await queue(db, clock, channel.breaks_at, "二", address="a")
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    for number in range(30):
        await queue(db, clock, "给乙", address=f"b{number}")
        sender.ring()
        await until(partial(heard_more_than, channel, number))
        await asyncio.sleep(0.05)
        if (await row(db, bad)).status == "failed":
            break
    await until(lambda: "二" in [message.text for message in channel.sent])
    stop.set()
    await running
    assert (await row(db, bad)).status == "failed"
    assert (await row(db, after)).status == "sent"


def test_a_pace_looks_seldom_for_what_is_long_away() -> None:
    seconds = Seconds()
    pace = Pace(Limits(at_once=5), seconds)
    assert pace.room(2) == 3
    assert pace.lost() == SOONEST_LOOK
    assert pace.room(0) == 0
    seconds.now += 1800
    assert pace.room(0) == 1, "one message tries whether it is there"
    assert pace.room(1) == 0
    assert pace.lost() == pytest.approx(30)
    seconds.now += 24 * 3600
    assert pace.lost() == LATEST_LOOK
    pace.open()
    pace.came_through()
    assert pace.room(0) == 5


def test_what_is_asked_for_is_waited_for_even_when_the_channel_answers() -> None:
    seconds = Seconds()
    pace = Pace(Limits(), seconds)
    pace.hold(20)
    pace.lost()
    pace.open()
    assert pace.paused == pytest.approx(20)


def test_only_chats_written_to_a_moment_ago_rest() -> None:
    seconds = Seconds()
    pace = Pace(Limits(rest=1), seconds)
    pace.rest(7)
    seconds.now += 0.6
    pace.rest(8)
    assert pace.resting() == [7, 8]
    assert pace.changes_in(9) == pytest.approx(0.4)
    seconds.now += 0.5
    assert pace.resting() == [8]


def test_an_old_failure_says_nothing_of_a_channel_that_is_back() -> None:
    seconds = Seconds()
    pace = Pace(Limits(), seconds)
    begun = pace.now()
    seconds.now += 1
    pace.came_through()
    assert pace.came_through_since(begun)
    seconds.now += 1
    assert not pace.came_through_since(pace.now())
