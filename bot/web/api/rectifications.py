"""The rectification ledger in the JSON API: what inspections found, who puts it right by when.

Changed by the same functions as at the desk, so with the same rights, refusals and audit.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Literal, TypedDict, cast

from litestar import get, post
from litestar.params import Parameter
from pydantic import Field
from sqlalchemy.orm.exc import StaleDataError

from bot.cases import rectifying
from bot.cases.rectifying import LONGEST, Asked
from bot.cases.views import iso, region_view
from bot.clock import local_day
from bot.errors import Conflict, NotFound
from bot.rights.territory import covers
from bot.web.api import types as t
from bot.web.api.query import ApiRequest, Cursor, Limit, RegionCode, known_filters, narrower
from bot.web.listing import officer_names
from bot.web.site import site_of
from storage.errors import Stale
from storage.models.officer import Officer
from storage.models.supervision import Rectification
from storage.uow import UnitOfWork

Status = Literal["open", "done", "closed"]
MaybeStatus = Annotated[
    Status | None, Parameter(description="`done` is what the unit says, `closed` was looked at")
]
RectificationId = Annotated[int, Parameter(ge=1, le=2**31, description="The number of a fault")]
_BANNER = 6
Step = Callable[[UnitOfWork, Officer], Awaitable[Rectification]]


class RectificationDocument(TypedDict):
    """One fault; `done_by` says that it is put right, `closed_by` has looked at it."""

    id: int
    status: Status
    version: int
    region: t.Region | None
    problem: str
    inspection: str
    found_on: str
    measure: str
    owner: str
    deadline: str
    evidence: str
    done_by: str | None
    closed_by: str | None
    closed_on: str | None
    updated_at: str


class FaultBody(t.Body):
    """A fault that an inspection found, what is done about it, by whom, until when."""

    region: str = Field(pattern=r"^[0-9]{2,12}$")
    problem: str = Field(pattern=t.WORDS, max_length=LONGEST["problem"])
    inspection: str = Field(pattern=t.WORDS, max_length=LONGEST["inspection"])
    measure: str = Field(pattern=t.WORDS, max_length=LONGEST["measure"])
    owner: str = Field(pattern=t.WORDS, max_length=LONGEST["owner"])
    found_on: t.Day
    deadline: t.Day


class ProgressChange(t.Change):
    """What was done and what shows it; `done` says that the fault is put right."""

    evidence: str = Field(pattern=t.WORDS, max_length=LONGEST["evidence"])
    done: t.YesNo = False


class RectificationPage(TypedDict):
    """One page of the ledger."""

    items: list[RectificationDocument]
    next: str | None


@get("/rectifications", responses=t.LIST_ERRORS, tags=["rectifications"], guards=[known_filters])
async def list_rectifications(
    request: ApiRequest,
    status: MaybeStatus = None,
    region: RegionCode = None,
    overdue: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> RectificationPage:
    """The faults of the officer's region, the newest first."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        place = narrower(officer, region)
        rows, following = await uow.rectifications.page(
            place[:_BANNER],
            status=status,
            late_on=local_day(site.now()) if overdue else None,
            cursor=cursor,
            limit=limit,
        )
        names = await officer_names(uow)
        seen = [row for row in rows if covers(place, row.region_code)]
        return {"items": [_document(row, names) for row in seen], "next": following}


@get("/rectifications/{id:int}", responses=t.ITEM_ERRORS, tags=["rectifications"])
async def get_rectification(request: ApiRequest, id: RectificationId) -> RectificationDocument:
    """One fault."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        row = await uow.rectifications.get(id)
        if row is None or not covers(officer.region_code, row.region_code):
            raise NotFound
        return _document(row, await officer_names(uow))


@post("/rectifications", status_code=201, responses=t.CHANGE_ERRORS, tags=["rectifications"])
async def enter_rectification(request: ApiRequest, data: FaultBody) -> RectificationDocument:
    """Enter a fault in the ledger."""
    told = {name: str(value) for name, value in data.model_dump().items()}
    now = site_of(request).now()
    return await _changed(request, lambda uow, by: rectifying.enter(uow, by, told, now))


@post(
    "/rectifications/{id:int}/progress",
    status_code=200,
    responses=t.CHANGE_ERRORS,
    tags=["rectifications"],
)
async def note_progress(
    request: ApiRequest, id: RectificationId, data: ProgressChange
) -> RectificationDocument:
    """Note what was done; the words before stay in the audit log."""
    asked, now = Asked(id, data.expected_version), site_of(request).now()
    told = {"evidence": data.evidence, "done": "yes" if data.done else ""}
    return await _changed(request, lambda uow, by: rectifying.progress(uow, by, asked, told, now))


@post(
    "/rectifications/{id:int}/close",
    status_code=200,
    responses=t.CHANGE_ERRORS,
    tags=["rectifications"],
)
async def close_rectification(
    request: ApiRequest, id: RectificationId, data: t.Change
) -> RectificationDocument:
    """A second person has looked at what was put right."""
    asked, now = Asked(id, data.expected_version), site_of(request).now()
    return await _changed(request, lambda uow, by: rectifying.close(uow, by, asked, now))


HANDLERS = (
    list_rectifications,
    get_rectification,
    enter_rectification,
    note_progress,
    close_rectification,
)


async def _changed(request: ApiRequest, step: Step) -> RectificationDocument:
    try:
        async with site_of(request).db.write() as uow:
            row = await step(uow, await request.user.officer(uow))
            return _document(row, await officer_names(uow))
    except (Stale, StaleDataError) as stale:
        raise Conflict from stale


def _document(row: Rectification, names: Mapping[int, str]) -> RectificationDocument:
    return {
        "id": row.id,
        "status": cast("Status", row.status),
        "version": row.version,
        "region": cast("t.Region | None", region_view(row.region_code)),
        "problem": row.problem,
        "inspection": row.inspection,
        "found_on": row.found_on.isoformat(),
        "measure": row.measure,
        "owner": row.owner,
        "deadline": row.deadline.isoformat(),
        "evidence": row.evidence or "",
        "done_by": names.get(row.done_by_id or 0),
        "closed_by": names.get(row.closed_by_id or 0),
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
        "updated_at": iso(row.updated_at) or "",
    }
