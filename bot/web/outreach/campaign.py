"""What the page of a campaign shows: the words, who would get them and why others would not."""

from datetime import datetime
from typing import Any

from bot.outreach.progress import Progress, progress, stands_as
from bot.outreach.reach import Reach, reach
from bot.rights.access import may
from bot.rights.masking import masked_name, masked_phone
from bot.web import labels
from bot.web.listing import officer_names
from bot.web.outreach.lists import place_inside, row_line
from flows import commands as c
from storage.kinds import CampaignStatus as S
from storage.models.officer import Officer
from storage.models.outreach import Campaign
from storage.uow import UnitOfWork

MOST_SHOWN = 200
CHANNELS = {"telegram": "Telegram", "web": "网页聊天", "rest": "接口"}
STEPS = ((S.DRAFT, "写好"), (S.APPROVED, "批准"), (S.RUNNING, "开始发"))


async def campaign_context(
    uow: UnitOfWork, officer: Officer, one: Campaign, now: datetime
) -> dict[str, Any]:
    """The campaign with its preview while it is not started, its progress afterwards."""
    names = await officer_names(uow)
    listed = await uow.outreach.get_list(one.list_id)
    is_before = one.status in (S.DRAFT, S.APPROVED)
    found = await reach(uow, one, now) if is_before else None
    done = await progress(uow, one) if one.started_at else None
    return {
        "campaign": one,
        "list": listed,
        "place": labels.place_short(one.region_code),
        "audience": labels.label(f"audience.{one.audience}"),
        "steps": _steps(one),
        "written": _signed(names, one.created_by_id, one.created_at),
        "approved": _signed(names, one.approved_by_id, one.approved_at),
        "started": _signed(names, one.started_by_id, one.started_at),
        "stopped": _signed(names, one.stopped_by_id, one.stopped_at),
        "preview": _preview(officer, found) if found else None,
        "skipped": _reasons(one.skipped or {}),
        "can": _can(officer, one),
        "is_own": one.created_by_id == officer.id,
        "has_chat": officer.conversation_id is not None,
        "status": labels.label(f"campaign.{one.status}"),
        **(progress_context(one, done) if done else {}),
    }


def progress_context(one: Campaign, done: Progress) -> dict[str, Any]:
    """The part of the page that moves while messages go."""
    return {
        "campaign": one,
        "done": done,
        "said": [(labels.label(f"said.{answer}"), many) for answer, many in done.said.items()],
        "status": labels.label(f"campaign.{stands_as(one, done)}"),
        "is_live": one.status == S.RUNNING and done.is_moving,
    }


def _steps(one: Campaign) -> list[dict[str, str]]:
    order = [status for status, _ in STEPS]
    at = order.index(S(one.status)) if one.status in order else len(order)
    return [
        {"words": words, "state": "passed" if number <= at else ""}
        for number, (_, words) in enumerate(STEPS)
    ]


def _signed(names: dict[int, str], id: int | None, at: datetime | None) -> str:
    return f"{names.get(id or 0, '')} {labels.clock(at)}" if id is not None else ""


def _preview(officer: Officer, found: Reach) -> dict[str, Any]:
    texts = sorted({one.shown for one in found.recipients})
    return {
        "people": len(found.recipients),
        "children": sum(len(one.rows) for one in found.recipients),
        "texts": texts,
        "lines": [
            {
                "rows": [row_line(officer, row) for row in one.rows],
                "guardian": masked_name(one.rows[0].guardian or ""),
                "phone": masked_phone(one.rows[0].phone or ""),
                "place": place_inside(one.rows[0].region_code),
                "channel": CHANNELS.get(one.channel, one.channel),
                "text": texts.index(one.shown) + 1,
            }
            for one in found.recipients[:MOST_SHOWN]
        ],
        "more": max(len(found.recipients) - MOST_SHOWN, 0),
        "left": _reasons(found.skipped),
        "left_lines": [
            {"row": row_line(officer, one.row), "why": labels.label(f"left.{one.why}")}
            for one in found.left_out[:MOST_SHOWN]
        ],
        "left_more": max(len(found.left_out) - MOST_SHOWN, 0),
    }


def _reasons(skipped: dict[str, int]) -> list[tuple[str, int]]:
    ordered = sorted(skipped.items(), key=lambda item: -item[1])
    return [(labels.label(f"left.{why}"), many) for why, many in ordered]


def _can(officer: Officer, one: Campaign) -> dict[str, bool]:
    """Which buttons stand on the page."""
    is_inside = one.status != S.STOPPED
    return {
        "try": is_inside and may(officer, c.TryCampaign),
        "approve": one.status == S.DRAFT and may(officer, c.ApproveCampaign),
        "start": one.status == S.APPROVED and may(officer, c.StartCampaign),
        "stop": is_inside and may(officer, c.StopCampaign),
    }
