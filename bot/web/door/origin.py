"""A form may only come from our own pages: what a browser says of its origin is believed.

The token in each form (Litestar's) is the first lock; this is the second, which also holds when
a page of another site got hold of a token.
"""

from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from bot.web.site import Site

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OUTSIDE = ("/webhooks/", "/api/")


class OwnOrigin(ASGIMiddleware):
    """Refuses a change that a browser says another site has sent."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look before anything is read."""
        is_change = str(scope.get("method", "GET")) not in SAFE
        if is_change and not scope["path"].startswith(OUTSIDE):
            check(scope["litestar_app"].state["site"], dict(scope["headers"]))
        await next_app(scope, receive, send)


def check(site: Site, headers: dict[bytes, bytes]) -> None:
    """Raise PermissionDenied for another origin; a program that says none needs the form token."""
    said, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    if said is not None:  # no page can change it, and no proxy makes it differ from what is true
        if said not in (b"same-origin", b"none"):
            raise PermissionDeniedException("a form of another site")
        return
    if origin is None:
        return
    named = _host_of(origin.decode("latin-1"))
    own = {headers.get(b"host", b"").decode("latin-1"), urlsplit(site.public_url).netloc}
    if not named or named not in own:
        raise PermissionDeniedException("a form of another site")


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # [ without ] is taken for an address that goes on
        return ""
