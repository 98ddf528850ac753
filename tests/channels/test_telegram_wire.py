"""A whole dropout report over a Bot API server that we did not write, by polling and by webhook.

Needs Node and TELEGRAM_TEST_API, a folder with the npm package telegram-test-api.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from pydantic import SecretStr

from bot.config import Config, TelegramSettings, Web, Workers
from bot.service.app import App, build
from bot.service.serving import listen
from bot.service.supervisor import Supervisor
from storage.kinds import RecordKind
from tests.channels.conftest import until

TOKEN = "42:WIRE"
CHAT = 700123
FRONT = Path(__file__).parent / "telegram_front.js"
PACKAGES = os.environ.get("TELEGRAM_TEST_API", "")
REPORT = (
    "我们嘎查的小军不念书了，14岁，初二，巴彦呼舒第三中学，科右中旗巴彦呼舒镇，上周一开始没来，厌学"
)

pytestmark = [
    pytest.mark.node,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (PACKAGES and shutil.which("node")),
        reason="needs Node and TELEGRAM_TEST_API",
    ),
]


class Person:
    """Somebody with Telegram on their phone."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._read: list[dict[str, Any]] = []
        self.heard: list[str] = []

    async def say(self, text: str = "", **content: Any) -> None:
        """Send a message."""
        if text:
            content["text"] = text
        await self._post("/sendMessage", {**self._envelope(), **content})

    async def press(self, message: dict[str, Any], payload: str) -> None:
        """Press a button below a message of the bot."""
        below = {"message_id": message["messageId"], **self._envelope(), "text": "?"}
        body = {"data": payload, "from": self._envelope()["from"], "message": below}
        await self._post("/sendCallback", {**body, "botToken": TOKEN})

    async def hear(self) -> dict[str, Any]:
        """The bot's next message."""
        for _ in range(1200):
            if self._read:
                self.heard.append(self._read[0]["message"]["text"])
                return self._read.pop(0)
            answer = await self._post("/getUpdates", {"token": TOKEN, "chatId": CHAT})
            self._read += answer["result"]
            await asyncio.sleep(0.05)
        raise AssertionError(f"the bot says no more than: {self.heard}")

    async def hear_until(self, words: str) -> dict[str, Any]:
        """The bot's next message with these words."""
        while True:
            message = await self.hear()
            if words in message["message"]["text"]:
                return message

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = await self._http.post(path, json=body)
        answer: dict[str, Any] = response.json()
        assert answer["ok"], answer
        return answer

    def _envelope(self) -> dict[str, Any]:
        now = int(asyncio.get_running_loop().time()) + 1_795_400_000
        sender = {"id": CHAT, "is_bot": False, "first_name": "乌兰"}
        chat = {"id": CHAT, "type": "private"}
        return {"botToken": TOKEN, "date": now, "chat": chat, "from": sender}


@asynccontextmanager
async def bot_api() -> AsyncIterator[httpx.AsyncClient]:
    """The Bot API server in its own process."""
    process = await asyncio.create_subprocess_exec(
        "node",
        str(FRONT),
        PACKAGES,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(await asyncio.wait_for(process.stdout.readline(), 20))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            yield http
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 10)


@asynccontextmanager
async def service(folder: Path, api: str, *, by_webhook: bool) -> AsyncIterator[App]:
    """Our whole service with Telegram switched on."""
    server_socket = listen("127.0.0.1", 0)
    port = server_socket.getsockname()[1]
    telegram = TelegramSettings(
        token=SecretStr(TOKEN),
        api_base=api,
        webhook_url=f"http://127.0.0.1:{port}/webhooks/telegram" if by_webhook else "",
        webhook_secret=SecretStr("wire-secret" if by_webhook else ""),
    )
    config = Config(
        data_dir=folder,
        telegram=telegram,
        web=Web(port=port),
        workers=Workers(poll_seconds=0.1),
    )
    app = await build(config)
    supervisor = Supervisor(app, server_socket)
    ready = asyncio.Event()
    running = asyncio.create_task(supervisor.run(ready.set))
    try:
        await asyncio.wait_for(ready.wait(), 30)
        yield app
    finally:
        supervisor.stop.set()
        await asyncio.wait_for(running, 20)
        await app.close()
        server_socket.close()


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (80, 60), "green").save(out, "JPEG")
    return out.getvalue()


async def state(http: httpx.AsyncClient) -> dict[str, Any]:
    result: dict[str, Any] = (await http.get("/test/state")).json()["result"]
    return result


def payloads(message: dict[str, Any]) -> list[str]:
    rows = message["message"]["reply_markup"]["inline_keyboard"]
    return [button["callback_data"] for row in rows for button in row]


async def report(person: Person) -> dict[str, Any]:
    """The whole report; returns the message with the reference."""
    await person.say(REPORT)
    question = await person.hear_until("现在在哪里")
    photo = {"file_id": "home", "file_unique_id": "u", "width": 80, "height": 60}
    await person.say(photo=[photo], caption="这是他家门口")
    await person.hear_until("照片收到了")
    await person.press(question, "!cmd=skip_rest")
    summary = await person.hear_until("请看看对不对")
    [confirm, *_] = payloads(summary)
    await person.press(summary, confirm)
    return await person.hear_until("编号：D")


@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_a_whole_dropout_report(tmp_path: Path, by_webhook: bool) -> None:
    async with bot_api() as http:
        await http.put("/test/file/home", content=jpeg(), headers={"content-type": "image/jpeg"})
        api = str(http.base_url).rstrip("/")
        async with service(tmp_path, api, by_webhook=by_webhook) as app:
            if by_webhook:
                assert app.telegram is not None
                await until(lambda: app.telegram and app.telegram.is_registered)
            await report(Person(http))
            await assert_filed(app)
            seen = await state(http)
    assert len(seen["pressed"]) == 2
    assert seen["webhookAnswers"] == ([200] * 4 if by_webhook else [])


async def assert_filed(app: App) -> None:
    """One case with the normalised answers, and the photo without its metadata on disk."""
    async with app.db.read() as uow:
        talk = await uow.conversations.find("telegram", str(CHAT))
        assert talk is not None
        [case] = await uow.records.of_person(talk.person_id, kinds=[RecordKind.DROPOUT_CASE])
        photos = await uow.attachments.of_reference(case.reference)
    assert case.slots["child_name"] == "小军"
    assert case.slots["age"] == 14
    assert case.slots["grade"] == "初中二年级"
    assert case.region_code is not None
    assert case.region_code.startswith("152222")
    assert len(photos) == 1
    assert (await app.files.read(photos[0])).startswith(b"\xff\xd8")
