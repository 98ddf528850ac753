"""谁登录着: everybody who is signed in, for the administrator."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from bot.errors import NotAllowed
from bot.rights.access import Right, may
from bot.web import labels
from bot.web.desk.me import line
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of

DeskRequest = Request[SignedIn, Any, Any]


@get("/desk/logins", include_in_schema=False)
async def logins(request: DeskRequest) -> Template:
    """All sessions, each with a button to end it, and who has a second factor."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        if not may(officer, Right.SESSIONS):
            raise NotAllowed("只有管理员可以看这一页。")
        with_factor = await uow.second_factors.with_one()
        lines = [
            {
                **line(row, row.id == request.user.session_id),
                "name": who.name,
                "role": labels.label(f"role.{who.role}"),
                "has_factor": who.id in with_factor,
            }
            for row, who in await uow.desk_sessions.all()
        ]
        return await desk_page(uow, officer, "desk/logins.html", {"lines": lines})


HANDLERS = (logins,)
