"""Whether a campaign's message is still true at the moment of sending."""

from collections.abc import Sequence
from datetime import datetime

from bot.outreach.comparing import LEDGERS, school_year_start, stands_now
from bot.outreach.disputed import disputed_rows
from bot.outreach.matching import Strength
from bot.outreach.reach import COLUMN_OF, no_more
from bot.words import render
from storage.kinds import Audience, CampaignStatus
from storage.models.outreach import OutreachRow
from storage.models.reminder import Reminder
from storage.repositories.campaigns import campaign_of
from storage.uow import UnitOfWork

_WHY = {
    "applied": "campaign.applied",
    "applied_unclear": "campaign.unclear",
    "enrolled": "campaign.enrolled",
    "enrolled_unclear": "campaign.unclear",
    "contested": "gate.contested",
}


async def campaign_truth(uow: UnitOfWork, reminder: Reminder, now: datetime) -> str | None:
    """Why the message must not go any more, in words; None while it is true.

    The children's rows are compared anew: who applied a minute ago is left in peace.
    """
    id = campaign_of(reminder.about)
    campaign = await uow.campaigns.held(id) if id is not None else None
    if campaign is None or campaign.status != CampaignStatus.RUNNING:
        return render("campaign.stopped")
    if await uow.campaigns.was_told(campaign.id, reminder.person_id):
        return render("campaign.told")  # two people turned out to be one
    person = await uow.people.get(reminder.person_id)
    rows: list[OutreachRow] = []
    if person is not None and person.phone_hash:
        rows = await uow.outreach.of_phones(campaign.list_id, [person.phone_hash])
    if person is None or not rows:
        return render("campaign.gone")
    audience = Audience(campaign.audience)
    why = await _nobody_left(uow, rows, audience, now)
    if why is not None or audience is not Audience.NOT_APPLIED or len(rows) > 1:
        return why
    has_applied = await uow.campaigns.has_applied(person, school_year_start(now))
    return render("campaign.applied") if has_applied else None


async def _nobody_left(
    uow: UnitOfWork, rows: Sequence[OutreachRow], audience: Audience, now: datetime
) -> str | None:
    """Why none of the family's children is what the campaign is for; None while one is."""
    column = COLUMN_OF.get(audience)
    ledger = next((name for name, one in LEDGERS.items() if one == column), None)
    found = await stands_now(uow, rows, ledger, now) if ledger else {}
    disputed = await disputed_rows(uow, rows)
    left = [row for row in rows if row.id not in disputed]
    reasons = [no_more(row, column, found.get(row.id, Strength.NONE)) for row in left]
    reasons += ["contested"] * len(disputed)
    first = reasons[0]
    if None in reasons or first is None:
        return None
    return render(_WHY.get(first, "campaign.noted"))
