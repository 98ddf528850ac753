"""Who hears of a campaign at the office: those who may approve it, and who wrote or approved it."""

from collections.abc import Iterable

from bot.handlers.acting import Acting
from bot.rights.access import may
from bot.words import render
from flows import commands as c
from storage.models.officer import Officer
from storage.models.outreach import Campaign


async def ask_for_approval(turn: Acting, campaign: Campaign) -> None:
    """The nearest who may approve what somebody else wrote."""
    found = [
        officer
        for officer in await turn.uow.officers.covering(campaign.region_code)
        if officer.id != turn.by.id and may(officer, c.ApproveCampaign)
    ]
    nearest = [one for one in found if one.region_code == found[0].region_code]
    await _tell(turn, nearest, render("officer.campaign_written", id=campaign.id))


async def tell_those_of(turn: Acting, campaign: Campaign, key: str, **values: object) -> None:
    """Who wrote it and who approved it hear what another did."""
    ids = {campaign.created_by_id, campaign.approved_by_id} - {turn.by.id, None}
    found = [await turn.uow.officers.get(id) for id in sorted(id for id in ids if id is not None)]
    text = render(key, id=campaign.id, **values)
    await _tell(turn, [officer for officer in found if officer is not None], text)


async def _tell(turn: Acting, officers: Iterable[Officer], text: str) -> None:
    for officer in officers:
        await turn.uow.notices.add(officer.id, None, text, turn.now)
        if officer.conversation_id is not None:
            await turn.uow.outbox.add(officer.conversation_id, text, [], {}, turn.now)
