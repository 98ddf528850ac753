"""A stand-in for Telegram's Bot API: its limits, its 429, its outages; it notes all it takes."""

import asyncio
import math
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

TOKEN = "42:STANDIN"
FOREVER = 3600.0


@dataclass(frozen=True)
class Taken:
    """A message that Telegram took; without an answer the sender cannot know it."""

    at: float
    chat: int
    text: str
    is_answered: bool


@dataclass
class Bucket:
    """Lets through `size` at once and `a_second` in the long run."""

    a_second: float
    size: float
    filled: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.filled = self.size

    def take(self, now: float) -> bool:
        """Whether one more may pass now."""
        self.filled = min(self.size, self.filled + (now - self.at) * self.a_second)
        self.at = now
        if self.filled < 1:
            return False
        self.filled -= 1
        return True


class Mood(StrEnum):
    """How it takes a request."""

    THERE = "there"
    HANGS = "hangs"


class TelegramStandIn:
    """Runs in the test's own loop; `storm`, `refuse` and `hang` make it unpleasant."""

    def __init__(self, a_second: float, a_chat: float) -> None:
        self._a_chat = a_chat
        self._all = Bucket(a_second, a_second)
        self._chats: dict[int, Bucket] = {}
        self._mood = Mood.THERE
        self._told_until = 0.0
        self._storm = 0
        self._swallowed = 0
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._updates: list[dict[str, Any]] = []
        self.taken: list[Taken] = []
        self.texts: set[str] = set()
        self.told: list[tuple[float, float]] = []
        self.away: list[tuple[float, float]] = []
        self.refused = Counter[str]()

    @property
    def base(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen, after an outage at the same port."""
        app = web.Application()
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._call)
        # not 0: aiohttp takes that for no limit and waits for those it never answers
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the door and every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def storm(self, seconds: int) -> None:
        """Answer the next message with 429, and all others until that time is over."""
        self._storm = seconds

    async def refuse(self, seconds: float) -> None:
        """Be away: connections are refused."""
        began = now()
        await self.stop()
        await asyncio.sleep(seconds)
        await self.start()
        self.away.append((began, now()))

    async def hang(self, seconds: float) -> None:
        """Be away: nothing is ever answered, every second message is taken all the same."""
        began = now()
        self._mood = Mood.HANGS
        await asyncio.sleep(seconds)
        self._mood = Mood.THERE
        self.away.append((began, now()))

    def say(self, chat: int, text: str) -> None:
        """A person writes to the bot."""
        number = len(self._updates) + 1
        who = {"id": chat, "is_bot": False, "first_name": "家长"}
        message = {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}}
        self._updates.append(
            {"update_id": number, "message": {**message, "from": who, "text": text}}
        )

    async def _call(self, request: web.Request) -> web.Response:
        form = await request.post()
        match request.match_info["method"]:
            case "sendMessage":
                return await self._send(int(str(form["chat_id"])), str(form["text"]))
            case "getUpdates":
                return await self._give_updates(int(str(form.get("offset", 0))))
            case "getMe":
                await self._may_hang()
                return _ok({"id": 42, "is_bot": True, "first_name": "育路"})
            case _:
                return _ok(True)

    async def _send(self, chat: int, text: str) -> web.Response:
        if self._mood is Mood.HANGS:
            self._swallowed += 1
            if self._swallowed % 2:
                self._take(chat, text, is_answered=False)
            await asyncio.sleep(FOREVER)
        if wait := self._must_wait(chat):
            return _too_many(wait)
        self._take(chat, text, is_answered=True)
        return _ok(
            {"message_id": len(self.taken), "date": 0, "chat": {"id": chat, "type": "private"}}
        )

    def _take(self, chat: int, text: str, *, is_answered: bool) -> None:
        self.taken.append(Taken(now(), chat, text, is_answered))
        self.texts.add(text)

    def _must_wait(self, chat: int) -> int:
        moment = now()
        if moment < self._told_until:
            self.refused["while told to wait"] += 1
            return math.ceil(self._told_until - moment)
        of_chat = self._chats.setdefault(chat, Bucket(self._a_chat, 2))
        seconds = 0
        if self._storm:
            self.refused["storm"] += 1
            seconds, self._storm = self._storm, 0
        elif not of_chat.take(moment):
            self.refused["one chat"] += 1
            seconds = 1
        elif not self._all.take(moment):
            self.refused["all"] += 1
            seconds = 1
        if seconds:
            self._told_until = moment + seconds
            self.told.append((moment, self._told_until))
        return seconds

    async def _give_updates(self, offset: int) -> web.Response:
        for _ in range(20):
            await self._may_hang()
            if ready := [each for each in self._updates if each["update_id"] >= offset]:
                return _ok(ready)
            await asyncio.sleep(0.1)
        return _ok([])

    async def _may_hang(self) -> None:
        if self._mood is Mood.HANGS:
            await asyncio.sleep(FOREVER)


def now() -> float:
    """The time of the running loop."""
    return asyncio.get_running_loop().time()


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _too_many(seconds: int) -> web.Response:
    return web.json_response(
        {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        },
        status=429,
    )
