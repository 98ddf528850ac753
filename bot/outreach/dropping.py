"""The end of a list: nothing of it stays but the trace that it went."""

from bot.handlers.acting import Acting
from bot.outreach.reading import trace
from storage.models.outreach import OutreachList


async def drop_list(turn: Acting, one: OutreachList, why: str) -> None:
    """A list goes with all that hangs on it; messages of its campaigns that wait are not sent."""
    for campaign in await turn.uow.campaigns.of_list(one.id):
        # First the campaign, as those do who send its messages: else each waits for the other.
        await turn.uow.campaigns.get(campaign.id, lock=True)
        await turn.uow.campaigns.cancel(campaign.id, turn.now)
    detail = {"id": one.id, "list_kind": one.kind, "title": one.title, "reason": why}
    region_code = one.region_code  # after its removal the row cannot be read
    rows = await turn.uow.outreach.remove(one.id)
    await trace(turn, "drop_list", region_code, rows=rows, **detail)
