"""The Telegram channel: long polling or a webhook, with an update confirmed only once it is stored.

aiogram's own polling confirms updates before handlers end, so the offset is kept here. aiogram is
imported when the channel starts, in a thread: it takes seconds and nobody else needs it.
"""

import asyncio
import hmac
import importlib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels import telegram_in, telegram_out
from bot.channels.base import Accept, Inbound, Outbound, Retry
from bot.channels.pace import Limits
from bot.channels.telegram_groups import TelegramBoard
from bot.channels.telegram_in import FileToFetch, Heard, InGroup, LeftGroup, Reach
from bot.config import TelegramSettings
from bot.files import BadFile, BadFileKind, FileStore
from bot.groups.hearing import Said, Taken, take
from bot.sending.lane import this_process

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import Update

    from storage.db import Database

POLL_SECONDS = 25
POLL_LEASE = timedelta(seconds=60)
"""For so long the process that polls is the only one; renewed well before it ends."""

WAIT_FOR_POLL = 5.0
CHAT_SECONDS = 1.0
DOWNLOAD_TRIES = 3
DOWNLOAD_PAUSE = 1.0
LONGEST_PAUSE = 60.0
UNREACHABLE = "file_unreachable"
GROUP_HINT = "您好！为了保护孩子的信息，我只在一对一的聊天里办事。请点我的头像，给我发私信。"

log = structlog.get_logger()


