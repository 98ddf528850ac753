"""The officers' desk put together: its rooms, notices, messages that went wrong, the link code."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from litestar import Request, Router, get, post
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from bot.errors import NotAllowed, NotFound
from bot.login.codes import CODE_LASTS
from bot.rights.access import Right, may, may_see
from bot.rights.territory import covers
from bot.web import labels
from bot.web.auth import SignedIn, desk_guard
from bot.web.desk_pages import desk_page
from bot.web.site import site_of
from bot.web.transcript import heard
from storage.kinds import Role
from storage.models.message import InboxMessage
from storage.models.officer import Officer
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]


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


@post("/desk/link/end", include_in_schema=False)
async def unlink(request: DeskRequest) -> Redirect:
    """The chat is the officer's no more, for instance when the telephone was lost."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        officer.conversation_id = None
        await uow.officers.use_up_link_code(officer.id)
        await uow.audit.add(site.now(), "officer", officer.id, "unlink")
    return Redirect("/desk/link", status_code=303)


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


_OWN = (notices, notices_seen, parked, settle_parked, link_page, link_code, unlink)
_DOORS = ("desk_login", "desk_factor")
"""The rooms before the guard, or with guards of their own."""
_ROOMS = (
    "desk_audit",
    "desk_campaigns",
    "desk_copy",
    "desk_correct",
    "desk_files",
    "desk_import",
    "desk_incidents",
    "desk_logins",
    "desk_me",
    "desk_minors",
    "desk_outreach",
    "desk_pulse",
    "desk_record",
    "desk_rectifications",
    "desk_rehearsal",
    "desk_reports",
    "desk_requests",
    "desk_running",
    "desk_retention",
    "desk_sentences",
    "desk_supervised",
    "desk_training",
    "desk_work",
    "outreach_files",
)


def desk_router() -> Router:
    """Everything below /desk; all but signing in is behind the session."""
    inside = [*_handlers(_ROOMS), *_OWN]
    guarded = Router("/", route_handlers=inside, guards=[desk_guard])
    return Router("/", route_handlers=[*_handlers(_DOORS), guarded])


def _handlers(rooms: Sequence[str]) -> list[ControllerRouterHandler]:
    return [handler for room in rooms for handler in import_module(f"bot.web.{room}").HANDLERS]


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
