"""Campaigns at the desk: written, looked at, tried, approved, started, watched, stopped."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect, Template
from sqlalchemy.orm.exc import StaleDataError

from bot.errors import Conflict, NotAllowed, NotFound, Refused, ServiceError
from bot.handlers.acting import Acting, Outcome
from bot.handlers.dispatch import handle
from bot.outreach.progress import progress
from bot.outreach.reading import name_of, trace
from bot.rights.access import check_inside
from bot.rights.actor import Actor
from bot.web.changes.form import number
from bot.web.desk.outreach import PATH as LISTS
from bot.web.desk.outreach import DeskRequest, list_refused
from bot.web.desk.pages import desk_page
from bot.web.outreach.campaign import campaign_context, progress_context
from bot.web.site import site_of
from flows import commands as c
from storage.errors import Stale
from storage.kinds import Audience
from storage.models.officer import Officer
from storage.models.outreach import Campaign
from storage.uow import UnitOfWork

PATH = f"{LISTS}/campaigns"
_BLANK = "blank-"
_STEPS: Mapping[str, type[c.CampaignCommand]] = {
    "try": c.TryCampaign,
    "approve": c.ApproveCampaign,
    "start": c.StartCampaign,
    "stop": c.StopCampaign,
}


@post(LISTS + "/{id:int}/campaigns", include_in_schema=False)
async def draft_campaign(request: DeskRequest, id: int) -> Response[Any]:
    """Words for the families of a list; the next page shows who would get them."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    told = [key for key in form if key.startswith(_BLANK)]
    blanks = {key.removeprefix(_BLANK): form[key] for key in told}
    try:
        if form.get("audience") not in set(Audience):
            raise Refused("请选发给谁。")
        audience = Audience(form["audience"])
        command = c.DraftCampaign(id, form.get("template", ""), blanks, audience)
        made = await _handled(request, command)
    except (NotFound, NotAllowed):
        raise
    except ServiceError as error:
        return await list_refused(request, id, error.reason)
    return Redirect(f"{PATH}/{made.detail['campaign']}", status_code=303)


@get(PATH + "/{id:int}", include_in_schema=False)
async def campaign_page(request: DeskRequest, id: int) -> Template:
    """The words, the people, the buttons; that somebody looked is in the log."""
    return await _page(request, id, {})


@get(PATH + "/{id:int}/progress", include_in_schema=False)
async def campaign_progress(request: DeskRequest, id: int) -> Template:
    """The moving part of the page, asked for every few seconds."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        one = await _visible(uow, officer, id)
        context = progress_context(one, await progress(uow, one))
        return Template("desk/outreach/progress.html", context=context)


@post(PATH + "/{id:int}/{step:str}", include_in_schema=False)
async def campaign_step(request: DeskRequest, id: int, step: str) -> Response[Any]:
    """Try, approve, start or stop."""
    if step not in _STEPS:
        raise NotFound
    form = {key: str(value) for key, value in (await request.form()).items()}
    more = {"reason": form.get("reason", "")} if step == "stop" else {}
    try:
        done = await _handled(request, _STEPS[step](id, number(form, "version"), **more))
    except (NotFound, NotAllowed):
        raise
    except (ServiceError, Stale, StaleDataError) as error:
        refused = error if isinstance(error, ServiceError) else Conflict()
        status = 409 if isinstance(refused, Conflict) else 422
        return await _page(request, id, {"refused": refused.reason}, status)
    if step == "try":
        return await _page(request, id, {"tried": done.detail})
    return Redirect(f"{PATH}/{id}", status_code=303)


HANDLERS = (draft_campaign, campaign_page, campaign_progress, campaign_step)


async def _handled(request: DeskRequest, command: c.OutreachCommand) -> Outcome:
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        return await handle(uow, command, Actor.officer(officer), site.now())


async def _page(
    request: DeskRequest, id: int, more: Mapping[str, Any], status: int = 200
) -> Template:
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        one = await _visible(uow, officer, id)
        turn = Acting(uow, Actor.officer(officer), site.now())
        await trace(turn, "read_campaign", one.region_code, id=one.id, title=name_of(one))
        context = {**await campaign_context(uow, officer, one, site.now()), **more}
        return await desk_page(uow, officer, "desk/outreach/campaign.html", context, status)


async def _visible(uow: UnitOfWork, officer: Officer, id: int) -> Campaign:
    """For those who may write one: the preview names families."""
    one = await uow.campaigns.get(id)
    if one is None:
        raise NotFound("没有这次群发。")
    check_inside(officer, c.DraftCampaign, one.region_code)
    return one
