"""The bot in a terminal: buttons as a numbered list, replies printed; the intake is the same."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from rich.cells import cell_len
from rich.console import Console as Terminal
from rich.text import Text

from bot.channels.base import Accept, Inbound, InboundFile, Outbound, Retry
from bot.files import FileStore

if TYPE_CHECKING:
    from storage.db import Database

NAME = "console"
PHOTO = "/photo "
INDENT = "  "
HANGING = "，。、；：！？）》”"
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
        self._terminal.print(self._shown(message), soft_wrap=True)
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
        shown = Text()
        for line in message.text.splitlines():
            for piece in folded(line, self._width - len(INDENT)):
                shown.append(f"{INDENT}{piece}\n")
        for number, button in enumerate(message.buttons, 1):
            shown.append(f"{INDENT}  {number}. ", style="bold cyan")
            shown.append(f"{button.title}\n", style="cyan")
        return shown


def folded(line: str, width: int) -> list[str]:
    """The line in pieces that fit, none beginning with a comma or stop.

    Rich would break Chinese at its few blanks and leave a bullet alone on its line.
    """
    pieces = [""]
    for character in line:
        full = cell_len(pieces[-1] + character) > width
        if full and character not in HANGING:
            pieces.append("")
        pieces[-1] += character
    return pieces


async def photo(
    line: str, files: FileStore, db: "Database", address: str, now: datetime
) -> InboundFile:
    """The file a `/photo PATH` line names. Raises BadFile, or OSError for an unreadable path."""
    name, content = await asyncio.to_thread(_read, line.removeprefix(PHOTO).strip())
    return await files.receive(db, NAME, address, content, name, now)


def _read(typed_path: str) -> tuple[str, bytes]:
    path = Path(typed_path).expanduser()
    return path.name, path.read_bytes()
