"""Keeps the order of each sender's calls when they come at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turnstile:
    """Lets the calls of one sender through one at a time, in the order they came."""

    def __init__(self) -> None:
        self._queues: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, sender: str) -> AsyncIterator[None]:
        """Wait for the sender's earlier calls."""
        lock, waiting = self._queues.get(sender, (asyncio.Lock(), 0))
        self._queues[sender] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._queues.pop(sender)
            if waiting > 1:
                self._queues[sender] = (lock, waiting - 1)
