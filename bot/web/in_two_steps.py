"""The chat is served first, the officers' desk and the API a moment later: people write at once.

To put the two hundred pages together takes as long as to load the engine, and both want the same
processor. Who asks for one of them meanwhile waits for it.
"""

import asyncio
from typing import Any

from bot.web.door.slow_bodies import App
from bot.web.server import Served, create_server
from bot.web.site import Service, Site

_LATER = ("/desk", "/api")


class InTwoSteps:
    """The ASGI application of a process with pages; `complete` is the second step."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._site = Site(service)  # one for both: limits count on
        self._app: App = create_server(service, Served.CHAT, self._site)
        self._completing = asyncio.Lock()
        self._is_complete = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"].startswith(_LATER):
            await self.complete()
        await self._app(scope, receive, send)

    async def complete(self) -> None:
        """Put the other pages together, once; in a thread, so that messages are answered."""
        async with self._completing:
            if not self._is_complete:
                self._app = await asyncio.to_thread(
                    create_server, self._service, Served.ALL, self._site
                )
                self._is_complete = True
