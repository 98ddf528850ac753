"""The security headers of every answer: no inline script or style, no framing, no sniffing."""

from collections.abc import Callable, Coroutine
from typing import Any

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), camera=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000"

BeforeSend = Callable[[Message, Scope], Coroutine[Any, Any, None]]


def security_headers(https: bool) -> BeforeSend:
    """A hook that adds the headers; strict transport only where the site is served by https."""
    wanted = {**ALWAYS, "strict-transport-security": HSTS} if https else ALWAYS

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in wanted.items():
            headers.setdefault(name, value)
        if not scope["path"].startswith("/static/") or message["status"] >= 400:
            headers.setdefault("cache-control", "no-store")

    return add
