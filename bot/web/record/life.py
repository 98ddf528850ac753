"""The file of one child on its page (一生一案), put together from its sections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.cases.life import Life, life_of, life_view
from bot.cases.next_things import why_of
from bot.cases.records import Record
from bot.handlers.facts import is_dropout
from bot.web.record.kin import duplicates_section, family_section
from bot.web.record.persuading import plan_section, responsible_section, visits_section
from bot.web.record.returning import monitoring_section, placement_section
from bot.words import render
from flows.dropout.closing import doubts
from storage.models.case import Case
from storage.models.officer import Officer
from storage.uow import UnitOfWork

FORMS = {
    "approve": "approve-close",
    "confirm_back": "return",
    "verify": "verify",
    "name_both": "responsible",
    "name_school": "responsible",
    "name_village": "responsible",
    "visit": "visit",
    "visit_again": "visit",
    "plan": "plan",
    "plan_again": "plan",
    "wait": "visit",
    "absent": "reopen",
    "gone_again": "attendance",
    "check": "attendance",
    "close": "request-close",
}
"""The form by which each next step is taken."""


async def life_sections(
    uow: UnitOfWork, officer: Officer, record: Record, names: Mapping[int, str], now: datetime
) -> dict[str, Any]:
    """What the templates in desk/record/ show; `life` is None where there is no such file."""
    kin = {
        "duplicates": await duplicates_section(uow, officer, record, now),
        "family": await family_section(uow, officer, record, now),
    }
    if not isinstance(record, Case) or not is_dropout(record):
        return {"life": None, **kin}
    life = await life_of(uow, record, names, now)
    sections = {
        "next": life.next_words,
        "why": why_of(life.next, life.standing) if life.next else "",
        "form": FORMS.get(life.next.key, "") if life.next else "",
        "doubts": _doubts(record, life),
        "verified": _verified(life),
        "responsible": responsible_section(life, names),
        "plan": plan_section(life),
        "visits": visits_section(life),
        "placement": placement_section(life),
        "monitoring": monitoring_section(life),
    }
    return {"life": sections, **kin}


def _doubts(case: Case, life: Life) -> list[str]:
    """What the one who is to agree should know, while somebody waits for that."""
    if case.close_requested_by_id is None:
        return []
    return [render(key) for key in doubts(case.closing_code or "", life.standing)]


def _verified(life: Life) -> dict[str, Any] | None:
    """What looking into the case brought to light."""
    verified: dict[str, Any] | None = life_view(life, {})["verified"]
    if verified is not None and verified["code"]:
        verified["code"] = render(f"closing.{verified['code']}")
    return verified
