"""Tells an open page of the desk that something changed, so that nobody has to reload it.

Asked every few seconds; while nothing changed it answers 204 and reads no record.
"""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Template

from bot.cases.views import READS
from bot.web.door.auth import SignedIn
from bot.web.site import site_of

DeskRequest = Request[SignedIn, Any, Any]


@get("/desk/pulse", include_in_schema=False)
async def pulse(request: DeskRequest, after: int = 0, of: str | None = None) -> Response[Any]:
    """The next pulse, which makes the page fetch its changing parts; 204 while nothing changed."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        newest = await uow.audit.changed_since(after, READS, officer.region_code, of)
    if newest is None:
        return Response(None, status_code=204)
    headers = {"hx-trigger": "changed"}
    context = {"after": newest, "of": of or "", "fresh": True}
    return Template("desk/pulse.html", context=context, headers=headers)


HANDLERS = (pulse,)
