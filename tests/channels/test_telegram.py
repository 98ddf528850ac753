"""The Telegram channel over a mocked Bot API: confirming, files, people who block, webhook."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    GetFile,
    GetMe,
    GetUpdates,
    SendMessage,
    SetWebhook,
)
from aiogram.types import Update
from PIL import Image
from pydantic import SecretStr
from teremok import MockBot

from bot.channels.base import Inbound
from bot.channels.telegram import GROUP_HINT, UNREACHABLE, TelegramChannel
from bot.config import TelegramSettings
from bot.files import FileStore
from bot.sending.outbox import Sender
from storage.db import Database
from tests.channels import updates
from tests.channels.conftest import Clock, until

SECRET = "s3cret"
Method = TypeVar("Method")


class Ear:
    """Takes messages as the intake does: each external id once; fails as often as told."""

    def __init__(self) -> None:
        self.heard: list[Inbound] = []
        self.failures = 0

    async def __call__(self, inbound: Inbound) -> bool:
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        if any(known.external_id == inbound.external_id for known in self.heard):
            return False
        self.heard.append(inbound)
        return True


class Api(MockBot):
    """A Bot API that gives out updates by offset, as Telegram does."""

    def __init__(self, *waiting: Update) -> None:
        super().__init__()
        self.waiting = list(waiting)
        self.confirmed = 0
        self.download_failures = 0

    async def __call__(self, method: Any, request_timeout: int | None = None) -> Any:
        if isinstance(method, GetUpdates):
            self.confirmed = max(self.confirmed, (method.offset or 1) - 1)
            ready = [u for u in self.waiting if u.update_id >= (method.offset or 0)]
            if not ready:
                await asyncio.sleep(0.01)
            return ready
        return await super().__call__(method, request_timeout)

    def calls(self, method: type[Method]) -> list[Method]:
        """The calls of one method so far."""
        return [call for call in self.requests.all if isinstance(call, method)]

    async def download(self, *args: Any, **kwargs: Any) -> Any:
        if self.download_failures:
            self.download_failures -= 1
            raise TelegramNetworkError(SendMessage(chat_id=1, text="x"), "down")
        return await super().download(*args, **kwargs)


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


def settings(**changed: Any) -> TelegramSettings:
    return TelegramSettings(token=SecretStr("42:TEST"), **changed)


@pytest.fixture
def ear() -> Ear:
    return Ear()


def channel_of(
    api: Api, db: Database, folder: Path, clock: Clock, **changed: Any
) -> TelegramChannel:
    files = FileStore(folder / "files", db.keyring, max_bytes=1 << 20)
    return TelegramChannel(settings(**changed), files, db, clock, bot=api)


async def run_until(channel: TelegramChannel, ear: Ear, count: int) -> None:
    """Receive until so many messages are heard, and a little longer, so that they get confirmed."""
    running = asyncio.create_task(channel.run(ear))
    await until(lambda: len(ear.heard) >= count)
    await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.LONGEST_PAUSE", 0.01)


async def test_update_is_confirmed_only_after_it_is_stored(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear, no_pause: None
) -> None:
    api = Api(updates.message(5, text="一"), updates.message(6, message_id=42, text="二"))
    channel = channel_of(api, db, tmp_path, clock)
    ear.failures = 2
    stored_when_confirmed: list[int] = []
    accept = ear.__call__

    async def watched(inbound: Inbound) -> bool:
        assert api.confirmed < 5, "confirmed before it was stored"
        stored = await accept(inbound)
        stored_when_confirmed.append(api.confirmed)
        return stored

    running = asyncio.create_task(channel.run(watched))
    await until(lambda: api.confirmed >= 6)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [inbound.text for inbound in ear.heard] == ["一", "二"]


async def test_polling_first_takes_down_a_webhook_without_dropping_updates(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    api = Api(updates.message(1, text="您好"))
    await run_until(channel_of(api, db, tmp_path, clock), ear, 1)
    [call] = api.calls(DeleteWebhook)
    assert call.drop_pending_updates is False


async def test_network_trouble_ends_by_itself(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear, no_pause: None
) -> None:
    class Shaky(Api):
        troubles = 2

        async def __call__(self, method: Any, request_timeout: int | None = None) -> Any:
            if isinstance(method, GetUpdates) and self.troubles:
                self.troubles -= 1
                raise TelegramNetworkError(method, "down")
            return await super().__call__(method, request_timeout)

    await run_until(channel_of(Shaky(updates.message(text="您好")), db, tmp_path, clock), ear, 1)
    assert ear.heard[0].text == "您好"


async def test_press_is_stored_and_then_answered(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    api = Api(updates.callback("yes", "77"))
    await run_until(channel_of(api, db, tmp_path, clock), ear, 1)
    assert ear.heard[0].value == "yes"
    assert [call.callback_query_id for call in api.calls(AnswerCallbackQuery)] == ["77"]


async def test_photo_is_fetched_cleaned_and_recorded(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    api = Api(updates.message(photo=[updates.photo_size("p", 40, 30)], caption="户口本"))
    api.add_file("p", jpeg())
    channel = channel_of(api, db, tmp_path, clock)
    await run_until(channel, ear, 1)
    [file] = ear.heard[0].files
    assert file.mime == "image/jpeg"
    assert ear.heard[0].text == "户口本"
    async with db.read() as uow:
        row = await uow.attachments.get(file.attachment)
        talk = await uow.conversations.find("telegram", str(updates.CHAT))
    assert row is not None
    assert talk is not None
    assert row.conversation_id == talk.id
    assert (tmp_path / "files" / row.path).exists()


async def test_wrong_kind_of_file_is_named(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    document = {"file_id": "d", "file_unique_id": "u", "file_name": "a.jpg"}
    api = Api(updates.message(document=document))
    api.add_file("d", b"MZ" + bytes(300))
    await run_until(channel_of(api, db, tmp_path, clock), ear, 1)
    assert ear.heard[0].unsupported == "file_wrong_kind"
    assert ear.heard[0].files == ()


async def test_file_that_is_too_big_is_not_even_fetched(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    document = {"file_id": "d", "file_unique_id": "u", "file_size": 5 << 20}
    api = Api(updates.message(document=document))
    await run_until(channel_of(api, db, tmp_path, clock), ear, 1)
    assert ear.heard[0].unsupported == "file_too_big"
    assert api.calls(GetFile) == []


@pytest.mark.parametrize(("failures", "expected"), [(1, None), (9, UNREACHABLE)])
async def test_download_is_tried_again_and_its_loss_does_not_lose_the_message(
    db: Database,
    tmp_path: Path,
    clock: Clock,
    ear: Ear,
    monkeypatch: pytest.MonkeyPatch,
    failures: int,
    expected: str | None,
) -> None:
    monkeypatch.setattr("bot.channels.telegram.DOWNLOAD_PAUSE", 0.0)
    api = Api(updates.message(photo=[updates.photo_size("p", 40, 30)], caption="户口本"))
    api.add_file("p", jpeg())
    api.download_failures = failures
    await run_until(channel_of(api, db, tmp_path, clock), ear, 1)
    assert ear.heard[0].unsupported == expected
    assert ear.heard[0].text == "户口本"
    assert len(ear.heard[0].files) == (0 if expected else 1)


async def test_a_person_who_blocks_the_bot_is_gone_until_they_return(
    db: Database, tmp_path: Path, clock: Clock
) -> None:
    channel = channel_of(Api(), db, tmp_path, clock)
    await channel.handle(updates.membership("kicked"))  # nobody we know: nothing happens
    async with db.write() as uow:
        await uow.conversations.get_or_create("telegram", str(updates.CHAT), clock())

    async def gone_at() -> Any:
        async with db.read() as uow:
            talk = await uow.conversations.find("telegram", str(updates.CHAT))
        assert talk is not None
        return talk.gone_at

    await channel.handle(updates.membership("kicked"))
    assert await gone_at() == clock()
    await channel.handle(updates.membership("member"))
    assert await gone_at() is None


async def test_a_group_is_told_once_to_write_in_private(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    api = Api()
    channel = channel_of(api, db, tmp_path, clock)
    for _ in range(3):
        await channel.handle(updates.message(chat_type="group", text="@bot 小军不上学了"))
    assert [call.text for call in api.calls(SendMessage)] == [GROUP_HINT]
    assert ear.heard == []


async def test_an_officers_line_in_a_work_group_counts_as_written_in_private(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("telegram", str(updates.CHAT), clock())
        who = await uow.officers.add(
            name="王老师", role="officer", region_code="152222", now=clock()
        )
        who.conversation_id = talk.id
    said = enumerate(("中午吃什么", "接单 D26-4830-215"), start=1)
    api = Api(*(updates.message(n, chat_type="supergroup", text=text) for n, text in said))
    await run_until(channel_of(api, db, tmp_path, clock), ear, 1)
    (line,) = ear.heard
    assert (line.address, line.text) == (str(updates.CHAT), "接单 D26-4830-215")


WEBHOOK = {"webhook_url": "https://yulu.cn/webhooks/telegram", "webhook_secret": SecretStr(SECRET)}


async def test_webhook_is_registered_with_its_secret_and_takes_updates(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    api = Api()
    channel = channel_of(api, db, tmp_path, clock, **WEBHOOK)
    payload = updates.message(text="您好").model_dump(mode="json", exclude_none=True)
    assert await channel.webhook(payload, SECRET) == 503
    running = asyncio.create_task(channel.run(ear))
    await asyncio.sleep(0.05)
    [call] = api.calls(SetWebhook)
    assert (call.secret_token, call.drop_pending_updates) == (SECRET, False)
    assert await channel.webhook(payload, "wrong") == 403
    assert await channel.webhook(payload, None) == 403
    assert await channel.webhook({"update_id": 1, "message": 3}, SECRET) == 200
    assert ear.heard == []
    for _ in range(5):
        assert await channel.webhook(payload, SECRET) == 200
    assert [inbound.text for inbound in ear.heard] == ["您好"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_webhook_is_not_acknowledged_when_storing_fails(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear
) -> None:
    channel = channel_of(Api(), db, tmp_path, clock, **WEBHOOK)
    running = asyncio.create_task(channel.run(ear))
    await asyncio.sleep(0.05)
    ear.failures = 1
    payload = updates.message(text="您好").model_dump(mode="json", exclude_none=True)
    with pytest.raises(OSError, match="disk is full"):
        await channel.webhook(payload, SECRET)
    assert await channel.webhook(payload, SECRET) == 200
    assert len(ear.heard) == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_webhook_without_a_secret_of_ours_lets_nobody_in(
    db: Database, tmp_path: Path, clock: Clock
) -> None:
    channel = channel_of(Api(), db, tmp_path, clock)
    assert await channel.webhook({"update_id": 1}, "") == 403


async def test_one_chat_gets_one_message_a_second_and_others_do_not_wait_for_it(
    db: Database, tmp_path: Path, clock: Clock
) -> None:
    api = Api()
    channel = channel_of(api, db, tmp_path, clock)
    now = partial(datetime.now, UTC)
    sender = Sender(db, {"telegram": channel}, now, attempts=3, poll_seconds=30)
    async with db.write() as uow:
        for chat in "11234":
            talk = await uow.conversations.get_or_create("telegram", chat, clock())
            await uow.outbox.add(talk.id, "您好", [], {}, clock())
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await until(lambda: len(api.calls(SendMessage)) == 4)
    began = loop.time()
    assert {call.chat_id for call in api.calls(SendMessage)} == {1, 2, 3, 4}
    await until(lambda: len(api.calls(SendMessage)) == 5)
    assert loop.time() - began >= 0.7
    stop.set()
    await running


async def test_telegram_says_whether_it_is_there(
    db: Database, tmp_path: Path, clock: Clock
) -> None:
    api = Api()
    await channel_of(api, db, tmp_path, clock).ping()
    assert len(api.calls(GetMe)) == 1


async def test_of_two_processes_one_polls_and_the_other_takes_over(
    db: Database, tmp_path: Path, clock: Clock, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram gives an update to one poll only and breaks off the other: they take turns."""
    monkeypatch.setattr("bot.channels.telegram.WAIT_FOR_POLL", 0.01)
    apis = [Api(), Api(updates.message(1, text="您好"))]
    files = FileStore(tmp_path / "files", db.keyring, max_bytes=1 << 20)
    first, second = (
        TelegramChannel(settings(), files, db, clock, bot=api, process=name)
        for name, api in zip("ab", apis, strict=True)
    )
    polling = asyncio.create_task(first.run(ear))
    await until(lambda: apis[0].calls(DeleteWebhook))
    waiting = asyncio.create_task(second.run(ear))
    await asyncio.sleep(0.1)
    assert not apis[1].calls(DeleteWebhook)
    assert not ear.heard
    polling.cancel()  # stopped gently; killed, its lease would have to end
    await asyncio.gather(polling, return_exceptions=True)
    await until(lambda: ear.heard)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
