"""Which lists, rows and campaigns somebody may see and change; every change leaves a trace."""

from typing import Any

from bot.errors import Conflict, NotAllowed, NotFound
from bot.handlers.acting import Acting
from bot.rights.access import Action, Right, check, check_inside
from bot.rights.actor import Actor, ActorKind
from bot.rights.territory import covers, prefixes
from flows import commands as c
from storage.models.officer import Officer
from storage.models.outreach import Campaign, OutreachList, OutreachRow
from storage.repositories.outreach import RowQuery


def shared_place(scope: str | None, region_code: str) -> str | None:
    """The part of a list's place that somebody answers for: the smaller of the two, or none."""
    if covers(scope, region_code):
        return region_code
    return scope if scope is not None and covers(region_code, scope) else None


def visible_part(who: Officer | Actor, one: OutreachList | None) -> str:
    """The place of which somebody may see the rows. Raises NotFound, NotAllowed."""
    scope = who.region if isinstance(who, Actor) else who.region_code
    part = shared_place(scope, one.region_code) if one is not None else None
    if part is None:
        raise NotFound("没有这份名单。")
    check(who, Right.OUTREACH)
    return part


def rows_inside(list_id: int, part: str, **more: Any) -> RowQuery:
    """A query for the rows of a list in a place."""
    return RowQuery(list_id, prefixes(part), **more)


def line_of(one: OutreachList, row: OutreachRow) -> str:
    """How the log names a row: by its list and line, never by the child."""
    return f"{one.title} 第 {row.number} 行"


def name_of(campaign: Campaign) -> str:
    """How pages and the log name a campaign."""
    return f"第 {campaign.id} 次群发"


async def row_for(turn: Acting, action: Action, id: int) -> OutreachRow:
    """The locked row. Raises NotFound, NotAllowed."""
    row = await turn.uow.outreach.row(id, lock=True)
    if row is None:
        raise NotFound("名单里没有这一行。")
    check_inside(turn.by, action, row.region_code)
    return row


async def list_for(turn: Acting, action: Action, id: int) -> OutreachList:
    """The list, of which the acting one sees a part at least. Raises NotFound, NotAllowed."""
    one = await turn.uow.outreach.get_list(id)
    part = shared_place(turn.by.region, one.region_code) if one is not None else None
    if one is None or part is None:
        raise NotFound("没有这份名单。")
    check_inside(turn.by, action, part)
    return one


async def campaign_for(turn: Acting, command: c.CampaignCommand) -> Campaign:
    """The locked campaign. Raises NotFound, NotAllowed, Conflict."""
    if turn.by.kind is not ActorKind.OFFICER:
        raise NotAllowed
    found = await turn.uow.campaigns.get(command.campaign, lock=True)
    if found is None:
        raise NotFound("没有这次群发。")
    check_inside(turn.by, type(command), found.region_code)
    if command.expected_version not in (None, found.version):
        raise Conflict
    return found


async def trace(turn: Acting, action: str, region_code: str, **detail: Any) -> None:
    """What was done, for those who may read the log of the place."""
    told = {key: value for key, value in detail.items() if value not in (None, "", [], {})}
    await turn.uow.audit.add(
        turn.now, turn.by.kind.value, turn.by.id, action, detail=told, region_code=region_code
    )
