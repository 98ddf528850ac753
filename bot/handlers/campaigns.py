"""The life of a campaign: written, tried, approved by a second person, started, stopped."""

from datetime import datetime

from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome
from bot.outreach.reach import Recipient, as_sent, reach, words_for
from bot.outreach.reading import campaign_for, list_for, name_of, shared_place, trace
from bot.outreach.spread import moments
from bot.outreach.telling import ask_for_approval, tell_those_of
from bot.words import render
from flows import commands as c
from flows.policy import campaigns as policy
from storage.kinds import CampaignStatus as S
from storage.kinds import ListKind, ReminderKind
from storage.models.outreach import Campaign
from storage.repositories.campaigns import about


async def draft(turn: Acting, command: c.DraftCampaign) -> Outcome:
    """A template with its blanks filled in, for a part of a list; nothing is sent by it."""
    one = await list_for(turn, c.DraftCampaign, command.list_id)
    part = shared_place(turn.by.region, one.region_code)
    template = _template(turn, command.template)
    if command.audience not in template.audiences or one.kind == ListKind.ENROLMENT:
        raise Refused(render("refused.campaign_audience"))
    text = policy.filled(template, command.blanks)
    wrong = [*policy.unfilled(template, command.blanks), *policy.faults(text)]
    if wrong:
        raise Refused(render("refused.campaign_words", faults="；".join(wrong)))
    made = await turn.uow.campaigns.add(
        Campaign(
            list_id=one.id,
            region_code=part or one.region_code,
            audience=command.audience.value,
            template=template.id,
            text=text,
            status=S.DRAFT.value,
            created_by_id=turn.by.id,
            created_at=turn.now,
        )
    )
    await _trace(turn, "draft_campaign", made, template=template.id)
    await ask_for_approval(turn, made)
    return Outcome(status=made.status, detail={"campaign": made.id})


async def try_out(turn: Acting, command: c.TryCampaign) -> Outcome:
    """The words in the officer's own chat, marked as a trial; `sent` tells if there is one."""
    campaign = await campaign_for(turn, command)
    if campaign.status == S.STOPPED:
        raise Refused(render("refused.campaign_status"))
    words = as_sent(words_for(campaign.text, campaign.region_code), None)
    text = render("campaign.try", text=words)
    officer = await turn.uow.officers.get(turn.by.id or 0)
    talk = officer.conversation_id if officer is not None else None
    if talk is not None:
        await turn.uow.outbox.add(talk, text, [], {}, turn.now)
    campaign.tested_at = turn.now
    await _trace(turn, "try_campaign", campaign, sent=talk is not None)
    return _outcome(campaign, sent=talk is not None, text=text)


async def approve(turn: Acting, command: c.ApproveCampaign) -> Outcome:
    """A second person answers for the words: never the one who wrote them."""
    campaign = await campaign_for(turn, command)
    _expect(campaign, S.DRAFT)
    if campaign.created_by_id == turn.by.id:
        raise Refused(render("refused.four_eyes_campaign"))
    _template(turn, campaign.template)
    campaign.status = S.APPROVED.value
    campaign.approved_by_id, campaign.approved_at = turn.by.id, turn.now
    await _trace(turn, "approve_campaign", campaign)
    await tell_those_of(turn, campaign, "officer.campaign_approved")
    return _outcome(campaign)


async def start(turn: Acting, command: c.StartCampaign) -> Outcome:
    """One reminder a person; the outbound gate decides when each goes, the truth check whether."""
    campaign = await campaign_for(turn, command)
    _expect(campaign, S.APPROVED)
    found = await reach(turn.uow, campaign, turn.now)
    if not found.recipients:
        raise Refused(render("refused.campaign_nobody"))
    campaign.status = S.RUNNING.value
    campaign.started_by_id, campaign.started_at = turn.by.id, turn.now
    campaign.skipped = found.skipped
    people = [one.person_id for one in found.recipients]
    officers = await turn.uow.officers.all()
    when = moments(people, officers, campaign.region_code, turn.now)
    for one in found.recipients:
        await _plan(turn, campaign, one, when[one.person_id])
    many = len(found.recipients)
    await _trace(turn, "start_campaign", campaign, many=many, skipped=found.skipped)
    return _outcome(campaign, many=many)


async def stop(turn: Acting, command: c.StopCampaign) -> Outcome:
    """Nothing more is sent from now on; what is already with the channel cannot be taken back."""
    campaign = await campaign_for(turn, command)
    if campaign.status == S.STOPPED:
        raise Refused(render("refused.campaign_status"))
    reason = command.reason.strip()
    if not reason:
        raise Refused(render("refused.reason_missing"))
    cancelled = await turn.uow.campaigns.cancel(campaign.id, turn.now)
    campaign.status, campaign.stop_reason = S.STOPPED.value, reason[:500]
    campaign.stopped_by_id, campaign.stopped_at = turn.by.id, turn.now
    await _trace(turn, "stop_campaign", campaign, cancelled=cancelled, reason=reason[:500])
    await tell_those_of(turn, campaign, "officer.campaign_stopped", reason=reason[:500])
    return _outcome(campaign, cancelled=cancelled)


async def _plan(turn: Acting, campaign: Campaign, one: Recipient, when: datetime) -> None:
    await turn.uow.reminders.add(
        ReminderKind.CAMPAIGN.value,
        one.person_id,
        one.conversation_id,
        when,
        one.text,
        dedupe_key=f"campaign:{campaign.id}:{one.person_id}",
        about=about(campaign.id),
    )


def _template(turn: Acting, id: str) -> policy.Template:
    found = {one.id: one for one in policy.offered(local_day(turn.now))}
    if id not in found:
        raise Refused(render("refused.campaign_template"))
    return found[id]


def _expect(campaign: Campaign, status: S) -> None:
    if campaign.status != status:
        raise Refused(render("refused.campaign_status"))


def _outcome(campaign: Campaign, **detail: object) -> Outcome:
    return Outcome(status=campaign.status, detail={"campaign": campaign.id, **detail})


async def _trace(turn: Acting, action: str, campaign: Campaign, **detail: object) -> None:
    told = {"id": campaign.id, "title": name_of(campaign), "list": campaign.list_id, **detail}
    await trace(turn, action, campaign.region_code, **told)
