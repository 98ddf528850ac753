"""What happened since an officer last looked: the number in the head of every page."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.numbers import row_number
from bot.web.site import site_of

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
    last = row_number(str(form.get("last") or "")) or 0
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        unseen = await uow.notices.unseen(officer.id)
        read = [notice.id for notice in unseen if notice.id <= last]
        await uow.notices.seen(read, site.now())
    return Redirect("/desk", status_code=303)


HANDLERS = (notices, notices_seen)
