"""An officer's own chat, tied to the account by a one-time code."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from bot.login.codes import CODE_LASTS
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of

DeskRequest = Request[SignedIn, Any, Any]


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


HANDLERS = (link_page, link_code, unlink)
