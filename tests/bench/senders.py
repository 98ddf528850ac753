"""Concurrent senders that talk to the service over its REST interface and time each message."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp

from tests.bench.talks import LONGEST, Talk, talk

TOKEN = "measured-on-this-machine-only"


@dataclass
class Heard:
    """What a stretch of talking showed; `spans` are seconds per message."""

    spans: list[float] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Messages a second."""
        return len(self.spans) / self.seconds if self.seconds else 0.0


async def talk_for(url: str, senders: int, messages: int, numbers: "count[int]") -> Heard:
    """Have so many talk at the same time until so many messages are answered; talks are ended."""
    heard = Heard()
    began = time.perf_counter()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        line = _Line(session, f"{url}/webhooks/rest/webhook", heard)
        async with asyncio.TaskGroup() as group:
            for _ in range(senders):
                group.create_task(_sender(line, messages, numbers))
    heard.seconds = time.perf_counter() - began
    return heard


@dataclass
class _Line:
    session: aiohttp.ClientSession
    url: str
    heard: Heard

    async def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """Send one message; the answers."""
        began = time.perf_counter()
        async with self.session.post(self.url, json={"sender": sender, "message": text}) as answer:
            answer.raise_for_status()
            said: list[dict[str, Any]] = await answer.json()
        self.heard.spans.append(time.perf_counter() - began)
        self.heard.words.append(text)
        return said


async def _sender(line: _Line, messages: int, numbers: "count[int]") -> None:
    while len(line.heard.spans) < messages:
        number = next(numbers)
        each = talk(number)
        is_whole = await _whole(line, f"sender-{number}", each)
        (line.heard.ended if is_whole else line.heard.broken)[each.kind] += 1


async def _whole(line: _Line, sender: str, each: Talk) -> bool:
    """Talk until the matter is settled; False when it never is."""
    said = await line.say(sender, each.opening)
    for _ in range(LONGEST):
        if each.is_over(said):
            for words in each.last_words:
                await line.say(sender, words)
            return True
        answer = each.reply(said)
        if answer is None:
            return False
        said = await line.say(sender, answer)
    return False
