"""The rectification ledger in the JSON API: what inspections found, who puts it right by when."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypedDict, cast

from litestar import get
from litestar.params import Parameter

from bot.cases.views import iso, region_view
from bot.clock import local_day
from bot.rights.territory import covers
from bot.web.api import types as t
from bot.web.api.query import ApiRequest, Cursor, Limit, RegionCode, known_filters, narrower
from bot.web.listing import officer_names
from bot.web.site import site_of
from storage.models.supervision import Rectification

Status = Literal["open", "done", "closed"]
MaybeStatus = Annotated[
    Status | None, Parameter(description="`done` is what the unit says, `closed` was looked at")
]
_BANNER = 6


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
