"""The officers' desk: signing in and out, notices, messages that went wrong, the link code."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.response import Redirect, Template

from bot.access import Right, may, may_see
from bot.codes import CODE_LASTS
from bot.errors import NotAllowed, NotFound
from bot.territory import covers
from bot.web import labels
from bot.web.auth import SignedIn, desk_guard, sign_in
from bot.web.desk_pages import desk_page
from bot.web.site import Site, client_of, site_of
from bot.web.throttle import TooMany
from bot.web.transcript import heard
from storage.kinds import Role
from storage.models.message import InboxMessage
from storage.models.officer import Officer
from storage.uow import UnitOfWork

AnyRequest = Request[Any, Any, Any]
DeskRequest = Request[SignedIn, Any, Any]


@get("/desk/login", include_in_schema=False)
async def login_page(request: AnyRequest) -> Template:
    """The form to sign in with."""
    return _login(site_of(request))


@post("/desk/login", include_in_schema=False)
async def login(request: AnyRequest) -> Response[Any]:
    """Sign in, or say kindly that it did not work."""
    site = site_of(request)
    form = await request.form()
    name, password = str(form.get("name") or ""), str(form.get("password") or "")
    try:
        session = await sign_in(site, client_of(request), name, password)
    except TooMany as many:
        minutes = max(1, round(many.retry_after / 60))
        said = f"试的次数太多了，请过 {minutes} 分钟再试。"
        return _login(site, said, name, 429, {"retry-after": str(many.retry_after)})
    if session is None:
        return _login(site, "用户名或者密码不对。", name, 401)
    request.clear_session()
    request.set_session(session)
    return Redirect("/desk", status_code=303)


@post("/desk/logout", include_in_schema=False)
async def logout(request: AnyRequest) -> Redirect:
    """Sign out."""
    request.clear_session()
    return Redirect("/desk/login", status_code=303)


@get("/desk/notices", include_in_schema=False)
async def notices(request: DeskRequest) -> Template:
    """How many notices are new, for the head of an open page."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        return await desk_page(uow, officer, "desk/notices.html", {})


@post("/desk/notices", include_in_schema=False)
async def notices_seen(request: DeskRequest) -> Redirect:
    """The officer has read the notices up to the newest one shown."""
    site = site_of(request)
    form = await request.form()
    last = str(form.get("last") or "0")
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        unseen = await uow.notices.unseen(officer.id)
        read = [n.id for n in unseen if last.isascii() and last.isdecimal() and n.id <= int(last)]
        await uow.notices.seen(read, site.now())
    return Redirect("/desk", status_code=303)


@get("/desk/parked", include_in_schema=False)
async def parked(request: DeskRequest) -> Template:
    """Messages that could not be handled; supervisors only."""
    async with site_of(request).db.read() as uow:
        officer = await _leading(request, uow)
        rows = [row for row in await uow.inbox.parked() if await _concerns(uow, officer, row)]
        lines = [
            {
                "id": row.id,
                "at": labels.clock(row.received_at),
                "channel": row.channel,
                "text": heard(row).text,
                "error": row.error,
            }
            for row in rows
        ]
        return await desk_page(uow, officer, "desk/parked.html", {"lines": lines})


@post("/desk/parked/{inbox_id:int}", include_in_schema=False)
async def settle_parked(request: DeskRequest, inbox_id: int) -> Redirect:
    """Try a parked message again, or note that a person has dealt with it."""
    site = site_of(request)
    again = (await request.form()).get("do") == "again"
    async with site.db.write() as uow:
        officer = await _leading(request, uow)
        row = await uow.inbox.get(inbox_id, lock=True)
        if row is None or row.status != "parked" or not await _concerns(uow, officer, row):
            raise NotFound("这条消息已经处理过了。")
        if again:
            row.status, row.attempts, row.handled_at = "new", 0, None
            row.ready_at = site.now()
        else:
            await uow.inbox.mark_handled(row, site.now())
        action = "retry_parked" if again else "settle_parked"
        await uow.audit.add(site.now(), "officer", officer.id, action, detail={"inbox": row.id})
    return Redirect("/desk/parked", status_code=303)


@get("/desk/link", include_in_schema=False)
async def link_page(request: DeskRequest) -> Template:
    """How to get notices in one's own chat."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        context = {"code": "", "linked": officer.conversation_id is not None}
        return await desk_page(uow, officer, "desk/link.html", context)


@post("/desk/link", include_in_schema=False, status_code=200)
async def link_code(request: DeskRequest) -> Template:
    """A new one-time code; the one before is void."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        code = await uow.officers.add_link_code(officer.id, site.now() + CODE_LASTS)
        await uow.audit.add(site.now(), "officer", officer.id, "link_code")
        context = {"code": code, "linked": officer.conversation_id is not None}
        return await desk_page(uow, officer, "desk/link.html", context)


_OWN = (logout, notices, notices_seen, parked, settle_parked, link_page, link_code)


def desk_router() -> Router:
    """Everything below /desk; all but signing in is behind the session."""
    from bot.web import (
        desk_audit,
        desk_campaigns,
        desk_copy,
        desk_correct,
        desk_files,
        desk_import,
        desk_outreach,
        desk_pulse,
        desk_record,
        desk_rectifications,
        desk_rehearsal,
        desk_reports,
        desk_requests,
        desk_sentences,
        desk_supervised,
        desk_training,
        desk_work,
        outreach_files,
    )

    rooms = (
        desk_audit,
        desk_campaigns,
        desk_copy,
        desk_correct,
        desk_files,
        desk_import,
        desk_outreach,
        desk_pulse,
        desk_record,
        desk_rectifications,
        desk_rehearsal,
        desk_reports,
        desk_requests,
        desk_sentences,
        desk_supervised,
        desk_training,
        desk_work,
        outreach_files,
    )
    handlers = [handler for room in rooms for handler in room.HANDLERS]
    inside = Router("/", route_handlers=[*handlers, *_OWN], guards=[desk_guard])
    return Router("/", route_handlers=[login_page, login, inside])


def _login(
    site: Site,
    said: str = "",
    name: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Template:
    context = {"said": said, "name": name, "title": site.service.config.office.desk_name}
    return Template("desk/login.html", context=context, status_code=status, headers=headers or {})


async def _leading(request: DeskRequest, uow: UnitOfWork) -> Officer:
    officer = await request.user.officer(uow)
    if not may(officer, Right.PARKED):
        raise NotAllowed("只有主管可以看这一页。")
    return officer


async def _concerns(uow: UnitOfWork, officer: Officer, row: InboxMessage) -> bool:
    """Whether the one who wrote lives, or has filed something, in the officer's region."""
    if officer.role == Role.ADMIN:
        return True
    talk = await uow.conversations.get(row.conversation_id)
    person = await uow.people.get(talk.person_id) if talk is not None else None
    if person is None:
        return False
    if person.home_region is not None and covers(officer.region_code, person.home_region):
        return True
    return any(may_see(officer, record) for record in await uow.records.of_person(person.id))
