"""What the service is measured against: a bare echo, a bare durable commit, Rasa's parse."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import Chat, Message, Update, User
from sqlalchemy import make_url

_LINE = "一条消息，和我们存下的差不多长。" * 20
"""About as many bytes as a stored message."""


async def _together(senders: int, seconds: float, one: Callable[[], Awaitable[object]]) -> float:
    """How often a second so many together can do it."""
    done, end = 0, time.perf_counter() + seconds
    began = time.perf_counter()

    async def again() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await one()
            done += 1

    await asyncio.gather(*(again() for _ in range(senders)))
    return done / (time.perf_counter() - began)


class _Nowhere(BaseSession):
    """Stands where Telegram is: every message is taken at once."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - its name
    ) -> Any:
        return Message(message_id=1, date=datetime.now(UTC), chat=Chat(id=1, type="private"))

    async def close(self) -> None:
        """Nothing is open."""

    def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """No file is there."""
        raise NotImplementedError


def echo(senders: int, seconds: float) -> float:
    """Messages a second of aiogram that says back what it hears and stores nothing."""
    dispatcher, bot = Dispatcher(), Bot("1:measured", session=_Nowhere())
    numbers = count(1)

    async def say_back(message: Message) -> None:
        await message.answer(message.text or "")

    dispatcher.message.register(say_back)

    async def one() -> None:
        update = {
            "update_id": next(numbers),
            "message": {
                **{"message_id": 1, "date": 1764000000, "text": "我想给孩子申请助学金"},
                **{"chat": {"id": 1, "type": "private"}},
                "from": User(id=1, is_bot=False, first_name="乌云").model_dump(),
            },
        }
        await dispatcher.feed_update(bot, Update.model_validate(update))

    return asyncio.run(_together(senders, seconds, one))


def sqlite_commits(folder: Path, seconds: float, disk: float = 0.0) -> float:
    """Durable commits a second of one row each, by the only writer there can be."""
    connection = sqlite3.connect(folder / "commits.db", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, line TEXT)")
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO t (line) VALUES (?)", (_LINE,))
            time.sleep(disk) if disk else None
            connection.execute("COMMIT")
            done += 1
        return done / (time.perf_counter() - began)
    finally:
        connection.close()


def postgres_commits(url: str, senders: int, seconds: float) -> float:
    """Durable commits a second of one row each, one connection for each sender."""

    async def measured() -> float:
        plain = make_url(url).render_as_string(hide_password=False)
        connections = [await asyncpg.connect(plain) for _ in range(senders)]
        try:
            await connections[0].execute(
                "CREATE TABLE IF NOT EXISTS bare_commits (id bigserial PRIMARY KEY, line text)"
            )
            free = list(connections)

            async def one() -> None:
                mine = free.pop()
                try:
                    await mine.execute("INSERT INTO bare_commits (line) VALUES ($1)", _LINE)
                finally:
                    free.append(mine)

            return await _together(senders, seconds, one)
        finally:
            for connection in connections:
                await connection.close()

    return asyncio.run(measured())


def rasa_parses(url: str, token: str, senders: int, seconds: float, words: Sequence[str]) -> float:
    """Messages a second that a Rasa server parses: the same messages, and nothing else done."""
    said = count()

    async def measured() -> float:
        async with aiohttp.ClientSession() as session:

            async def one() -> None:
                text = words[next(said) % len(words)]
                address = f"{url}/model/parse"
                async with session.post(
                    address, params={"token": token}, json={"text": text}
                ) as answer:
                    answer.raise_for_status()
                    await answer.json()

            return await _together(senders, seconds, one)

    return asyncio.run(measured())
