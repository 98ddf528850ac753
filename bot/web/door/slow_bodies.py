"""A request's body must arrive: whoever trickles it holds up a connection and is let go."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from litestar.exceptions import HTTPException

PIECE_SECONDS = 30.0
WHOLE_SECONDS = 600.0
"""Long enough for nine photos from a village, where 100 kilobytes a second are good."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]


class SlowBody(HTTPException):
    """The rest of a body did not come."""

    status_code = 408
    detail = "the body did not arrive in time"


class Patience:
    """An ASGI application with an end to its patience while a body is on its way."""

    def __init__(
        self, app: App, piece: float = PIECE_SECONDS, whole: float = WHOLE_SECONDS
    ) -> None:
        self._app = app
        self._piece = piece
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, its body by the clock."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        until, more = time.monotonic() + self._whole, True

        async def in_time() -> Message:
            nonlocal more
            if not more:  # waiting for the browser to leave may take as long as it likes
                return await receive()
            try:
                left = min(self._piece, until - time.monotonic())
                message = await asyncio.wait_for(receive(), max(left, 0.0))
            except TimeoutError:
                raise SlowBody from None
            more = message["type"] == "http.request" and bool(message.get("more_body"))
            return message

        await self._app(scope, in_time, send)
