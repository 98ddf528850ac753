"""The doors of the desk: the password, the code of the telephone, and the way out."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.response import Redirect, Template

from bot.login.throttle import TooMany
from bot.web.door import session_life, signing_in
from bot.web.door.auth import CODE, LOGIN, Elsewhere, session_of
from bot.web.door.session_life import LoggedIn
from bot.web.site import Site, site_of
from storage.kinds import Proof

SMALL_BODY = 64 << 10
DESK = "/desk"

AnyRequest = Request[Any, Any, Any]


@get(LOGIN, include_in_schema=False)
async def login_page(request: AnyRequest) -> Template:
    """The form to sign in with."""
    return _login(site_of(request))


@post(LOGIN, include_in_schema=False, request_max_body_size=SMALL_BODY)
async def login(request: AnyRequest) -> Response[Any]:
    """Take the password, or say kindly that it did not work; nobody is led to another site."""
    site = site_of(request)
    form = await request.form()
    name, password = str(form.get("name") or ""), str(form.get("password") or "")
    try:
        step = await signing_in.try_password(site, request, name, password)
    except TooMany as many:
        return _login(site, waiting(many), name, 429, retry(many))
    if step is None:
        return _login(site, "用户名或者密码不对。", name, 401)
    return Redirect(
        CODE if step.proof is Proof.FIRST else DESK, status_code=303, cookies=step.cookies
    )


@get(CODE, include_in_schema=False)
async def code_page(request: AnyRequest) -> Response[Any]:
    """The form for the code."""
    await _half_way(request)
    return _code()


@post(CODE, include_in_schema=False, request_max_body_size=SMALL_BODY)
async def login_code(request: AnyRequest) -> Response[Any]:
    """Take the code."""
    site, half = site_of(request), await _half_way(request)
    code = str((await request.form()).get("code") or "")[:100]
    try:
        step = await signing_in.try_code(site, request, half, code)
    except TooMany as many:
        return _code(waiting(many), 429, retry(many))
    if step is None:
        return _code("验证码不对，或者已经用过了。等手机上换了新的，再填一次。", 401)
    return Redirect(DESK, status_code=303, cookies=step.cookies)


@post("/desk/logout", include_in_schema=False, request_max_body_size=SMALL_BODY)
async def logout(request: AnyRequest) -> Redirect:
    """Sign out: the session is gone, whoever may have kept its cookie."""
    site, found = site_of(request), await session_of(request)
    if found is not None:
        async with site.db.write() as uow:
            await uow.desk_sessions.end(found.session.id)
            await uow.audit.add(site.now(), "officer", found.officer.id, "logout")
    gone = session_life.session_cookie(site, "")
    return Redirect(LOGIN, status_code=303, cookies=[gone])


def waiting(many: TooMany) -> str:
    """When it may be tried again."""
    minutes = max(1, round(many.retry_after / 60))
    return f"试的次数太多了，请过 {minutes} 分钟再试。"


def retry(many: TooMany) -> dict[str, str]:
    """The same for a program."""
    return {"retry-after": str(many.retry_after)}


async def _half_way(request: AnyRequest) -> LoggedIn:
    found = await session_of(request)
    if found is None:
        raise NotAuthorizedException("sign in first")
    if found.session.proof != Proof.FIRST:
        raise Elsewhere(DESK)
    return found


def _login(
    site: Site,
    said: str = "",
    name: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Template:
    context = {"said": said, "name": name, "title": site.service.config.office.desk_name}
    return Template("desk/login.html", context=context, status_code=status, headers=headers or {})


def _code(said: str = "", status: int = 200, headers: dict[str, str] | None = None) -> Template:
    context = {"said": said}
    return Template(
        "desk/login_code.html", context=context, status_code=status, headers=headers or {}
    )


HANDLERS = (login_page, login, code_page, login_code, logout)
