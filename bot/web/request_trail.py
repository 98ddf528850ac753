"""One number for each request: in its log lines, its headers and on the page that says sorry."""

import re
import time
from collections.abc import Callable, Coroutine
from typing import Any, cast

import structlog
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from bot.trail import new_request_id
from bot.watching import Watcher

HEADER = b"x-request-id"
_NUMBER, _BEGAN = "yulu.request", "yulu.began"
_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
_AREA = re.compile(r"/(desk|api|webhooks|static|health|ready|metrics)(?:/|$)")

log = structlog.get_logger()
BeforeSend = Callable[[Message, Scope], Coroutine[Any, Any, None]]


def request_number(scope: Scope) -> str:
    """The number of this request, the same wherever it is asked for."""
    found = cast(dict[str, Any], scope).setdefault(_NUMBER, new_request_id())
    return str(found)


class RequestTrail(ASGIMiddleware):
    """Binds the number to every log line that the request causes."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on."""
        cast(dict[str, Any], scope)[_BEGAN] = time.perf_counter()
        with bound_contextvars(request=request_number(scope)):
            await next_app(scope, receive, send)


def trail_of(watcher: Watcher) -> BeforeSend:
    """A hook that adds the header, counts the answer and logs what officers do."""

    async def note(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        message["headers"] = [*message["headers"], (HEADER, request_number(scope).encode())]
        began = cast(dict[str, Any], scope).get(_BEGAN)
        seconds = 0.0 if began is None else time.perf_counter() - began
        watcher.answered(area_of(scope["path"]), message["status"], seconds)
        _log(cast(HTTPScope, scope), message["status"], seconds)

    return note


def area_of(path: str) -> str:
    """Which part of the service a path belongs to; few words, whatever somebody types."""
    found = _AREA.match(path)
    return found[1] if found else "chat"


def _log(scope: HTTPScope, status: int, seconds: float) -> None:
    """Changes that officers make are worth a line; what they merely look at is in the audit."""
    officer = getattr(scope.get("user"), "officer_id", None)
    line = log.debug if scope["method"] in _ASKING or officer is None else log.info
    line(
        "request.done",
        request=request_number(scope),
        method=scope["method"],
        path=scope["path"],
        status=status,
        ms=round(seconds * 1000),
        officer=officer,
    )
