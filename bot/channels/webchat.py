"""The parents' web page as a channel: messages lie in the outbox, sending only wakes open pages."""

import asyncio
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.base import Accept, Outbound

NAME = "web"


def new_ticket() -> str:
    """A fresh secret for a browser's cookie; whoever has it has the conversation."""
    return secrets.token_urlsafe(32)


def address_of(ticket: str) -> str:
    """The address of a browser's conversation: a hash, so that the database opens no page."""
    return hashlib.sha256(f"yulu web {ticket}".encode()).hexdigest()


class WebChat:
    """The channel `web`; every open page listens at its address."""

    name = NAME

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}

    async def run(self, accept: Accept) -> None:
        """Nothing to receive: the HTTP routes deliver."""
        await asyncio.Event().wait()

    async def send(self, message: Outbound) -> str:
        """Wake the pages of the address; they read the outbox themselves."""
        self.ring(message.address)
        return f"{NAME}:{message.outbox_id}"

    def ring(self, address: str) -> None:
        """Tell the open pages of an address that there may be something new."""
        for bell in self._listeners.get(address, ()):
            bell.set()

    def listeners(self, address: str) -> int:
        """How many pages are open at the address."""
        return len(self._listeners.get(address, ()))

    @contextmanager
    def listening(self, address: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the address is rung, for as long as the page is open."""
        bell = asyncio.Event()
        self._listeners.setdefault(address, set()).add(bell)
        try:
            yield bell
        finally:
            others = self._listeners[address]
            others.discard(bell)
            if not others:
                del self._listeners[address]
