"""Web and worker as processes of their own: what one takes in the other answers, at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.channels.base import Inbound
from bot.config import NAMED_VARIABLES, Config, DatabaseSettings, Keys, Rest, Web, Workers
from bot.service.app import App, build, open_database
from bot.service.bells import Bell, Bells, payloads
from bot.service.part import Part
from bot.service.serving import listen
from bot.service.supervisor import Supervisor
from nlu.types import Context, Engine, Intent, Understanding
from storage.errors import KeyProblem
from tests.channels.conftest import until

TOKEN = "token-of-the-parts"
KEY = bytes(range(32)).hex()
Start = Callable[[Part], "asyncio.Future[App]"]


class Greeter(Engine):
    """Hears a greeting in everything."""

    def understand(self, text: str, context: Context) -> Understanding:
        return Understanding(text, Intent.GREET, 1.0)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMED_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("bot.service.app.open_engine", lambda _config: Greeter())


@asynccontextmanager
async def process(url: str, folder: Path, part: Part) -> AsyncIterator[App]:
    """One process of several, but for the process."""
    server_socket = listen("127.0.0.1", 0)
    config = Config(
        data_dir=folder,
        database=DatabaseSettings(url=SecretStr(url)),
        keys=Keys(key=SecretStr(KEY)),
        rest=Rest(token=SecretStr(TOKEN)),
        web=Web(port=server_socket.getsockname()[1]),
        workers=Workers(poll_seconds=0.5),
    )
    app = await build(config, part=part)
    supervisor = Supervisor(app, server_socket)
    ready = asyncio.Event()
    running = asyncio.create_task(supervisor.run(ready.set))
    try:
        await asyncio.wait_for(ready.wait(), 30)
        await until(lambda: app.is_ready, 20)
        yield app
    finally:
        supervisor.stop.set()
        await asyncio.wait_for(running, 20)
        await app.close()
        server_socket.close()


@pytest.fixture
async def parts(any_url: str, tmp_path: Path) -> AsyncIterator[tuple[App, App]]:
    async with AsyncExitStack() as stack:
        yield tuple(  # type: ignore[misc]  # two of them
            [
                await stack.enter_async_context(process(any_url, tmp_path, part))
                for part in (Part.WEB, Part.WORKER)
            ]
        )


async def test_a_call_is_answered_by_another_process(parts: tuple[App, App]) -> None:
    web, worker = parts
    async with httpx.AsyncClient(base_url=web.config.public_url, timeout=20) as http:
        body = {"sender": "u1", "message": "你好", "metadata": {"message_id": "m1"}}
        headers = {"authorization": f"Bearer {TOKEN}"}
        first = await http.post("/webhooks/rest/webhook", json=body, headers=headers)
        assert "机器" in first.json()[0]["text"]
        again = await http.post("/webhooks/rest/webhook", json=body, headers=headers)
        assert again.json() == first.json()
    assert not web.engine.is_loaded, "the web process understands nothing itself"
    assert worker.engine.is_loaded


async def test_a_worker_shows_only_how_it_is(parts: tuple[App, App]) -> None:
    for app, pages in zip(parts, (200, 404), strict=True):
        async with httpx.AsyncClient(base_url=app.config.public_url) as http:
            assert (await http.get("/health")).status_code == 200
            for path in ("/", "/desk/login", "/api/v1/openapi.json"):
                assert (await http.get(path)).status_code == pages, path


async def test_a_page_gets_the_answer_that_another_process_gave(parts: tuple[App, App]) -> None:
    """The bell carries it on PostgreSQL; on SQLite the page looks by itself."""
    web, _ = parts
    async with httpx.AsyncClient(base_url=web.config.public_url, timeout=20) as http:
        page = await http.get("/")
        token = (await http.get("/chat/token")).text.strip()
        assert page.status_code == 200
        async with http.stream("GET", "/chat/events") as events:
            headers = {"x-csrftoken": token, "accept": "application/json"}
            form = {"id": "message-1", "text": "你好", "value": ""}
            said = await http.post("/chat/messages", data=form, headers=headers)
            assert said.status_code == 202, said.text
            async with asyncio.timeout(10):
                async for line in events.aiter_lines():
                    if "机器" in line:
                        break


@pytest.mark.postgres
@pytest.mark.slow
async def test_bells_are_heard_by_the_others_and_say_when_some_were_missed(
    postgres_url: str,
) -> None:
    stop = asyncio.Event()
    heard: list[list[str]] = [[], []]
    pair = [Bells(postgres_url), Bells(postgres_url)]
    for bells, words in zip(pair, heard, strict=True):
        bells.hears(Bell.PAGE, words.append)
    running = [asyncio.create_task(bells.run(stop)) for bells in pair]
    await until(lambda: all(bells.is_connected for bells in pair), 20)
    assert heard == [[""], [""]], "who connects may have missed something"
    for number in range(300):
        pair[0].ring(Bell.PAGE, f"{number:064}")
    await until(lambda: len(heard[1]) == 301, 10)
    assert heard[0] == [""], "one's own are known"
    await cut(postgres_url)
    await until(lambda: all(words.count("") == 2 for words in heard), 20)
    pair[0].ring(Bell.PAGE, "x")
    await until(lambda: "x" in heard[1], 20)
    stop.set()
    await asyncio.gather(*running)


async def cut(url: str) -> None:
    """Break every connection but this one."""
    from sqlalchemy import text

    from storage.engine import make_engine

    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await engine.dispose()


def test_many_words_are_put_in_few_payloads() -> None:
    words = [f"page:{number:064}" for number in range(300)]
    made = payloads(words)
    assert " ".join(made).split() == words
    assert max(map(len, made)) < 8000
    assert len(made) == 3
    assert payloads([]) == []


async def test_who_works_leaves_the_others_asleep_until_it_needs_them(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Bell] = []
    async with process(sqlite_url, tmp_path, Part.ALL) as app:
        app.bells.is_connected = True
        monkeypatch.setattr(app.bells, "ring", lambda bell, _what="": rung.append(bell))
        hello = Inbound("console", "a", "m1", app.now(), text="您好")
        await app.intake.answer(hello)
        assert Bell.IN not in rung
        app.intake._busy = app.config.workers.turns
        await app.intake.accept(Inbound("console", "b", "m2", app.now(), text="您好"))
        assert Bell.IN in rung
        app.intake._busy = 0
        app.bells.is_connected = False


async def test_a_machine_with_another_key_is_refused_and_keeps_no_key_of_its_own(
    sqlite_url: str, tmp_path: Path
) -> None:
    config = Config(
        data_dir=tmp_path / "second machine", database=DatabaseSettings(url=SecretStr(sqlite_url))
    )
    with pytest.raises(KeyProblem, match="YULU_KEY"):
        await open_database(config)
    assert not config.key_file.exists(), "it would be in the way of the right one"
    config.key_file.write_text(KEY)
    await (await open_database(config)).close()
    config.key_file.write_text("cd" * 32)
    with pytest.raises(KeyProblem):
        await open_database(config)
    assert config.key_file.exists(), "what somebody put there is theirs"
