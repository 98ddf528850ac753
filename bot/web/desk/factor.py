"""Setting up a second factor: a picture for the telephone, a first code, the recovery codes."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from bot.errors import NotFound, Refused
from bot.login import second_factor
from bot.login.throttle import TooMany
from bot.web.desk.login import retry, waiting
from bot.web.desk.me import ME
from bot.web.door import session_life, signing_in
from bot.web.door.auth import ENROL, SignedIn, desk_guard, enrol_guard
from bot.web.site import Site, site_of
from storage.kinds import Proof
from storage.models.guard import SecondFactor
from storage.models.officer import Officer
from storage.uow import UnitOfWork

WRONG = "验证码不对，或者已经用过了。等手机上换了新的，再填一次。"
DeskRequest = Request[SignedIn, Any, Any]


@get(ENROL, include_in_schema=False, guards=[enrol_guard])
async def factor_page(request: DeskRequest) -> Response[Any]:
    """How it goes, the picture once it is begun, or what can be done with what is set up."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        return await _page(uow, site_of(request), officer)


@post("/desk/factor/begin", include_in_schema=False, guards=[enrol_guard])
async def begin(request: DeskRequest) -> Redirect:
    """Make a secret that waits for its first code."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        await uow.second_factors.begin(officer.id, second_factor.new_secret(), site.now())
    return Redirect(ENROL, status_code=303)


@get("/desk/factor/qr.svg", include_in_schema=False, guards=[enrol_guard])
async def picture(request: DeskRequest) -> Response[bytes]:
    """The secret as a picture, only until it is confirmed."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        factor = await _pending(uow, officer)
        secret = factor.secret
    issuer = site.service.config.office.desk_name
    content = second_factor.qr_picture(secret, officer.name, issuer)
    return Response(content, media_type="image/svg+xml")


@post("/desk/factor/confirm", include_in_schema=False, guards=[enrol_guard], status_code=200)
async def confirm(request: DeskRequest) -> Response[Any]:
    """The first code proves that the telephone has the secret; all other browsers are out."""
    site = site_of(request)
    code = str((await request.form()).get("code") or "")
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        await _pending(uow, officer)
    try:
        await signing_in.count_code(site, officer)
    except TooMany as many:
        return await _again(request, waiting(many), 429, retry(many))
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        factor = await _pending(uow, officer, lock=True)
        if not await second_factor.takes_code(uow, officer.id, code, site.now()):
            await uow.audit.add(site.now(), "officer", officer.id, "factor_failed")
            return await _page(uow, site, officer, WRONG, 422)
        factor.confirmed_at = site.now()
        codes = await _new_codes(uow, officer)
        await uow.desk_sessions.end_all(officer.id)
        cookie = await session_life.begin(uow, site, request, officer, Proof.FACTOR)
        await uow.attempts.forget(signing_in.code_limit(request.user)[0])
        await uow.audit.add(site.now(), "officer", officer.id, "factor_added")
    return _codes(codes, [cookie, signing_in.mark_of(site, officer)])


@post("/desk/factor/codes", include_in_schema=False, guards=[desk_guard], status_code=200)
async def new_codes(request: DeskRequest) -> Response[Any]:
    """New recovery codes for a code; those before are void."""
    site = site_of(request)
    async with site.db.write() as uow:
        said = await _wrong(uow, request)
        officer = await request.user.officer(uow)
        if said:
            return await _page(uow, site, officer, said, 422)
        codes = await _new_codes(uow, officer)
        await uow.audit.add(site.now(), "officer", officer.id, "recovery_codes")
    return _codes(codes, [])


@post("/desk/factor/remove", include_in_schema=False, guards=[desk_guard])
async def remove(request: DeskRequest) -> Response[Any]:
    """Take the second factor away for a code, where the role does not need it."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        if session_life.must_have_factor(site, officer):
            raise Refused("您的角色一定要有第二步验证，不能关掉。换手机请找本单位技术员重设。")
        said = await _wrong(uow, request)
        if said:
            return await _page(uow, site, officer, said, 422)
        await uow.second_factors.remove(officer.id)
        await uow.desk_sessions.end_all(officer.id)
        cookie = await session_life.begin(uow, site, request, officer, Proof.PLAIN)
        await uow.audit.add(site.now(), "officer", officer.id, "factor_removed")
    return Redirect(ME, status_code=303, cookies=[cookie])


async def _wrong(uow: UnitOfWork, request: DeskRequest) -> str:
    """What to say of the code of a form, if it is not right. A try is counted in any case."""
    site, code = site_of(request), str((await request.form()).get("code") or "")
    officer_id, (caller, limit) = request.user.officer_id, signing_in.code_limit(request.user)
    wait = await uow.attempts.take(caller, site.now(), limit.attempts, limit.window)
    if wait is not None:
        return waiting(TooMany(wait.total_seconds()))
    if not await second_factor.takes_code(uow, officer_id, code, site.now()):
        await uow.audit.add(site.now(), "officer", officer_id, "factor_failed")
        return WRONG
    return ""


async def _new_codes(uow: UnitOfWork, officer: Officer) -> list[str]:
    codes = second_factor.new_recovery_codes()
    await uow.second_factors.keep_codes(officer.id, codes)
    return codes


async def _pending(uow: UnitOfWork, officer: Officer, lock: bool = False) -> SecondFactor:
    factor = await uow.second_factors.of(officer.id, lock)
    if factor is None or factor.confirmed_at is not None:
        raise NotFound("没有在设置第二步验证。")
    return factor


async def _again(request: DeskRequest, said: str, status: int, headers: dict[str, str]) -> Template:
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        shown = await _page(uow, site_of(request), officer, said, status)
    shown.headers.update(headers)
    return shown


async def _page(
    uow: UnitOfWork, site: Site, officer: Officer, said: str = "", status: int = 200
) -> Template:
    factor = await uow.second_factors.of(officer.id)
    pending = factor is not None and factor.confirmed_at is None
    context = {
        "said": said,
        "must": session_life.must_have_factor(site, officer),
        "confirmed": factor is not None and not pending,
        "secret": second_factor.in_groups(factor.secret) if factor and pending else "",
    }
    return Template("desk/factor.html", context=context, status_code=status)


def _codes(codes: list[str], cookies: list[Any]) -> Template:
    context = {"codes": codes, "said": ""}
    return Template("desk/factor_codes.html", context=context, cookies=cookies)


HANDLERS = (factor_page, begin, picture, confirm, new_codes, remove)
