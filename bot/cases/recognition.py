"""Where an application stands on its way from being told to being paid, and what is shown of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.cases.payments import standing
from bot.cases.records import Record
from bot.clock import local_day
from bot.rights.masking import masked_name
from bot.words import render
from flows.policy.recognition import recognition
from storage.kinds import ApplicationStatus as A
from storage.models.application import Application
from storage.models.audit import AuditEntry
from storage.uow import UnitOfWork

StepKey = Literal["informed", "applied", "recognised", "published", "archived", "paid"]


@dataclass(frozen=True)
class Step:
    """One step of 教财〔2018〕16号; `on` is None until it is done, `until` only when published."""

    key: StepKey
    on: date | None = None
    until: date | None = None


async def steps_of(
    uow: UnitOfWork, record: Application, entries: Sequence[AuditEntry]
) -> list[Step]:
    """The steps with their days, from what was noted; a step taken back is not done."""
    payments = standing(await uow.recognition.payments(record.reference))
    decided = record.status in (A.PUBLISHED, A.APPROVED, A.PAID)
    archived = record.status in (A.APPROVED, A.PAID)
    published = record.published_on if decided else None
    return [
        Step("informed", await _informed_on(uow, record)),
        Step("applied", local_day(record.opened_at)),
        Step("recognised", _last(entries, "set_level") if record.level else None),
        Step("published", published, record.published_until if published else None),
        Step("archived", _last(entries, "approve") if archived else None),
        Step("paid", payments[0].paid_on if payments else None),
    ]


async def _informed_on(uow: UnitOfWork, record: Record) -> date | None:
    """When the family was told what is asked, why and by which rules, and agreed."""
    if record.person_id is None:
        return None
    given = [
        consent.at
        for consent in await uow.consents.of_person(record.person_id)
        if consent.purpose == "aid" and consent.granted and consent.at <= record.opened_at
    ]
    return local_day(given[-1]) if given else None


def _last(entries: Sequence[AuditEntry], action: str) -> date | None:
    found = [entry.at for entry in entries if entry.action == action]
    return local_day(found[-1]) if found else None


def public_line(record: Application) -> dict[str, str]:
    """What stands on a published list of this child, by what policy data allows and no more."""
    rule = recognition()
    line: dict[str, str] = {}
    for slot in rule.shows:
        if slot == "level":
            line[slot] = render(f"level.{record.level}") if record.level else ""
        else:
            value = str((record.slots or {}).get(slot) or "")
            line[slot] = masked_name(value) if slot == "child_name" and rule.mask_name else value
    return line
