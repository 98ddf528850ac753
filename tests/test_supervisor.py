"""The running service: faults are survived, the turn in hand is finished, replies reach people."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.base import Inbound
from bot.config import NAMED_VARIABLES, Config, Web, Workers
from bot.logs import mask
from bot.service.app import App, build
from bot.service.engine import LazyEngine
from bot.service.serving import PortTaken, listen
from bot.service.supervisor import Supervisor
from bot.service.waiting import first_of
from nlu.types import Context, Engine, Intent, Understanding
from tests.channels.conftest import until
from tests.watch.test_snapshot import values

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Slow(Engine):
    """Takes its time over every sentence."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.seconds = 0.0

    def understand(self, text: str, context: Context) -> Understanding:
        import time

        self.loop.call_soon_threadsafe(self.began.set)
        time.sleep(self.seconds)
        return Understanding(text, Intent.GREET, 1.0)


@pytest.fixture
async def engine(monkeypatch: pytest.MonkeyPatch) -> Slow:
    for name in NAMED_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    slow = Slow()
    monkeypatch.setattr("bot.service.app.open_engine", lambda _config: slow)
    return slow


@pytest.fixture
async def running(
    tmp_path: Path, engine: Slow
) -> AsyncIterator[tuple[Supervisor, asyncio.Task[None]]]:
    server_socket = listen("127.0.0.1", 0)
    port = server_socket.getsockname()[1]
    config = Config(
        data_dir=tmp_path, web=Web(port=port), workers=Workers(poll_seconds=0.05, turns=1)
    )
    app = await build(config)
    supervisor = Supervisor(app, server_socket)
    ready = asyncio.Event()
    task = asyncio.create_task(supervisor.run(ready.set))
    await asyncio.wait_for(ready.wait(), 20)
    yield supervisor, task
    supervisor.stop.set()
    await asyncio.wait_for(task, 20)
    await app.close()


def hello(app: App) -> Inbound:
    return Inbound("web", "somebody", "m1", app.now(), text="您好")


async def replies(app: App) -> list[str]:
    async with app.db.read() as uow:
        talk = await uow.conversations.find("web", "somebody")
        assert talk is not None
        return [row.status for row in await uow.outbox.after(talk.id, 0)]


async def test_a_message_is_answered_and_sent_without_waiting_for_a_poll(
    running: tuple[Supervisor, asyncio.Task[None]],
) -> None:
    app = running[0].app
    async with httpx.AsyncClient(base_url=app.config.public_url) as http:
        await until(lambda: app.is_ready)
        assert (await http.get("/health")).status_code == 200
    bells = []
    with app.webchat.listening("somebody") as bell:
        await app.intake.accept(hello(app))
        await asyncio.wait_for(bell.wait(), 10)
        bells.append(bell)
    assert bells


async def test_what_the_process_does_is_counted_and_its_parts_are_told(
    running: tuple[Supervisor, asyncio.Task[None]],
) -> None:
    supervisor = running[0]
    app = supervisor.app
    await until(lambda: app.is_ready)
    await app.intake.accept(hello(app))
    await until(lambda: b'result="sent"' in app.watch.meters.text())
    await supervisor.tick()
    async with httpx.AsyncClient(base_url=app.config.public_url) as http:
        ready, told = await http.get("/ready"), values((await http.get("/metrics")).content)
    assert ready.status_code == 200
    assert ready.json()["parts"]["channel web"] == {"state": "well", "is": "here"}
    assert told["yulu_messages_accepted_total{channel=web}"] == 1
    assert told["yulu_turns_total{outcome=answered}"] == 1
    parts = ("understand", "talk", "change", "answer", "commit")
    spent = [told[f"yulu_turn_part_seconds_sum{{part={part}}}"] for part in parts]
    assert 0 < sum(spent) <= told["yulu_turn_seconds_sum"]
    assert told["yulu_sends_total{channel=web,result=sent}"] >= 1
    assert told["yulu_ticks_total{result=well}"] >= 1
    assert told["yulu_channel_state{channel=web,state=here}"] == 1
    assert told["yulu_processes"] == 1


async def test_a_turn_in_hand_is_seen_while_it_lasts(
    running: tuple[Supervisor, asyncio.Task[None]], engine: Slow
) -> None:
    app = running[0].app
    await until(lambda: app.is_ready)
    assert app.watch.meters.longest_in_hand() == 0
    engine.seconds = 0.3
    await app.intake.accept(hello(app))
    await until(lambda: app.watch.meters.longest_in_hand() > 0.05)
    await until(lambda: app.watch.meters.longest_in_hand() == 0)
    assert await replies(app)


