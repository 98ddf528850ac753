"""What every fuzzed service has: chats, a clock, and the ways in which something happens to it."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.channels.base import Inbound
from nlu.types import Context, Engine, Understanding
from tests.conversation import Clock
from tests.fuzz.laws import Laws

CHATS = {"a": ("rest", "ua"), "a2": ("web", "wa"), "b": ("telegram", "77"), "o": ("rest", "uo")}
"""Two chats of one person, one of another, and an officer's own."""


@dataclass
class Listening:
    """The engine under test, or what a made-up understanding says instead; keeps what was heard."""

    engine: Engine
    told: Understanding | None = None
    last: Understanding | None = None

    def understand(self, text: str, context: Context) -> Understanding:
        """The made-up understanding, once, or the engine's."""
        told, self.told = self.told, None
        self.last = replace(told, text=text) if told else self.engine.understand(text, context)
        return self.last


@dataclass
class Stage(ABC):
    """One run: its clock, what was said and shown so far, and the laws it is held to."""

    engine: Engine
    clock: Clock = field(default_factory=Clock)
    sent: int = 0
    inputs: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    laws: Laws = field(default_factory=Laws)
    ids: dict[str, list[Inbound]] = field(default_factory=lambda: {chat: [] for chat in CHATS})
    offered: dict[str, list[str]] = field(default_factory=lambda: {chat: [] for chat in CHATS})
    references: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    scripts: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ear = Listening(self.engine)

    @abstractmethod
    def _say(self, chat: str, text: str, told: Understanding | None, **more: Any) -> None:
        """Send one message and judge what came of it."""

    @abstractmethod
    def redeliver(self, chat: str) -> None:
        """The channel sends the last message once more: nothing may change."""

    @abstractmethod
    def restart(self) -> None:
        """The process ends between two messages, and another one goes on."""

    @abstractmethod
    def wait(self, span: timedelta) -> None:
        """Time passes, and all work that falls due in it is done."""

    @abstractmethod
    def ask(self, which: int, text: str) -> None:
        """An officer asks the family something about a record, at the desk."""

    @abstractmethod
    def close(self) -> None:
        """Leave nothing behind."""

    def say(self, chat: str, text: str, told: Understanding | None = None, **more: Any) -> None:
        """One message, with whatever came beside its words."""
        self.seen["said"] += 1
        self.inputs += 1
        self._say(chat, text, told, **more)

    def press(self, chat: str, payload: str) -> None:
        """A button, offered or not."""
        self.seen["pressed"] += 1
        self.say(chat, "", value=payload)

    def edit(self, chat: str, back: int, text: str, told: Understanding | None) -> None:
        """A new version of an earlier message."""
        if earlier := self.ids[chat]:
            self.seen["edited"] += 1
            which = earlier[-1 - back % len(earlier)]
            self.say(chat, text, told, edit_of=which.external_id)

    def _next(self, chat: str, text: str, **more: Any) -> Inbound:
        """The message as its channel would hand it on."""
        self.sent += 1
        self.clock.at += timedelta(seconds=5)
        channel, address = CHATS[chat]
        base = Inbound(channel, address, f"{address}:{self.sent}", self.clock.at, text=text)
        inbound = replace(base, **more)
        self.ids[chat].append(inbound)
        return inbound

    def _shown(self, chat: str, texts: list[str], payloads: list[str]) -> None:
        """Buttons and one-time codes that can be used from now on."""
        self.codes += [code for text in texts for code in _CODE.findall(text)]
        self.offered[chat] = [*payloads, *self.offered[chat]][:40]


_CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")
