"""What other programs post: nothing is read without the secret, too large, or broken."""

import asyncio
import json
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.config import TelegramSettings
from bot.service.serving import QuietServer, listen
from bot.web.door.slow_bodies import Patience
from bot.web.server import create_server
from bot.web.site import Site
from bot.web.webhooks import LARGEST_CALL, LARGEST_UPDATE, TELEGRAM_SECRET
from tests.web.conftest import REST_TOKEN, Client, FakeService, bearer
from tests.web.test_login_limits import at

REST, TELEGRAM = "/webhooks/rest/webhook", "/webhooks/telegram"
SECRET = "s3cret-of-the-webhook"
RIGHT = {REST: bearer(REST_TOKEN), TELEGRAM: {TELEGRAM_SECRET: SECRET}}
WRONG = {REST: bearer(f"{REST_TOKEN}x"), TELEGRAM: {TELEGRAM_SECRET: f"{SECRET}x"}}


@pytest.fixture(autouse=True)
def _telegram(service: FakeService) -> None:
    settings = TelegramSettings.model_validate(
        {"token": "1:a", "webhook_url": "https://y.example/t", "webhook_secret": SECRET}
    )
    service.telegram = TelegramChannel(settings, service.files, service.db, service.now)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was parsed as JSON."""
    seen: list[Any] = []
    real = json.loads

    def loads(content: Any, **more: Any) -> Any:
        seen.append(content)
        return real(content, **more)

    monkeypatch.setattr("bot.web.webhooks.json.loads", loads)
    return seen


@pytest.mark.parametrize(("path", "status"), [(REST, 401), (TELEGRAM, 403)])
async def test_nothing_is_parsed_without_the_secret(
    client: Client, parsed: list[Any], path: str, status: int
) -> None:
    for headers in ({}, WRONG[path], {k: v[:-1] for k, v in RIGHT[path].items()}):
        answer = await client.post(path, content="{" * 1000, headers=headers)
        assert answer.status_code == status
    assert parsed == []


@pytest.mark.parametrize("path", [REST, TELEGRAM])
@pytest.mark.parametrize(
    "body", ["", "{", "[1]", '"x"', "null", "[" * 100_000, '{"a": NaN}x', b"\xff\xfe\x00"]
)
async def test_a_broken_body_is_said_to_be_broken(
    client: Client, path: str, body: str | bytes
) -> None:
    answer = await client.post(path, content=body, headers=RIGHT[path])
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "most"), [(REST, LARGEST_CALL), (TELEGRAM, LARGEST_UPDATE)])
async def test_a_large_body_is_refused_before_it_is_parsed(
    client: Client, parsed: list[Any], path: str, most: int
) -> None:
    async def trickle() -> Any:
        for _ in range(most // 1000 + 2):
            yield b" " * 1000

    async with at(client.app, "203.0.113.9") as caller:
        for content in (b" " * (most + 1), trickle()):
            answer = await caller.post(path, content=content, headers=RIGHT[path])
            assert answer.status_code == 413
    assert parsed == []


async def test_one_person_of_another_program_may_not_flood(
    client: Client, service: FakeService
) -> None:
    few = service.config.security.model_copy(update={"messages_a_minute": 3})
    service.config = service.config.model_copy(update={"security": few})
    client.app.state["site"] = Site(service)
    bodies = [{"sender": "u", "message": f"话{n}"} for n in range(4)]
    found = [await client.post(REST, json=body, headers=RIGHT[REST]) for body in bodies]
    assert [answer.status_code for answer in found] == [200, 200, 200, 429]
    assert found[3].headers["retry-after"] == "20" and "请过一会儿再试" in found[3].json()["detail"]
    other = await client.post(REST, json={"sender": "v", "message": "话"}, headers=RIGHT[REST])
    assert other.status_code == 200
    assert len(service.intake.heard) == 4, "what was refused was not taken in by half"


@pytest.mark.slow
async def test_a_body_that_trickles_is_given_up(service: FakeService) -> None:
    socket = listen("127.0.0.1", 0)
    server = QuietServer(create_server(service))
    server.config.app = Patience(create_server(service), piece=0.3, whole=1.0)
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    await server.ready.wait()
    head = f"POST {REST} HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n"
    head += f"authorization: Bearer {REST_TOKEN}\r\n\r\n"

    async def status(pause: float) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", socket.getsockname()[1])
        writer.write(head.encode())
        answer = asyncio.create_task(reader.readline())
        while not answer.done():
            writer.write(b" ")
            await asyncio.sleep(pause)
        writer.close()
        return answer.result()

    assert b" 408 " in await asyncio.wait_for(status(5), 10), "one long pause"
    assert b" 408 " in await asyncio.wait_for(status(0.1), 10), "a byte now and then"
    server.should_exit = server.force_exit = True
    await serving


async def test_who_waits_for_answers_is_not_given_up() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "http.request"
        assert (await receive())["type"] == "http.disconnect"

    async def receive() -> Any:
        if not sent:
            sent.append(1)
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.sleep(0.2)
        return {"type": "http.disconnect"}

    sent: list[int] = []
    await Patience(app, piece=0.05, whole=0.1)({"type": "http"}, receive, None)  # type: ignore[arg-type]
