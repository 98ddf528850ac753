"""What every channel speaks: Inbound comes in, Outbound goes out; no Telegram, no HTTP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Button:
    """A choice: `title` is shown, `payload` comes back as `Inbound.value` (ASCII, <= 60 bytes)."""

    title: str
    payload: str


@dataclass(frozen=True)
class InboundFile:
    """A file already stored by `bot.files`: its attachment id and what it is."""

    attachment: int
    mime: str
    name: str = ""


@dataclass(frozen=True)
class Inbound:
    """One message of a person as a channel received it.

    `external_id` is unique within the channel and makes a redelivery harmless. `value` is the
    payload of a pressed button. `edit_of` names the external id of the message that this one
    replaces. `album` groups files sent together: they are one turn. `sent_at` is the person's own
    time; relative dates count from it.
    """

    channel: str
    address: str
    external_id: str
    sent_at: datetime
    text: str = ""
    value: str | None = None
    files: tuple[InboundFile, ...] = ()
    phone: str | None = None  # a shared contact
    location: tuple[float, float] | None = None  # latitude, longitude
    edit_of: str | None = None
    album: str | None = None
    role: str | None = None  # parent | cadre, when the channel knows
    sender_name: str | None = None
    unsupported: str | None = None  # "sticker": something we cannot read


@dataclass(frozen=True)
class Outbound:
    """One message to a person, already in words."""

    address: str
    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)
    outbox_id: int = 0


class Retry(Exception):
    """Sending failed for now; `after` seconds as the channel asks, or None for our own back-off."""

    def __init__(self, after: float | None = None, reason: str = "") -> None:
        super().__init__(reason or "try again later")
        self.after = after


class Away(Retry):
    """The channel as a whole fails or asks everybody to wait; no attempt is counted for it.

    Not `certain` means: it may be the message. It counts when others come through meanwhile.
    """

    def __init__(
        self, after: float | None = None, reason: str = "", *, certain: bool = True
    ) -> None:
        super().__init__(after, reason)
        self.certain = certain


class Gone(Exception):
    """The person cannot be reached any more: blocked the bot, deleted the account."""


Accept = Callable[[Inbound], Awaitable[bool]]
"""Store a message durably; False when it was known already. Acknowledge only after it returns."""


class Channel(Protocol):
    """One way to talk to people."""

    name: str

    async def run(self, accept: Accept) -> None:
        """Receive until cancelled."""
        ...

    async def send(self, message: Outbound) -> str:
        """Send one message; return the channel's own id. Raises Retry or Gone."""
        ...
