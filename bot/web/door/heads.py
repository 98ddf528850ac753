"""Who only asks whether a page is there (HEAD) hears what GET would say, without the page.

Watching programs and link checkers ask this way; to refuse them looked like a fault of ours.
"""

from bot.web.door.slow_bodies import App, Message, Receive, Scope, Send

_START, _BODY = "http.response.start", "http.response.body"


class Heads:
    """An ASGI application that answers HEAD from what is served for GET."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, a HEAD as a GET of which only the head is sent."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def head_only(message: Message) -> None:
            if message["type"] != _START:
                return
            await send(message)
            # at once: a page that goes on for hours (live news) hears that nobody listens any more
            await send({"type": _BODY, "body": b""})

        await self._app({**scope, "method": "GET"}, receive, head_only)
