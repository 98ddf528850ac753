"""Errors in two languages: RFC 9457 documents for programs, kind Chinese pages for people."""

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect, Template

from bot.errors import Conflict, NotAllowed, NotFound, Refused, ServiceError
from bot.login.throttle import TooMany
from bot.vault.errors import Unopened
from bot.web.door import cookies
from bot.web.door.request_trail import request_number
from bot.web.site import site_of
from storage.errors import BadCursor, Stale

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger()

AnyRequest = Request[Any, Any, Any]

_STATUS: dict[type[Exception], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Refused: 422,
    Unopened: 410,
    TooMany: 429,
    BadCursor: 404,
    Stale: 409,
    TimeoutError: 503,
    ValidationException: 422,
    RecursionError: 400,  # a body of brackets within brackets
}

_WORDS = {
    400: ("这个请求看不懂", "请返回上一页，再试一次。"),
    401: ("请先登录", "登录以后才能看这一页。"),
    403: ("这一页不能这样打开", "可能是页面放得太久了。请返回上一页，刷新以后再试一次。"),
    404: ("没有找到这一页", "地址可能写错了，或者内容已经不在了。"),
    405: ("这一页不能这样打开", "请返回上一页，再试一次。"),
    408: ("没有传完", "网络太慢了，请走到信号好一点的地方再试一次。"),
    409: ("别人刚改过", "请刷新以后再试。"),
    410: ("这个文件打不开", "请再发一次。"),
    413: ("发来的文件太大了", "请直接拍一张照片发来，一次少发几张。"),
    422: ("有一项填得不对", "请返回上一页，改好以后再试一次。"),
    429: ("太快了，请歇一歇", "请过一会儿再试。孩子有危险，请马上打110。"),
    500: ("出了点问题", "不是您的错。请过几分钟再试。孩子有危险，请马上打110。"),
    503: ("正在维护", "请过几分钟再试。孩子有危险，请马上打110。"),
}


@dataclass(frozen=True)
class Problem:
    """A problem document of RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request: str
    """The number under which the log tells of it."""


def on_error(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer any failure in the form its caller can read."""
    status = _status_of(error)
    if status >= 500:
        number, path = request_number(request.scope), request.scope["path"]
        log.error("request failed", request=number, path=path, exc_info=error)
    if wants_document(request):
        return problem(request, status, _detail_of(error, status), _headers_of(error))
    if status == 401 and request.scope["path"].startswith("/desk"):
        return Redirect(getattr(error, "location", "/desk/login"), status_code=303)
    return page(request, status, _headers_of(error), _reason_of(error))


def wants_document(request: AnyRequest) -> bool:
    """Whether the caller is a program."""
    path = request.scope["path"]
    if path.startswith(("/api/", "/webhooks/", "/health", "/ready", "/metrics")):
        return True
    return "application/json" in request.headers.get("accept", "")


def problem(
    request: AnyRequest, status: int, detail: str, headers: dict[str, str] | None = None
) -> Response[Any]:
    """A problem document."""
    title = HTTPStatus(status).phrase
    document = Problem("about:blank", title, status, detail, request_number(request.scope))
    return Response(
        asdict(document), status_code=status, media_type=MEDIA_TYPE, headers=headers or {}
    )


def page(
    request: AnyRequest, status: int, headers: dict[str, str] | None = None, reason: str = ""
) -> Response[Any]:
    """A page for a person: what happened and what to do now."""
    title, advice = _WORDS.get(status, _WORDS[500 if status >= 500 else 400])
    desk = request.scope["path"].startswith("/desk")
    response: Response[Any] = Template(
        "problem.html",
        context={
            "title": title,
            "advice": reason or advice,
            "home": "/desk" if desk else "/",
            "number": request_number(request.scope) if desk or status >= 500 else "",
        },
        status_code=status,
        headers=headers or {},
    )
    if status == 403 and not reason:
        # a form token of an older key would never work again
        response.set_cookie(cookies.make(site_of(request), cookies.FORM, "", 0))
    return response


def _status_of(error: Exception) -> int:
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return status
    return error.status_code if isinstance(error, HTTPException) else 500


def _detail_of(error: Exception, status: int) -> str:
    if isinstance(error, ServiceError):
        return error.reason
    if isinstance(error, ValidationException):
        return f"{error.detail}: {_mistakes(error)}" if error.extra else error.detail
    if isinstance(error, HTTPException) and status < 500:
        return error.detail
    return _WORDS.get(status, _WORDS[500])[1]


def _mistakes(error: ValidationException) -> str:
    """Which fields are wrong and how; never the value, which may be a secret."""
    items = error.extra if isinstance(error.extra, list) else []
    return "; ".join(f"{item.get('key', '')} {item.get('message', '')}".strip() for item in items)


def _reason_of(error: Exception) -> str:
    return error.reason if isinstance(error, ServiceError) else ""


def _headers_of(error: Exception) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"retry-after": str(error.retry_after)}
    if isinstance(error, HTTPException) and error.headers:
        return dict(error.headers)
    return {}
