"""The stand-in for Telegram in a bad mood: it fails, hangs, refuses, says 429, answers rubbish."""

import asyncio
from itertools import cycle, groupby
from typing import Any

from aiohttp import web

from tests.channels.telegram_standin import Taken, TelegramStandIn
from tests.torture.process import TurnedClock

ANY = 100_000.0
"""So many a second that its limits play no part."""

RUBBISH = cycle(
    (
        (200, "<html>Login to the hotel network</html>"),
        (200, "{}"),
        (200, '{"ok": true}'),
        (200, ""),
        (500, '{"ok": false}'),
        (500, "null"),
        (418, "[1, 2"),
        (200, '{"ok": true, "result": "yes"}'),
    )
)


class BadTelegram(TelegramStandIn):
    """What people write is kept until the service has confirmed it."""

    def __init__(self, clock: TurnedClock) -> None:
        super().__init__(ANY, ANY)
        self._clock = clock
        self._number = 0
        self._trouble = ""
        self._confirmed = 0
        self._heard: dict[int, list[Taken]] = {}

    def taken_by(self, chat: int) -> list[Taken]:
        """What this chat got, doubles too."""
        return self._heard.get(chat, [])

    def texts_of(self, chat: int) -> list[str]:
        """What this chat got; what came twice in a row, once."""
        return [text for text, _ in groupby(each.text for each in self.taken_by(chat))]

    def update(self, chat: int, text: str) -> dict[str, Any]:
        """What a person writes, as an update."""
        self._number += 1
        number = self._number
        who = {"id": chat, "is_bot": False, "first_name": "家长"}
        sent = int(self._clock.now().timestamp())
        message = {"message_id": number, "date": sent, "chat": {"id": chat, "type": "private"}}
        return {"update_id": number, "message": {**message, "from": who, "text": text}}

    def say(self, chat: int, text: str) -> None:
        """A person writes; the service fetches it."""
        self._updates.append(self.update(chat, text))

    async def fail(self, seconds: float) -> None:
        """Answer everything with 502."""
        await self._in_trouble("fail", seconds)

    async def babble(self, seconds: float) -> None:
        """Answer everything with rubbish."""
        await self._in_trouble("babble", seconds)

    async def _in_trouble(self, what: str, seconds: float) -> None:
        self._trouble = what
        await asyncio.sleep(seconds)
        self._trouble = ""

    async def _call(self, request: web.Request) -> web.Response:
        if self._trouble == "fail":
            return web.Response(status=502, text="Bad Gateway")
        if self._trouble == "babble":
            status, text = next(RUBBISH)
            return web.Response(status=status, text=text, content_type="application/json")
        return await super()._call(request)

    def _take(self, chat: int, text: str, *, is_answered: bool) -> None:
        super()._take(chat, text, is_answered=is_answered)
        self._heard.setdefault(chat, []).append(self.taken[-1])

    async def _give_updates(self, offset: int) -> web.Response:
        self._confirmed = max(self._confirmed, offset - 1)
        self._updates = [each for each in self._updates if each["update_id"] > self._confirmed]
        return await super()._give_updates(offset)
