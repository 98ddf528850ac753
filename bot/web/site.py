"""What the HTTP side needs of the running service, and small facts of a request."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from litestar.connection import ASGIConnection

from bot.channels.base import Inbound
from bot.channels.webchat import WebChat
from bot.config import Config
from bot.files import FileStore
from bot.login.shared_throttle import SharedThrottle
from bot.login.throttle import Limit, Throttle
from bot.watch.watch import Watch
from bot.web.door.turnstile import Turnstile
from storage.db import Database

Connection = ASGIConnection[Any, Any, Any, Any]

CHAT_LIMIT = Limit(40, timedelta(minutes=1))
NEW_CHAT_LIMIT = Limit(300, timedelta(minutes=1))
VISITS_LIMIT = Limit(6000, timedelta(minutes=1))
TOKEN_LIMIT = Limit(60, timedelta(minutes=1))
HASHES_AT_ONCE = 2


class Intake(Protocol):
    """The durable entrance of messages."""

    async def accept(self, inbound: Inbound, counted: Sequence[tuple[str, Limit]] = ()) -> bool:
        """Store a message and wake the worker; False when it was known. Raises TooMany."""
        ...

    async def settle(self, inbound: Inbound) -> int:
        """Store a message, wait until it is handled, return its number."""
        ...


class TelegramWebhook(Protocol):
    """Telegram's updates by webhook."""

    def admits(self, secret: str | None) -> bool:
        """Whether a caller knows the webhook's secret."""
        ...

    async def webhook(self, payload: dict[str, Any], secret: str | None) -> int:
        """Take one update; returns the HTTP status to answer with."""
        ...


class Service(Protocol):
    """The part of `bot.service.app.App` that HTTP uses."""

    @property
    def config(self) -> Config: ...

    @property
    def db(self) -> Database: ...

    @property
    def intake(self) -> Intake: ...

    @property
    def files(self) -> FileStore: ...

    @property
    def webchat(self) -> WebChat: ...

    @property
    def telegram(self) -> TelegramWebhook | None: ...

    @property
    def watch(self) -> Watch: ...

    @property
    def is_ready(self) -> bool: ...

    def now(self) -> datetime: ...


@dataclass(frozen=True)
class Site:
    """The service and the limits of one server."""

    service: Service
    chat: Throttle = field(default_factory=lambda: Throttle(CHAT_LIMIT))
    new_chat: Throttle = field(default_factory=lambda: Throttle(NEW_CHAT_LIMIT))
    visits: SharedThrottle = field(default_factory=lambda: SharedThrottle("visits", VISITS_LIMIT))
    streams: Counter[str] = field(default_factory=Counter)
    """Pages that are being written to, by network."""
    token: SharedThrottle = field(default_factory=lambda: SharedThrottle("no token", TOKEN_LIMIT))
    turnstile: Turnstile = field(default_factory=Turnstile)
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HASHES_AT_ONCE))
    """A try of a password takes 64 MB: many at once must not take the machine's memory."""
    account: SharedThrottle = field(init=False)
    """All that one officer or one program asks for."""
    sender: SharedThrottle = field(init=False)
    """What one person writes through another program."""

    def __post_init__(self) -> None:
        a_minute = Limit(self.service.config.security.requests_a_minute, timedelta(minutes=1))
        object.__setattr__(self, "account", SharedThrottle("account", a_minute))
        a_sender = Limit(self.service.config.security.messages_a_minute, timedelta(minutes=1))
        object.__setattr__(self, "sender", SharedThrottle("sender", a_sender))

    @property
    def https(self) -> bool:
        """Whether people reach the site by https, so that cookies may be kept to it."""
        return self.public_url.startswith("https://")

    @property
    def public_url(self) -> str:
        """The address people open."""
        return self.service.config.public_url

    @property
    def db(self) -> Database:
        """The records."""
        return self.service.db

    def now(self) -> datetime:
        """The present moment of the service's clock."""
        return self.service.now()

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same after a restart, derived from the service's key."""
        return hashlib.sha256(self.db.keyring.blind(f"web:{purpose}").encode()).digest()


def site_of(connection: Connection) -> Site:
    """The site that serves this request."""
    return cast(Site, connection.app.state["site"])
