"""Who waits for the answer to a message; woken when any process has handled it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels import rest
from bot.service.bells import Bell, Bells


class Callers:
    """The calls of this process that are not answered yet, by conversation."""

    def __init__(self, bells: Bells | None) -> None:
        self._bells = bells
        self._waiting: dict[int, set[asyncio.Event]] = {}

    @contextmanager
    def calling(self, conversation_id: int) -> Iterator[asyncio.Event]:
        """An event that is set whenever a message of the conversation was handled."""
        bell = asyncio.Event()
        callers = self._waiting.setdefault(conversation_id, set())
        callers.add(bell)
        try:
            yield bell
        finally:
            callers.discard(bell)
            if not callers:
                self._waiting.pop(conversation_id, None)

    def tell(self, conversation_id: int, channel: str) -> None:
        """A message was handled here; only calls over HTTP may wait in another process."""
        if conversation_id in self._waiting:
            self.wake(str(conversation_id))
        elif self._bells is not None and channel == rest.NAME:
            self._bells.ring(Bell.DONE, str(conversation_id))

    def wake(self, conversation_id: str) -> None:
        """Let the callers of a conversation look again; without one, all of them."""
        if conversation_id:
            bells = self._waiting.get(int(conversation_id), set())
        else:
            bells = set().union(*self._waiting.values())
        for bell in bells:
            bell.set()
