"""Two processes at one channel: what one of them learns of it, the other keeps to."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.channels.base import Away
from bot.channels.pace import Limits
from bot.sending.outbox import Sender
from storage.db import Database
from tests.channels.conftest import Clock, until
from tests.channels.test_outbox import Recorder, queue


class Paced(Recorder):
    """A channel that allows only so much, and does not say whether it is there."""

    limits = Limits(a_second=200)


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> tuple[Paced, Paced]:
    monkeypatch.setattr("bot.channels.pace.SOONEST_LOOK", 0.8)
    return Paced(), Paced()


@pytest.fixture
async def senders(
    any_db: Database, channels: tuple[Paced, Paced]
) -> AsyncIterator[tuple[Sender, Sender]]:
    def sender(channel: Paced, process: str) -> Sender:
        return Sender(any_db, {"test": channel}, now, attempts=3, poll_seconds=9, process=process)

    yield sender(channels[0], "one"), sender(channels[1], "two")


def now() -> datetime:
    return datetime.now(UTC)


async def test_one_is_told_to_wait_and_both_do(
    any_db: Database, channels: tuple[Paced, Paced], senders: tuple[Sender, Sender]
) -> None:
    await queue(any_db, Clock(now()), "给甲", address="a")
    channels[0].errors = [Away(0.8, "slow down")]
    assert await senders[0].send_due() == 1
    await queue(any_db, Clock(now()), "给乙", address="b")
    began = asyncio.get_running_loop().time()
    assert await senders[1].send_due() == 0
    assert channels[1].sent == []
    await until_sent(senders[1], channels[1], 2)
    assert asyncio.get_running_loop().time() - began >= 0.5


async def test_where_one_failed_the_other_waits_and_then_tries_with_one_message(
    any_db: Database, channels: tuple[Paced, Paced], senders: tuple[Sender, Sender]
) -> None:
    """The network of one machine may be broken: that must not stop the others for long."""
    await queue(any_db, Clock(now()), "给甲", address="a")
    channels[0].errors = [Away(None, "no route")]
    await senders[0].send_due()
    for address in "bcd":
        await queue(any_db, Clock(now()), "给乙", address=address)
    assert await senders[1].send_due() == 0
    await asyncio.sleep(0.9)
    assert await senders[1].send_due() == 1, "one tries"
    assert await senders[1].send_due() == 3, "and then all go, what the first gave back too"
    assert len(channels[1].sent) == 4


async def until_sent(sender: Sender, channel: Paced, count: int) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await until(lambda: len(channel.sent) == count)
    stop.set()
    await running
