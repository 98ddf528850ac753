"""The yearly audit of minors' data at the desk, for administrators: to look at and as a file."""

import asyncio
from typing import Any

from litestar import Request, Response, get
from litestar.response import Template

from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.minors.report import NOTES, minors_audit
from bot.reports.files import Format, format_of, written
from bot.rights.access import Right, check
from bot.rights.actor import Actor
from bot.web.desk.files import named_officer, sent_file
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import Site, site_of

DeskRequest = Request[SignedIn, Any, Any]
PATH = "/desk/minors-audit"
_FIRST_YEAR = 2024
"""When the regulation came into force."""


@get(PATH, include_in_schema=False)
async def minors_page(request: DeskRequest, year: int | None = None) -> Template:
    """The years to choose from; with `year` the tables of it."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        check(officer, Right.MINORS_AUDIT)
        tables = []
        if year is not None:
            _check_year(site, year)
            place = officer.region_code
            found = await minors_audit(uow, year, place, named_officer(officer), site.now())
            tables = found[0]
        context = {"year": year, "years": _years(site), "tables": tables, "notes": NOTES}
        return await desk_page(uow, officer, "desk/minors.html", context)


@get(PATH + "/file", include_in_schema=False)
async def minors_file(
    request: DeskRequest, year: int, format: str = Format.DOCX
) -> Response[bytes]:
    """The same as a file."""
    site = site_of(request)
    kept = format_of(format)
    _check_year(site, year)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        check(officer, Right.MINORS_AUDIT)
        turn = Acting(uow, Actor.officer(officer), site.now())
        await turn.audit("export_minors", None, period=str(year))
    async with site.db.read() as uow:
        place = officer.region_code
        found = await minors_audit(uow, year, place, named_officer(officer), site.now())
    return sent_file(await asyncio.to_thread(written, kept, *found), found[1], kept)


def _years(site: Site) -> list[int]:
    return list(range(local_day(site.now()).year, _FIRST_YEAR - 1, -1))


def _check_year(site: Site, year: int) -> None:
    if year not in _years(site):
        raise Refused(f"只有 {_FIRST_YEAR} 年到今年的。")


HANDLERS = (minors_page, minors_file)
