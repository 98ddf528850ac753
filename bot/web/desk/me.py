"""我的登录: where an officer is signed in, the second factor, the password."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from bot.errors import NotFound, Refused
from bot.login import passwords
from bot.login.throttle import TooMany
from bot.rights.access import Right, may
from bot.web import labels
from bot.web.desk.login import retry, waiting
from bot.web.desk.pages import desk_page
from bot.web.door import session_life, signing_in
from bot.web.door.auth import SignedIn
from bot.web.site import Site, site_of
from storage.kinds import Proof
from storage.models.guard import DeskSession
from storage.uow import UnitOfWork

ME = "/desk/me"
DeskRequest = Request[SignedIn, Any, Any]


@get(ME, include_in_schema=False)
async def me_page(request: DeskRequest) -> Template:
    """Where I am signed in."""
    async with site_of(request).db.read() as uow:
        return await page(uow, request)


@post("/desk/me/end-others", include_in_schema=False)
async def end_others(request: DeskRequest) -> Redirect:
    """Sign out everywhere else, for instance after a telephone was lost."""
    site, me = site_of(request), request.user
    async with site.db.write() as uow:
        ended = await uow.desk_sessions.end_all(me.officer_id, but=me.session_id)
        detail = {"officer": me.officer_id, "sessions": ended}
        await uow.audit.add(site.now(), "officer", me.officer_id, "end_sessions", detail=detail)
    return Redirect(ME, status_code=303)


@post("/desk/me/sessions/{session_id:int}/end", include_in_schema=False)
async def end_one(request: DeskRequest, session_id: int) -> Redirect:
    """Sign one browser out: an own one, or as administrator anybody's."""
    site, me = site_of(request), request.user
    async with site.db.write() as uow:
        officer, row = await me.officer(uow), await uow.desk_sessions.get(session_id)
        is_own = row is not None and row.officer_id == officer.id
        if row is None or not (is_own or may(officer, Right.SESSIONS)):
            raise NotFound("这个登录已经退出了。")
        await uow.desk_sessions.end(row.id)
        detail = {"officer": row.officer_id, "sessions": 1}
        await uow.audit.add(site.now(), "officer", officer.id, "end_sessions", detail=detail)
    return Redirect(ME if is_own else "/desk/logins", status_code=303)


@post("/desk/me/password", include_in_schema=False)
async def change_password(request: DeskRequest) -> Response[Any]:
    """Take a new password; every other browser is signed out, this one gets a new session."""
    site, me = site_of(request), request.user
    form = await request.form()
    old, new, again = (str(form.get(name) or "") for name in ("old", "new", "again"))
    async with site.db.read() as uow:
        officer = await me.officer(uow)
    try:
        await signing_in.count_code(site, officer)
        async with site.hashing:
            if not await passwords.is_right(officer.password_hash, old):
                await _note(site, officer.id)
                raise Refused("现在的密码不对。")
        if new != again:
            raise Refused("两次填的新密码不一样。")
        passwords.check_chosen(new, officer.name)
    except TooMany as many:
        return await _refused(request, waiting(many), 429, retry(many))
    except Refused as refused:
        return await _refused(request, refused.reason, 422)
    return await _changed(site, request, await passwords.hashed(new))


async def _note(site: Site, officer_id: int) -> None:
    """Whoever has the session may not be its owner."""
    async with site.db.write() as uow:
        await uow.audit.add(site.now(), "officer", officer_id, "password_failed")


async def _changed(site: Site, request: DeskRequest, password_hash: str) -> Redirect:
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        row = await uow.desk_sessions.get(request.user.session_id or 0)
        officer.password_hash = password_hash
        await uow.session.flush()
        await uow.desk_sessions.end_all(officer.id)
        proof = Proof(row.proof) if row is not None else Proof.PLAIN
        cookie = await session_life.begin(uow, site, request, officer, proof)
        await uow.audit.add(site.now(), "officer", officer.id, "change_password")
    return Redirect(f"{ME}?done=password", status_code=303, cookies=[cookie])


async def page(
    uow: UnitOfWork, request: DeskRequest, refused: str = "", status: int = 200
) -> Template:
    """The page, with what was refused."""
    site, officer = site_of(request), await request.user.officer(uow)
    rows = await uow.desk_sessions.of_officer(officer.id)
    factor = await uow.second_factors.of(officer.id)
    has_factor = factor is not None and factor.confirmed_at is not None
    context = {
        "sessions": [line(row, row.id == request.user.session_id) for row in rows],
        "has_factor": has_factor,
        "must_factor": session_life.must_have_factor(site, officer),
        "codes_left": await uow.second_factors.codes_left(officer.id) if has_factor else 0,
        "advised": not has_factor and may(officer, Right.AUDIT),
        "linked": officer.conversation_id is not None,
        "refused": refused,
        "done": {"password": "密码换好了，别的设备都退出了。"}.get(
            request.query_params.get("done", ""), ""
        ),
        "shortest": passwords.SHORTEST,
    }
    return await desk_page(uow, officer, "desk/me.html", context, status)


def line(row: DeskSession, is_this: bool = False) -> dict[str, Any]:
    """A session as it is shown."""
    return {
        "id": row.id,
        "device": row.device,
        "address": row.address,
        "begun": labels.clock(row.created_at),
        "seen": labels.clock(row.seen_at),
        "is_this": is_this,
        "half": row.proof == Proof.FIRST,
    }


async def _refused(
    request: DeskRequest, said: str, status: int, headers: dict[str, str] | None = None
) -> Template:
    async with site_of(request).db.read() as uow:
        shown = await page(uow, request, said, status)
    shown.headers.update(headers or {})
    return shown


HANDLERS = (me_page, end_others, end_one, change_password)
