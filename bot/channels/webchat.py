"""The parents' web page as a channel: messages lie in the outbox, sending only wakes open pages."""

import asyncio
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.base import Accept, Outbound
from bot.service.bells import Bell, Bells

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

    def __init__(self, bells: Bells | None = None) -> None:
        """`bells` reach the pages that other processes serve."""
        self._bells = bells
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
        if address in self._listeners:
            self.wake(address)
        elif self._bells is not None:
            self._bells.ring(Bell.PAGE, address)

    def wake(self, address: str) -> None:
        """Wake the pages that this process serves: those of an address, or all."""
        if address:
            bells = self._listeners.get(address, set())
        else:
            bells = set().union(*self._listeners.values())
        for bell in bells:
            bell.set()

    @property
    def must_look(self) -> bool:
        """Whether another process may have news of which no bell tells."""
        return self._bells is None or not self._bells.is_connected

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
