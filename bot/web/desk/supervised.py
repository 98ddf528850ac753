"""The board of records under supervision: what is demanded, by when, and who answers."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from bot.rights.access import may_see
from bot.web import labels
from bot.web.desk.pages import desk_page
from bot.web.desk.work_line import lines_of
from bot.web.door.auth import SignedIn
from bot.web.listing import audit_lines, officer_names
from bot.web.site import site_of

MOST = 500


@get("/desk/supervised", include_in_schema=False)
async def supervised_board(request: Request[SignedIn, Any, Any]) -> Template:
    """All that the officer may see, the late ones first."""
    site = site_of(request)
    now = site.now()
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        names = await officer_names(uow)
        found = []
        for row in await uow.supervisions.open(MOST):
            record = await uow.records.get(row.reference)
            if record is not None and may_see(officer, record):
                found.append((row, record))
        await audit_lines(uow, officer, [record for _, record in found], now)
        lines = await lines_of(uow, [record for _, record in found], names, now)
        rows = [
            {
                "line": line,
                "demand": row.demand,
                "until": labels.clock(row.due_at),
                "left": labels.due_words(row.due_at, now),
                "late": row.due_at <= now,
                "by": names.get(row.by_id, ""),
            }
            for (row, _), line in zip(found, lines, strict=True)
        ]
        return await desk_page(uow, officer, "desk/supervised.html", {"rows": rows})


HANDLERS = (supervised_board,)