class TelegramChannel:
    """People on Telegram; `run` receives, `send` sends, `webhook` takes what Telegram posts."""

    name = telegram_in.NAME

    def __init__(
        self,
        settings: TelegramSettings,
        files: FileStore,
        db: "Database",
        now: Callable[[], datetime],
        bot: "Bot | None" = None,
        process: str | None = None,
    ) -> None:
        self._process = process or this_process()
        self._polls_until = 0.0
        self.settings = settings
        self._files = files
        self._db = db
        self._now = now
        self._bot = bot
        self._opening = asyncio.Lock()
        self._accept: Accept | None = None
        self.is_registered = False
        self._hinted: set[int] = set()
        self._begun: dict[int, int] = {}

    @property
    def board(self) -> TelegramBoard:
        """The work groups on Telegram."""
        return TelegramBoard(self.bot)

    @property
    def limits(self) -> Limits:
        """What Telegram lets a bot send: so many a second in all, one a second to one chat."""
        return Limits(a_second=self.settings.a_second, rest=CHAT_SECONDS)

    async def bot(self) -> "Bot":
        """The Bot API client, made at its first use."""
        async with self._opening:
            if self._bot is None:
                client = await asyncio.to_thread(
                    importlib.import_module, "bot.channels.telegram_client"
                )
                self._bot = client.open_bot(self.settings)
            return self._bot

    async def run(self, accept: Accept) -> None:
        """Receive until cancelled, by polling or by webhook as configured."""
        self._accept = accept
        try:
            await (self._serve_webhook() if self.settings.webhook_url else self._poll())
        finally:
            self._accept = None

    async def close(self) -> None:
        """Close the connection to Telegram."""
        if self._bot is not None:
            await self._bot.session.close()

    async def send(self, message: Outbound) -> str:
        """Send one message; returns chat and message id. Raises Away or Gone."""
        return await telegram_out.send(await self.bot(), message, self._begun)

    async def ping(self) -> None:
        """Ask Telegram who we are; it answers when it is there."""
        await (await self.bot()).get_me()

    def admits(self, secret: str | None) -> bool:
        """Whether a caller knows the webhook's secret; compared in constant time."""
        expected = self.settings.webhook_secret.get_secret_value()
        return bool(expected) and hmac.compare_digest((secret or "").encode(), expected.encode())

    async def webhook(self, payload: dict[str, Any], secret: str | None) -> int:
        """Take one posted update; the HTTP status to answer with: 200 only once it is stored."""
        if not self.admits(secret):
            return 403
        if self._accept is None:
            return 503
        bot = await self.bot()
        types = importlib.import_module("aiogram.types")
        try:
            update = types.Update.model_validate(payload, context={"bot": bot})
        except ValueError:
            log.warning("telegram.unreadable", update=payload.get("update_id"))
            return 200  # asking for it again would not make it readable
        await self.handle(update)
        return 200

    async def handle(self, update: "Update") -> None:
        """Store what an update says; whoever calls confirms it only after this returns."""
        match telegram_in.read(update, self._now()):
            case Heard() as heard:
                await self._hear(heard)
            case Reach(address=address, gone=gone):
                await self._reach(address, gone)
            case InGroup() as said:
                await self._hear_group(said)
            case LeftGroup(chat_id=chat_id):
                await self._left(chat_id)

    async def _poll(self) -> None:
        try:
            await self._poll_in_turn()
        finally:
            self._polls_until = 0.0
            with suppress(Exception):  # then the lease ends by itself
                async with self._db.write() as uow:
                    await uow.lanes.stops_receiving(self.name, self._process, self._now())

    async def _may_poll(self) -> bool:
        """Whether no other process polls: Telegram gives each update to one of them only."""
        begun = time.monotonic()
        if begun < self._polls_until:
            return True
        async with self._db.write() as uow:
            mine = await uow.lanes.receives(self.name, self._process, POLL_LEASE, self._now())
        if mine:  # renewed while there is time for one more poll that takes its longest
            self._polls_until = begun + POLL_LEASE.total_seconds() - (POLL_SECONDS + 15)
        return mine

    async def _poll_in_turn(self) -> None:
        offset: int | None = None
        failures = 0
        ready = False
        while True:
            try:
                if not await self._may_poll():
                    offset, ready = None, False
                    await asyncio.sleep(WAIT_FOR_POLL)
                    continue
                bot = await self.bot()
                if not ready:
                    await bot.delete_webhook(drop_pending_updates=False)
                    ready = True
                for update in await self._updates(bot, offset):
                    await self.handle(update)
                    offset = update.update_id + 1
                failures = 0
            except Exception as error:
                failures += 1
                await self._pause(error, failures)

    async def _updates(self, bot: "Bot", offset: int | None) -> "list[Update]":
        return await bot.get_updates(
            offset=offset,
            timeout=POLL_SECONDS,
            allowed_updates=telegram_in.ALLOWED_UPDATES,
            request_timeout=POLL_SECONDS + 10,
        )

    async def _serve_webhook(self) -> None:
        failures = 0
        while True:
            try:
                bot = await self.bot()
                await bot.set_webhook(
                    self.settings.webhook_url,
                    secret_token=self.settings.webhook_secret.get_secret_value(),
                    allowed_updates=telegram_in.ALLOWED_UPDATES,
                    drop_pending_updates=False,
                    max_connections=1,  # side by side, messages of one burst overtake each other
                )
                self.is_registered = True
                break
            except Exception as error:
                failures += 1
                await self._pause(error, failures)
        await asyncio.Event().wait()

    async def _pause(self, error: Exception, failures: int) -> None:
        """Wait longer with each failure in a row; the service goes on without Telegram."""
        seconds = min(2.0 ** min(failures, 6), LONGEST_PAUSE)
        seconds = max(seconds, float(getattr(error, "retry_after", 0)))
        log.warning("telegram.waiting", error=type(error).__name__, seconds=seconds)
        await asyncio.sleep(seconds)

    async def _hear(self, heard: Heard) -> None:
        inbound = await self._with_file(heard.inbound, heard.file)
        if self._accept is None:
            raise Retry(None, "the channel is not receiving")
        await self._accept(inbound)
        if heard.callback is not None:
            await self._answer(heard.callback)

    async def _with_file(self, inbound: Inbound, file: FileToFetch | None) -> Inbound:
        if file is None:
            return inbound
        try:
            if (file.size or 0) > self._files.max_bytes:
                raise BadFile(BadFileKind.TOO_BIG)
            content = await self._download(file.id)
            if content is None:
                return replace(inbound, unsupported=UNREACHABLE)
            kept = await self._files.receive(
                self._db, self.name, inbound.address, content, file.name, self._now()
            )
        except BadFile as bad:
            return replace(inbound, unsupported=str(bad.kind))
        return replace(inbound, files=(kept,))

    async def _download(self, file_id: str) -> bytes | None:
        """The bytes of a file; None when Telegram does not give it even after some tries."""
        bot = await self.bot()
        for attempt in range(DOWNLOAD_TRIES):
            try:
                content = await bot.download(file_id)
                return content.read() if content else None
            except Exception as error:
                log.warning("telegram.download", error=type(error).__name__, attempt=attempt)
                await asyncio.sleep(DOWNLOAD_PAUSE * (attempt + 1))
        return None

    async def _hear_group(self, said: InGroup) -> None:
        """An officer's line counts as written in private; others are told once where to write."""
        words = Said(said.chat_id, said.who, said.thread, said.text, said.value, said.has_topics)
        taken = await take(self._db, self.name, words, self._now())
        if taken is not None and taken.told is not None:
            await self._quietly(said.chat_id, taken.told)
        elif taken is not None:
            await self._hear(_as_private(self.name, said, taken))
        elif said.chat_id not in self._hinted:
            self._hinted.add(said.chat_id)
            if not await self._is_work_group(said.chat_id):
                await self._quietly(said.chat_id, GROUP_HINT)

    async def _is_work_group(self, chat_id: int) -> bool:
        async with self._db.read() as uow:
            group = await uow.groups.of_chat(chat_id)
            return group is not None and group.ended_at is None

    async def _left(self, chat_id: int) -> None:
        async with self._db.write() as uow:
            group = await uow.groups.of_chat(chat_id)
            if group is not None:
                group.ended_at = group.ended_at or self._now()

    async def _reach(self, address: str, gone: bool) -> None:
        now = self._now()
        async with self._db.write() as uow:
            conversation = await uow.conversations.find(self.name, address)
            if conversation is not None:
                conversation.gone_at = now if gone else None

    async def _answer(self, callback: str) -> None:
        """Stop the button's clock; an old press cannot be answered, which harms nobody."""
        try:
            await (await self.bot()).answer_callback_query(callback)
        except Exception as error:
            log.info("telegram.callback", error=type(error).__name__)

    async def _quietly(self, chat_id: int, text: str) -> None:
        try:
            await (await self.bot()).send_message(chat_id, text)
        except Exception as error:
            log.info("telegram.group", error=type(error).__name__)


def _as_private(channel: str, said: InGroup, taken: Taken) -> Heard:
    """The line of a group member as if it had been written in their own chat."""
    inbound = Inbound(
        channel=channel,
        address=str(said.who),
        external_id=said.external_id,
        sent_at=said.sent_at or datetime.now(UTC),
        text=taken.line or "",
        value=taken.value,
    )
    return Heard(inbound, callback=said.callback)
