"""People and programs that talk to the service as in life: they repeat what was not confirmed."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp

from tests.torture.process import Process
from tests.torture.scripts import Line, Talk
from tests.torture.telegram import BadTelegram

TOKEN = "torture"
PATIENCE = 240.0
"""Seconds after which a person says: nobody answered me."""

AGAIN = 0.1
CALL = aiohttp.ClientTimeout(total=45, sock_connect=2)

Answer = list[dict[str, Any]]


@dataclass
class Told:
    """What one person was told, line by line, and what was wrong with it."""

    talk: Talk
    answers: list[Answer] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    acknowledged: int = 0


class Town:
    """Everybody, and the way to whichever process answers."""

    def __init__(self, processes: list[Process], telegram: BadTelegram, polls: bool, seed: int):
        self._processes = processes
        self.telegram = telegram
        self._polls = polls
        self._rng = Random(seed)
        self._next = 0
        self.http = aiohttp.ClientSession(timeout=CALL)
        self.told: list[Told] = []
        self.repeated = Counter[str]()
        self.answered = 0

    async def talk(self, talk: Talk) -> None:
        """One whole talk."""
        told = Told(talk)
        self.told.append(told)
        try:
            if talk.channel == "rest":
                await self._over_http(told)
            else:
                await self._over_telegram(told)
        except TimeoutError:
            told.complaints.append(f"line {told.acknowledged + 1} was never answered")

    async def _over_http(self, told: Told) -> None:
        talk = told.talk
        for number, (line, text) in enumerate(zip(talk.script.lines, talk.said(), strict=True)):
            answer = await self._call(talk.address, f"m{number}", text)
            told.answers.append(answer)
            told.acknowledged += 1
            self._check(told, line, [each["text"] for each in answer])
        if self._rng.random() < AGAIN:
            number = self._rng.randrange(len(told.answers))
            again = await self._call(talk.address, f"m{number}", talk.said()[number])
            if again != told.answers[number]:
                told.complaints.append(f"line {number + 1} repeated got another answer")

    def _check(self, told: Told, line: Line, texts: list[str]) -> None:
        self.answered += 1
        if not any(line.answer in text for text in texts):
            told.complaints.append(f"line {told.acknowledged} got no answer that fits")

    async def _call(self, sender: str, message_id: str, text: str) -> Answer:
        body = {
            "sender": sender,
            "message": text,
            "metadata": {"message_id": message_id, "role": "parent"},
        }
        headers = {"authorization": f"Bearer {TOKEN}"}
        answer: Answer = await self._post("/webhooks/rest/webhook", body, headers)
        return answer

    async def _post(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        """Until somebody takes it: a refused connection leads to the next process."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self._next += 1
            base = self._processes[self._next % len(self._processes)].base
            try:
                async with self.http.post(base + path, json=body, headers=headers) as response:
                    if response.status in (200, 201):
                        content = await response.read()
                        return await response.json() if content else None
                    self.repeated[f"HTTP {response.status}"] += 1
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                self.repeated[type(error).__name__] += 1
            await asyncio.sleep(0.1 if len(self._processes) > 1 else 0.2)
        raise TimeoutError

    async def _over_telegram(self, told: Told) -> None:
        talk, read = told.talk, 0
        lines = list(zip(talk.script.lines, talk.said(), strict=True))
        waiting: list[Line] = []
        for index, (line, text) in enumerate(lines):
            await self._write(int(talk.address), text)
            told.acknowledged += 1
            waiting.append(line)
            if line.burst and index + 1 < len(lines):
                continue
            for each in waiting:
                read = await self._read(int(talk.address), each.answer, read)
            self.answered += len(waiting)
            waiting = []

    async def _write(self, chat: int, text: str) -> None:
        if self._polls:
            self.telegram.say(chat, text)
            return
        headers = {"x-telegram-bot-api-secret-token": TOKEN}
        await self._post("/webhooks/telegram", self.telegram.update(chat, text), headers)

    async def _read(self, chat: int, words: str, start: int) -> int:
        """Wait for a message with these words after the first `start`; how many were read then."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            texts = self.telegram.texts_of(chat)
            for number, text in enumerate(texts[start:], start + 1):
                if words in text:
                    return number
            await asyncio.sleep(0.05)
        raise TimeoutError
