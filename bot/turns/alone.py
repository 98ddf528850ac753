"""What was in hand in several deaths of a process is handled by itself.

A process that dies takes all along that it had in hand, whichever message was to blame. By itself a
message is either done, however short the lives of processes have become, or shows what it does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Room:
    """Many are in it together, or one alone; who has to be alone goes before who comes later."""

    def __init__(self) -> None:
        self._inside = 0
        self._is_closed = False
        self._to_be_alone = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def entered(self, alone: bool) -> AsyncIterator[None]:
        """Wait for one's turn, and be in it until the end of the block."""
        async with self._changed:
            self._to_be_alone += alone
            try:
                await self._changed.wait_for(lambda: self._may_enter(alone))
            finally:
                self._to_be_alone -= alone
            self._inside += 1
            self._is_closed = alone
        try:
            yield
        finally:
            async with self._changed:
                self._inside -= 1
                self._is_closed = False
                self._changed.notify_all()

    def _may_enter(self, alone: bool) -> bool:
        if alone:
            return not self._inside
        return not self._is_closed and not self._to_be_alone
