"""The rectification ledger at the desk: what is not closed first, by its deadline."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template
from sqlalchemy.orm.exc import StaleDataError

from bot.cases import rectifying
from bot.clock import local_day
from bot.errors import Conflict, NotAllowed, NotFound, ServiceError
from bot.rights.access import Right, may, may_export
from bot.rights.territory import covers
from bot.web import labels
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.listing import officer_names
from bot.web.numbers import row_number
from bot.web.site import site_of
from storage.errors import Stale
from storage.models.officer import Officer
from storage.models.supervision import Rectification
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
MOST = 500
PATH = "/desk/rectifications"


@get(PATH, include_in_schema=False)
async def ledger(request: DeskRequest) -> Template:
    """All faults of the officer's region."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        return await _page(request, uow, officer, {})


@post(PATH, include_in_schema=False)
async def enter(request: DeskRequest) -> Response[Any]:
    """Enter a fault."""
    return await _do(request, "enter", 0)


@post(PATH + "/{id:int}/{name:str}", include_in_schema=False)
async def change(request: DeskRequest, id: int, name: str) -> Response[Any]:
    """Note progress on a fault, or close it."""
    if name not in ("progress", "close"):
        raise NotFound
    return await _do(request, name, id)


HANDLERS = (ledger, enter, change)


async def _do(request: DeskRequest, name: str, id: int) -> Response[Any]:
    site = site_of(request)
    form = {key: str(value) for key, value in (await request.form()).items()}
    try:
        async with site.db.write() as uow:
            officer = await request.user.officer(uow)
            if name == "enter":
                await rectifying.enter(uow, officer, form, site.now())
            elif name == "progress":
                await rectifying.progress(uow, officer, _asked(id, form), form, site.now())
            else:
                await rectifying.close(uow, officer, _asked(id, form), site.now())
    except (ServiceError, Stale, StaleDataError) as error:
        if isinstance(error, NotFound | NotAllowed):
            raise
        refused = error if isinstance(error, ServiceError) else Conflict()
        more = {"refused": refused.reason, "typed": form, "typed_into": id}
        async with site.db.read() as uow:
            officer = await request.user.officer(uow)
            status = 409 if isinstance(refused, Conflict) else 422
            return await _page(request, uow, officer, more, status)
    return Redirect(PATH, status_code=303)


def _asked(id: int, form: Mapping[str, str]) -> rectifying.Asked:
    """Without a version that can be read, one that no row has."""
    version = row_number(form.get("version", ""))
    return rectifying.Asked(id, -1 if version is None else version)


async def _page(
    request: DeskRequest,
    uow: UnitOfWork,
    officer: Officer,
    more: Mapping[str, Any],
    status: int = 200,
) -> Template:
    today = local_day(site_of(request).now())
    names = await officer_names(uow)
    found = await uow.rectifications.within(officer.region_code[:6], MOST)
    rows = [
        _row(row, names, today) for row in found if covers(officer.region_code, row.region_code)
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "late": sum(row["late"] for row in rows),
        "may_add": may(officer, Right.RECTIFY),
        "may_close": may(officer, Right.CLOSE_RECTIFICATION),
        "may_export": may_export(officer),
        "own": officer.id,
        "region_code": officer.region_code,
        "typed": {},
        "typed_into": 0,
        "refused": "",
        **more,
    }
    return await desk_page(uow, officer, "desk/rectifications.html", context, status)


def _row(row: Rectification, names: Mapping[int, str], today: date) -> dict[str, Any]:
    return {
        "row": row,
        "place": labels.place_short(row.region_code),
        "late": row.status != "closed" and row.deadline < today,
        "status": labels.label(f"rectification.{row.status}"),
        "done_by": names.get(row.done_by_id or 0, ""),
        "closed_by": names.get(row.closed_by_id or 0, ""),
    }
