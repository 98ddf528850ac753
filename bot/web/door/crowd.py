"""One address may ask only so often: a program that fetches pages as fast as it can is slowed.

Generous, because a whole school may share one address. What other programs send is limited by
their token instead.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from bot.web.door.addresses import client_of

UNCOUNTED = ("/api/", "/webhooks/", "/static/", "/health", "/ready", "/metrics")


class Crowd(ASGIMiddleware):
    """Counts what comes from each address."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Raises TooMany before anything is read or looked up."""
        if not scope["path"].startswith(UNCOUNTED):
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
            site = scope["litestar_app"].state["site"]
            await site.visits.take(site.db, client_of(connection), site.now())
        await next_app(scope, receive, send)
