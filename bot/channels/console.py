"""The bot in a terminal: buttons as a numbered list, replies printed; the intake is the same."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from rich.console import Console as Terminal
from rich.padding import Padding
from rich.text import Text

from bot.channels.base import Accept, Inbound, InboundFile, Outbound, Retry
from bot.files import FileStore

if TYPE_CHECKING:
    from storage.db import Database

NAME = "console"
PHOTO = "/photo "
NOT_OURS_SECONDS = 5.0


class ConsoleChannel:
    """One person at one terminal; `address` keeps conversations apart."""

    name = NAME

    def __init__(
        self,
        terminal: Terminal,
        address: str,
        now: Callable[[], datetime],
        *,
        role: str | None = None,
        width: int = 72,
    ) -> None:
        self.address = address
        self._terminal = terminal
        self._now = now
        self._role = role
        self._width = width

    async def run(self, accept: Accept) -> None:
        """Nothing to receive by itself: `chat` reads the lines and calls `inbound`."""

    async def send(self, message: Outbound) -> str:
        """Print a message; one for another terminal is left to that terminal."""
        if message.address != self.address:
            raise Retry(NOT_OURS_SECONDS, "another terminal's message")
        self._terminal.print(Padding(self._shown(message), (0, 0, 1, 2)), width=self._width)
        return f"{NAME}:{message.outbox_id}"

    def inbound(self, line: str) -> Inbound:
        """One typed line as a message."""
        return Inbound(
            channel=NAME,
            address=self.address,
            external_id=uuid4().hex,
            sent_at=self._now(),
            text=line.strip(),
            role=self._role,
        )

    def _shown(self, message: Outbound) -> Text:
        shown = Text(message.text)
        for number, button in enumerate(message.buttons, 1):
            shown.append(f"\n  {number}. ", style="bold cyan").append(button.title, style="cyan")
        return shown


async def photo(
    line: str, files: FileStore, db: "Database", address: str, now: datetime
) -> InboundFile:
    """The file a `/photo PATH` line names. Raises BadFile, or OSError for an unreadable path."""
    name, content = await asyncio.to_thread(_read, line.removeprefix(PHOTO).strip())
    return await files.receive(db, NAME, address, content, name, now)


def _read(typed_path: str) -> tuple[str, bytes]:
    path = Path(typed_path).expanduser()
    return path.name, path.read_bytes()
