"""`chat`: talk to the bot in a terminal, or pipe one message a line into it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.channels.console import NAME, PHOTO, ConsoleChannel, photo
from bot.cli.options import ConfigPath, DataDir, err, out, running, settings
from bot.config import Config
from bot.files import BadFile
from bot.sending.outbox import Sender

if TYPE_CHECKING:
    from bot.service.app import App

EXAMPLES = "例：python -m bot chat，或者 printf '你好\\n' | python -m bot chat --name 测试"
LEAVE = frozenset({"/exit", "/quit"})


class SpeakerRole(StrEnum):
    """Who is talking."""

    PARENT = "parent"
    CADRE = "cadre"


def chat(
    name: Annotated[str, typer.Option("--name", help="会话名；不同的名字是不同的人")] = "local",
    role: Annotated[
        SpeakerRole | None, typer.Option("--role", help="以谁的身份说话：家长或干部")
    ] = None,
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """在终端里和机器人聊天。

    /photo 路径 发照片，/exit 离开。也可以用管道，一行一条消息。
    """
    chosen = settings(config, data)
    from bot import logs

    logs.configure("warning")
    logs.catch_the_rest()
    running(_talk(chosen, name, role))


async def _talk(config: Config, name: str, role: SpeakerRole | None) -> None:
    from bot.service.app import build
    from bot.service.engine import look_at_rasa

    await asyncio.to_thread(look_at_rasa, config)
    app = await build(config)
    app.engine.load_in_background()
    try:
        channel = ConsoleChannel(out(), name, app.now, role=role.value if role else None)
        await Conversation(app, channel).run()
    finally:
        await app.close()


class Conversation:
    """The lines of one terminal, in order: each is answered before the next is read."""

    def __init__(self, app: "App", channel: ConsoleChannel) -> None:
        self._app = app
        self._channel = channel
        workers = app.config.workers
        self._sender = Sender(
            app.db, {NAME: channel}, app.now, attempts=workers.send_attempts, poll_seconds=1.0
        )

    async def run(self) -> None:
        """Talk until the input ends; in a terminal an officer's reply may come at any time."""
        stop = asyncio.Event()
        interactive = sys.stdin.isatty()
        listening = asyncio.create_task(self._sender.run(stop)) if interactive else None
        try:
            if interactive:
                out().print("您好！直接打字就行。/exit 离开。", style="dim")
            async for line in _lines(interactive):
                await self._say(line)
        finally:
            stop.set()
            if listening is not None:
                await listening

    async def _say(self, line: str) -> None:
        inbound = self._channel.inbound(line)
        if line.startswith(PHOTO):
            try:
                kept = await photo(
                    line, self._app.files, self._app.db, self._channel.address, self._app.now()
                )
            except BadFile as bad:
                err().print(bad.reason, style="yellow")
                return
            except OSError as error:
                err().print(f"读不了这个文件：{error.strerror}", style="yellow")
                return
            inbound = replace(inbound, text="", files=(kept,))
        await asyncio.to_thread(self._app.engine.load)  # it may have to be trained first
        try:
            await self._app.intake.answer(inbound)
        except TimeoutError:
            err().print("这句话还在办，请过一会儿再问。", style="yellow")
        while await self._sender.send_due():
            pass


async def _lines(interactive: bool) -> AsyncIterator[str]:
    """The non-empty lines of stdin, read in a thread so that the loop goes on."""
    while True:
        line = await asyncio.to_thread(_read, "您：" if interactive else "")
        if line is None or line.strip() in LEAVE:
            return
        if line.strip():
            yield line


def _read(prompt: str) -> str | None:
    try:
        return input(prompt) if prompt else sys.stdin.readline() or None
    except (EOFError, KeyboardInterrupt):
        return None
