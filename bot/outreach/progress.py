"""How far a campaign has come: planned, sent, answered, applied since, and why some were not."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.kinds import CampaignStatus
from storage.models.outreach import Campaign
from storage.uow import UnitOfWork


@dataclass(frozen=True)
class Progress:
    """Numbers of people; `dropped` are those not written to, by the reason found when due."""

    planned: int
    waiting: int
    on_the_way: int
    sent: int
    failed: int
    answered: int
    applied: int
    cancelled: int
    said: Mapping[str, int]
    dropped: Mapping[str, int]

    @property
    def is_moving(self) -> bool:
        """Whether there is still something to send."""
        return bool(self.waiting or self.on_the_way)


async def progress(uow: UnitOfWork, campaign: Campaign) -> Progress:
    """The numbers at this moment."""
    planned = await uow.campaigns.by_status(campaign.id)
    sent = await uow.campaigns.sent(campaign.id)
    since = campaign.started_at
    return Progress(
        planned=sum(planned.values()),
        waiting=planned.get("waiting", 0),
        on_the_way=sent.get("queued", 0),
        sent=sent.get("sent", 0),
        failed=sent.get("failed", 0),
        answered=await uow.campaigns.answered(campaign.id),
        applied=await uow.campaigns.applied_since(campaign.id, since) if since else 0,
        cancelled=planned.get("cancelled", 0),
        said=await uow.campaigns.answers(campaign.id),
        dropped=await uow.campaigns.dropped_why(campaign.id),
    )


def stands_as(campaign: Campaign, done: Progress) -> str:
    """The status as it is told: a running one that has nothing left to send is through."""
    is_through = campaign.status == CampaignStatus.RUNNING and not done.is_moving
    return "through" if is_through else campaign.status
