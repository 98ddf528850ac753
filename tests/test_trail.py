"""One number leads through the log from what came in to what went out, over all processes."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.testing import capture_logs

from bot.channels.base import Inbound
from bot.config import Config
from bot.sending.outbox import Sender
from bot.turns.intake import Intake
from bot.turns.steps import no_step
from bot.turns.trail import Stopwatch, new_request_id
from nlu.types import Context, Engine, Intent, Understanding
from storage.db import Database
from tests.channels.test_outbox import Recorder
from tests.conversation import Clock

SAID = "我叫苏日娜，电话13948123456"


class Greeting(Engine):
    """Hears a greeting in everything, or breaks as often as told."""

    faults = 0

    def understand(self, text: str, context: Context) -> Understanding:
        if self.faults:
            self.faults -= 1
            raise RuntimeError(text)
        return Understanding(text, Intent.GREET, 1.0)


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs(processors=[merge_contextvars]) as captured:
        yield captured
    structlog.contextvars.clear_contextvars()


def hello() -> Inbound:
    return Inbound("test", "someone-13948123456", "m1", Clock().at, text=SAID)


async def test_the_same_number_from_the_message_to_its_answer(
    db: Database, lines: list[Any]
) -> None:
    clock, channel = Clock(), Recorder()
    intake = Intake(db, Greeting(), Config(), clock)
    with bound_contextvars(process="one", request="4831-2077"):
        await intake.accept(hello())
    with bound_contextvars(process="two"):
        assert await intake.handle_next()
    with bound_contextvars(process="three"):
        sender = Sender(db, {"test": channel}, clock, attempts=3, poll_seconds=1)
        assert await sender.send_due() == 1
    told = {line["event"]: line for line in lines}
    assert list(told) == ["message.accepted", "turn.began", "turn.done", "outbox.tried"]
    assert len({(line["turn"], line["conversation"]) for line in lines}) == 1
    assert [line["process"] for line in lines] == ["one", "two", "two", "three"]
    assert told["message.accepted"]["request"] == "4831-2077"
    assert told["turn.done"]["outcome"] == "answered"
    assert {"ms", "waited_ms", "understand", "talk", "commit"} <= told["turn.done"].keys()
    assert told["outbox.tried"]["result"] == "sent"
    assert channel.sent
    assert not any(word in str(lines) for word in ("苏日娜", "3948123456", "someone"))


async def test_a_failed_turn_is_found_by_its_number_and_ids_do_not_stick(
    db: Database, lines: list[Any]
) -> None:
    clock, engine = Clock(), Greeting()
    engine.faults = 1
    intake = Intake(db, engine, Config(), clock)
    await intake.accept(hello())
    assert await intake.handle_next()
    assert await intake.handle_next()
    turns = [(line["event"], line.get("outcome")) for line in lines if "turn" in line]
    assert ("turn.failed", None) in turns
    assert [outcome for event, outcome in turns if event == "turn.done"] == ["retried", "answered"]
    assert structlog.contextvars.get_contextvars() == {}
    assert "苏日娜" not in str([line for line in lines if line["log_level"] != "debug"])


async def test_a_message_that_cannot_be_read_is_named(db: Database, lines: list[Any]) -> None:
    clock = Clock()
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("test", "a", clock.at)
        times = clock.at, clock.at, clock.at
        number = await uow.inbox.accept(talk.id, "test", "m1", {"nothing": SAID}, *times)
    assert not await Intake(db, Greeting(), Config(), clock).handle_next()
    assert [(line["event"], line["turn"]) for line in lines] == [("message.unreadable", number)]


def test_a_stopwatch_tells_the_parts_and_hands_moments_on() -> None:
    heard: list[str] = []
    watch = Stopwatch(heard.append)
    for name in ("understand", "turn", "flow"):
        watch.step(name)
    assert heard == ["understand", "turn", "flow"]
    assert list(watch.parts()) == ["understand", "talk"], "what was broken off is no part"
    assert 0 <= sum(watch.parts().values()) <= watch.seconds
    assert Stopwatch(no_step).parts() == {}


def test_a_request_number_is_short_enough_to_be_read_out() -> None:
    number = new_request_id()
    assert len(number) == 9 and number[4] == "-"
    assert number.replace("-", "").isdecimal()
    assert len({new_request_id() for _ in range(50)}) > 40