async def test_who_leaves_is_first_taken_out_of_the_load_balancer(
    running: tuple[Supervisor, asyncio.Task[None]],
) -> None:
    supervisor, task = running
    await until(lambda: supervisor.app.is_ready)
    web = supervisor.app.config.web.model_copy(update={"drain_seconds": 30})
    config = supervisor.app.config.model_copy(update={"web": web})
    supervisor.app = replace(supervisor.app, config=config)
    supervisor.leave()
    async with httpx.AsyncClient(base_url=config.public_url) as http:
        ready = await http.get("/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "draining")
        assert (await http.get("/health")).status_code == 200, "those who are here are served"
    assert not task.done()
    supervisor.leave()
    await asyncio.wait_for(task, 20)


async def test_stopping_finishes_the_turn_in_hand(
    running: tuple[Supervisor, asyncio.Task[None]], engine: Slow
) -> None:
    supervisor, task = running
    engine.seconds = 0.5
    await supervisor.app.intake.accept(hello(supervisor.app))
    await asyncio.wait_for(engine.began.wait(), 10)
    supervisor.stop.set()
    await asyncio.wait_for(task, 20)
    assert await replies(supervisor.app)


async def test_a_loop_that_breaks_is_started_again(
    running: tuple[Supervisor, asyncio.Task[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.supervisor.LONGEST_PAUSE", 0.01)
    tries = []

    async def job() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("broken")

    await asyncio.wait_for(running[0].kept_running("job", job), 5)
    assert len(tries) == 3


async def test_a_tick_that_breaks_does_no_harm_and_a_good_one_ticks(
    running: tuple[Supervisor, asyncio.Task[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked: list[Any] = []

    async def tick(_db: object, now: datetime, *, rules: object) -> None:
        ticked.append((now, rules))
        if len(ticked) == 1:
            raise RuntimeError("broken")

    monkeypatch.setattr("bot.workers.tick.tick", tick)
    await running[0].tick()
    await running[0].tick()
    assert len(ticked) >= 2
    assert ticked[0][1].files == running[0].app.config.files_dir


async def test_a_taken_port_is_noticed_before_anything_else() -> None:
    first = listen("127.0.0.1", 0)
    with pytest.raises(PortTaken, match=r"127\.0\.0\.1"):
        listen("127.0.0.1", first.getsockname()[1])
    first.close()


async def test_engine_is_made_once_and_a_failure_is_tried_again(engine: Slow) -> None:
    made = []

    def make() -> Engine:
        made.append(1)
        if len(made) == 1:
            raise OSError("no dictionary")
        return engine

    lazy = LazyEngine(make)
    lazy._load_and_log()
    assert made == [1]
    for _ in range(2):
        assert lazy.understand("您好", Context(NOW)).text == "您好"
    assert made == [1, 1]


async def test_first_of_returns_at_the_first_event_or_the_end_of_time() -> None:
    never, soon = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().call_later(0.02, soon.set)
    await asyncio.wait_for(first_of(never, soon), 5)
    assert soon.is_set()
    await asyncio.wait_for(first_of(never, seconds=0.01), 5)


def test_log_lines_hold_no_words_and_no_whole_numbers() -> None:
    line = mask(None, "info", {"event": "call 13948123456", "text": "我家的事", "row": 7})
    assert line == {"event": "call 139****3456", "text": "***", "row": 7}


async def test_messages_wait_unharmed_for_an_engine_that_must_first_be_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not claimed meanwhile: a lease that runs out would count as a failed attempt."""
    trained, slow = threading.Event(), Slow()
    monkeypatch.setattr("bot.service.app.open_engine", lambda _: trained.wait(20) and slow)
    app = await build(Config(data_dir=tmp_path))
    app.engine.load_in_background()
    assert not app.is_ready
    await app.intake.accept(hello(app))
    assert not await app.intake.handle_next()
    async with app.db.read() as uow:
        row = await uow.inbox.by_external("web", "m1")
        assert row is not None
        assert row.attempts == 0
    trained.set()
    await until(lambda: not app.engine.is_loading)
    assert await app.intake.handle_next()
    assert await replies(app)
    await app.close()


async def test_a_caller_who_gives_up_waiting_breaks_off_no_turn(
    tmp_path: Path, engine: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.turns.intake.ANSWER_WITHIN", 0.2)
    engine.seconds = 0.6
    app = await build(Config(data_dir=tmp_path))
    with pytest.raises(TimeoutError):
        await app.intake.answer(hello(app))
    await until(lambda: not app.intake.begun)
    assert await replies(app)
    async with app.db.read() as uow:
        row = await uow.inbox.by_external("web", "m1")
        assert row is not None
        assert (row.attempts, row.status) == (1, "handled")
    await app.close()
