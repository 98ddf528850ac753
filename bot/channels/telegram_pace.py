"""Telegram's limits for sending: about 30 messages a second in all, one a second to a chat."""

from collections import OrderedDict

from aiolimiter import AsyncLimiter

A_SECOND = 30
CHATS_REMEMBERED = 2000


class Pace:
    """Waits until the next message may go."""

    def __init__(self) -> None:
        self._all = AsyncLimiter(A_SECOND, 1)
        self._chats: OrderedDict[str, AsyncLimiter] = OrderedDict()

    async def wait(self, address: str) -> None:
        """Return when a message to this chat keeps the limits."""
        await self._of_chat(address).acquire()
        await self._all.acquire()

    def _of_chat(self, address: str) -> AsyncLimiter:
        limiter = self._chats.pop(address, None) or AsyncLimiter(1, 1)
        self._chats[address] = limiter
        if len(self._chats) > CHATS_REMEMBERED:
            self._chats.popitem(last=False)
        return limiter
