"""The visiting list of a part of a list, as a file; who took it along is in the log."""

import asyncio

from litestar import Response, get

from bot.clock import local_day
from bot.errors import NotAllowed, Refused
from bot.handlers.acting import Acting
from bot.outreach.reading import trace
from bot.outreach.visiting import NOTE, by_village, one_table
from bot.reports.files import Format, format_of, written
from bot.reports.made import Made
from bot.rights.access import may_export, may_export_unmasked
from bot.rights.actor import Actor
from bot.web import labels
from bot.web.desk.files import named_officer, sent_file
from bot.web.desk.outreach import PATH, DeskRequest, asked_of, visible_list
from bot.web.outreach.lists import asked_rows
from bot.web.site import site_of

MOST_PRINTED = 1000
MOST_ROWS = 20_000
_MASKED = "电话已经打码。走访完请交回，不要外传。"
_FULL = "电话没有打码。只给走访的人，用完交回销毁，不要外传。"
_DONE = frozenset({"applied", "not_needed"})


@get(PATH + "/{id:int}/visits", include_in_schema=False)
async def visiting_file(
    request: DeskRequest, id: int, format: str = Format.XLSX, full: str = ""
) -> Response[bytes]:
    """Those whom the filters show and who still need a visit, by village."""
    site, kept = site_of(request), format_of(format)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        one, part = await visible_list(uow, officer, id)
        if not may_export(officer) or (full and not may_export_unmasked(officer)):
            raise NotAllowed
        asked = asked_of(request)
        rows = await uow.outreach.all_rows(asked_rows(one, part, asked), MOST_ROWS)
        rows = [row for row in rows if asked["state"] or row.state not in _DONE]
        if kept is Format.DOCX and len(rows) > MOST_PRINTED:
            raise Refused(
                f"一份文档最多 {MOST_PRINTED} 人，这里有 {len(rows)} 人，请先选一个地方。"
            )
        turn = Acting(uow, Actor.officer(officer), site.now())
        told = {
            "id": one.id,
            "title": one.title,
            "rows": len(rows),
            "full": bool(full),
            "format": kept.value,
        }
        await trace(turn, "export_visits", part, **told)
        where = labels.place_path(asked["place"] or part)
        notes = (NOTE, _FULL if full else _MASKED)
        day = f"{local_day(site.now())}"
        made = Made("走访名单", where, day, named_officer(officer), site.now(), notes)
        is_printed = kept is Format.DOCX
        tables = by_village(rows, bool(full)) if is_printed else [one_table(rows, bool(full))]
    return sent_file(await asyncio.to_thread(written, kept, tables, made), made, kept)


HANDLERS = (visiting_file,)
