"""Lists and campaigns in the JSON API, in numbers only: how far the office is, and no names."""

from typing import Annotated, TypedDict, cast

from litestar import get
from litestar.params import Parameter

from bot.cases.views import iso, region_view
from bot.errors import NotFound
from bot.outreach.progress import progress, stands_as
from bot.outreach.reading import rows_inside, shared_place
from bot.outreach.standing import Standing, standing
from bot.rights.access import Right, check, check_inside
from bot.web.api import types as t
from bot.web.api.query import ApiRequest, known_filters
from bot.web.site import site_of
from flows import commands as c
from storage.models.outreach import OutreachList

MOST = 200
CampaignId = Annotated[int, Parameter(ge=1, le=2**31, description="The number of a campaign")]


class Found(TypedDict):
    """How many rows have a match that is sure, one that waits for an officer, and none."""

    sure: int
    possible: int
    none: int


class ListDocument(TypedDict):
    """A list as far as the officer's region reaches into it."""

    id: int
    kind: str
    title: str
    region: t.Region | None
    imported_at: str
    until: str
    rows: int
    compared: int
    applications: Found
    enrolment: Found
    dropout: Found
    visits: dict[str, int]


class ListPage(TypedDict):
    """All lists of the officer's region, the newest first."""

    items: list[ListDocument]


class CampaignDocument(TypedDict):
    """How a campaign stands; `dropped` are those not written to, by the reason found when due."""

    id: int
    list: int
    status: str
    version: int
    audience: str
    region: t.Region | None
    created_at: str
    started_at: str | None
    stopped_at: str | None
    planned: int
    waiting: int
    sent: int
    failed: int
    cancelled: int
    answered: int
    applied: int
    answers: dict[str, int]
    dropped: dict[str, int]


@get("/lists", responses=t.LIST_ERRORS, tags=["outreach"], guards=[known_filters])
async def list_lists(request: ApiRequest) -> ListPage:
    """Lists of children to look out for, with how they compare; no row is shown."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        check(officer, Right.OUTREACH)
        items = []
        for one in await uow.outreach.lists(MOST):
            part = shared_place(officer.region_code, one.region_code)
            if part is not None:
                stands = standing(await uow.outreach.counts(rows_inside(one.id, part)))
                items.append(_list(one, stands))
        return {"items": items}


@get("/campaigns/{id:int}", responses=t.ITEM_ERRORS, tags=["outreach"], guards=[known_filters])
async def get_campaign(request: ApiRequest, id: CampaignId) -> CampaignDocument:
    """How far a campaign has come."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        one = await uow.campaigns.get(id)
        if one is None:
            raise NotFound("没有这次群发。")
        check_inside(officer, c.DraftCampaign, one.region_code)
        done = await progress(uow, one)
        return {
            "id": one.id,
            "list": one.list_id,
            "status": stands_as(one, done),
            "version": one.version,
            "audience": one.audience,
            "region": cast("t.Region | None", region_view(one.region_code)),
            "created_at": iso(one.created_at) or "",
            "started_at": iso(one.started_at),
            "stopped_at": iso(one.stopped_at),
            "planned": done.planned,
            "waiting": done.waiting + done.on_the_way,
            "sent": done.sent,
            "failed": done.failed,
            "cancelled": done.cancelled,
            "answered": done.answered,
            "applied": done.applied,
            "answers": dict(done.said),
            "dropped": dict(done.dropped),
        }


HANDLERS = (list_lists, get_campaign)


def _list(one: OutreachList, stands: Standing) -> ListDocument:
    return {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "region": cast("t.Region | None", region_view(one.region_code)),
        "imported_at": iso(one.imported_at) or "",
        "until": one.until.isoformat(),
        "rows": stands.total,
        "compared": stands.compared,
        "applications": _found(stands, "applied"),
        "enrolment": _found(stands, "enrolled"),
        "dropout": _found(stands, "dropped"),
        "visits": dict(stands.states),
    }


def _found(stands: Standing, column: str) -> Found:
    return {
        "sure": stands.of(column, "sure"),
        "possible": stands.of(column, "possible"),
        "none": stands.of(column, "none"),
    }
