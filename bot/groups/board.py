"""What a messenger does for work groups: topics that are opened, written in and closed."""

from collections.abc import Sequence
from typing import Any, Protocol


class ThreadGone(Exception):
    """Somebody deleted the topic."""


class Board(Protocol):
    """A messenger with groups that have topics.

    Every way raises Retry or Away when it is to be tried again, Gone when the group is lost.
    """

    async def open(self, chat: int, title: str) -> int:
        """A new topic; its number."""
        ...

    async def post(
        self, chat: int, thread: int, text: str, buttons: Sequence[dict[str, Any]]
    ) -> None:
        """Write in a topic. Raises ThreadGone."""
        ...

    async def close(self, chat: int, thread: int) -> None:
        """Nobody writes there any more. Raises ThreadGone."""
        ...

    async def reopen(self, chat: int, thread: int) -> None:
        """The topic is in use again. Raises ThreadGone."""
        ...
