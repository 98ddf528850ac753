"""One number for each request: in its log lines, its headers and on the page that says sorry."""

import re
import time
from typing import Any, cast

import structlog
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from bot.turns.trail import new_request_id

HEADER = b"x-request-id"
_NUMBER, _BEGAN = "yulu.request", "yulu.began"
_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
_AREA = re.compile(r"/(desk|api|webhooks|static|health|ready|metrics)(?:/|$)")

_LOGIN = re.compile(r"/desk/login(/.*)?")

log = structlog.get_logger()


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


async def note_answer(message: Message, scope: Scope) -> None:
    """Add the header, count the answer, log what officers do; a hook before it is sent."""
    if message["type"] != "http.response.start":
        return
    message["headers"] = [*message["headers"], (HEADER, request_number(scope).encode())]
    began = cast(dict[str, Any], scope).get(_BEGAN)
    seconds = 0.0 if began is None else time.perf_counter() - began
    _count(cast(HTTPScope, scope), message["status"], seconds)
    _log(cast(HTTPScope, scope), message["status"], seconds)


def area_of(path: str) -> str:
    """Which part of the service a path belongs to; few words, whatever somebody types."""
    found = _AREA.match(path)
    return found[1] if found else "chat"


def _count(scope: HTTPScope, status: int, seconds: float) -> None:
    meters = scope["litestar_app"].state["site"].service.watch.meters
    meters.answered(area_of(scope["path"]), status, seconds)
    if scope["method"] == "POST" and _LOGIN.fullmatch(scope["path"]):
        failed = "throttled" if status == 429 else "failed"
        meters.signed_in("let in" if status < 400 else failed)


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
