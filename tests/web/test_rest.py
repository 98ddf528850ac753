"""Chat over HTTP: contract section 4."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from litestar.testing import AsyncTestClient
from pydantic import SecretStr

from bot.channels import rest
from bot.channels.base import Button, Inbound
from bot.config import Rest
from bot.web.server import create_server
from tests.web.conftest import NOW, REST_TOKEN, Client, FakeService, bearer

URL = "/webhooks/rest/webhook"
AUTH = bearer(REST_TOKEN)


async def send(client: Client, body: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.post(URL, json=body, headers=AUTH)
    assert answer.status_code == 200, answer.text
    messages: list[dict[str, Any]] = answer.json()
    return messages


@pytest.mark.parametrize(
    "headers", [{}, bearer("wrong"), {"authorization": REST_TOKEN}, bearer("")]
)
async def test_without_the_token_401(client: Client, headers: dict[str, str]) -> None:
    answer = await client.post(URL, json={"sender": "u1", "message": "你好"}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_configured_token_there_is_no_channel(service: FakeService) -> None:
    off = Rest(token=SecretStr(""))
    service.config = service.config.model_copy(update={"rest": off})
    async with AsyncTestClient(create_server(service)) as client:
        answer = await client.post(URL, json={"sender": "u", "message": "x"}, headers=bearer(""))
        assert answer.status_code == 404


async def test_an_answer_has_every_key_always(client: Client, service: FakeService) -> None:
    assert await send(client, {"sender": "u1", "message": "你好"}) == [
        {"recipient_id": "u1", "text": "听到：你好", "buttons": [], "custom": {}}
    ]
    service.intake.buttons = (Button("是", "!ok=yes"),)
    service.intake.custom = {"flow": "aid", "asks": "child_name"}
    [answer] = await send(client, {"sender": "u1", "message": "申请"})
    assert answer["buttons"] == [{"title": "是", "payload": "!ok=yes"}]
    assert answer["custom"] == {"flow": "aid", "asks": "child_name"}


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[]",
        '{"message": "x"}',
        '{"sender": "", "message": "x"}',
        '{"sender": 5, "message": "x"}',
        '{"sender": "u", "message": 7}',
        '{"sender": "u", "message": "half \\ud800"}',
        '{"sender": "u\\u0000", "message": "x"}',
        '{"sender": "u", "message": "x", "metadata": []}',
        '{"sender": "u", "message": "x", "metadata": {"sent_at": "yesterday"}}',
        '{"sender": "u", "message": "x", "metadata": {"role": "king"}}',
        '{"sender": "u", "message": "x", "metadata": {"message_id": {}}}',
    ],
)
async def test_what_is_no_message_gets_a_problem(client: Client, body: str) -> None:
    answer = await client.post(URL, content=body, headers=AUTH)
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


async def test_the_same_id_twice_is_one_message_with_one_answer(
    client: Client, service: FakeService
) -> None:
    body = {"sender": "u1", "message": "你好", "metadata": {"message_id": "m1"}}
    first = await send(client, body)
    await send(client, {"sender": "u1", "message": "别的", "metadata": {"message_id": "m2"}})
    assert await send(client, body) == first
    assert [heard.text for heard in service.intake.heard] == ["你好", "别的"]


async def test_ids_are_each_senders_own(client: Client, service: FakeService) -> None:
    for sender in ("u1", "u2"):
        body = {"sender": sender, "message": sender, "metadata": {"message_id": "m1"}}
        assert (await send(client, body))[0]["recipient_id"] == sender
    assert len(service.intake.heard) == 2


async def test_what_waited_comes_before_the_answer_and_again_in_a_repeat(
    client: Client, service: FakeService
) -> None:
    await send(client, {"sender": "u1", "message": "你好"})
    async with service.db.write() as uow:
        talk = await uow.conversations.find("rest", "u1")
        assert talk is not None
        await uow.outbox.add(talk.id, "工作人员的话", [], {}, service.now())
    body = {"sender": "u1", "message": "在吗", "metadata": {"message_id": "m9"}}
    first = await send(client, body)
    assert [message["text"] for message in first] == ["工作人员的话", "听到：在吗"]
    assert await send(client, body) == first
    later = await send(client, {"sender": "u1", "message": "好"})
    assert [message["text"] for message in later] == ["听到：好"]


async def test_a_payload_is_a_press_and_words_are_not() -> None:
    pressed = rest.read({"sender": "u", "message": "!aid.grade=小学"}, NOW).inbound
    assert (pressed.text, pressed.value) == ("", "!aid.grade=小学")
    for text in ("你好", "!", "! a=b", "!a=b c", "a!b=c", "!A=" + "x" * 80):
        said = rest.read({"sender": "u", "message": text}, NOW).inbound
        assert (said.text, said.value) == (text, None)


async def test_role_and_time_of_sending_are_kept() -> None:
    metadata = {"role": "cadre", "sent_at": "2026-11-20T09:00:00+08:00"}
    body = {"sender": "u", "message": "昨天", "metadata": metadata}
    heard = rest.read(body, NOW).inbound
    assert heard.role == "cadre"
    assert heard.sent_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    metadata["sent_at"] = "2026-11-20T09:00:00"
    assert rest.read(body, NOW).inbound.sent_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


async def test_calls_of_a_sender_are_handled_in_the_order_they_came(
    client: Client, service: FakeService
) -> None:
    async def slow_at_first(inbound: Inbound) -> None:
        await asyncio.sleep(0.05 if inbound.text == "0" else 0)

    service.intake.before = slow_at_first
    calls = []
    for number in range(4):
        calls.append(asyncio.create_task(send(client, {"sender": "u", "message": str(number)})))
        await asyncio.sleep(0.005)
    answers = await asyncio.gather(*calls)
    assert [heard.text for heard in service.intake.heard] == ["0", "1", "2", "3"]
    assert [messages[0]["text"] for messages in answers] == [f"听到：{n}" for n in range(4)]


async def test_telegram_is_handed_the_update_and_its_secret(
    client: Client, service: FakeService
) -> None:
    url = "/webhooks/telegram"
    assert (await client.post(url, json={"update_id": 1})).status_code == 404

    class Telegram:
        def admits(self, secret: str | None) -> bool:
            return secret == "s3cret"

        async def webhook(self, payload: dict[str, Any], secret: str | None) -> int:
            return 200 if (payload, secret) == ({"update_id": 1}, "s3cret") else 401

    service.telegram = Telegram()
    secret = {"x-telegram-bot-api-secret-token": "s3cret"}
    assert (await client.post(url, json={"update_id": 1}, headers=secret)).status_code == 200
    assert (await client.post(url, json={"update_id": 1})).status_code == 403
    assert (await client.post(url, content="x", headers=secret)).status_code == 400
