"""An application's page: the steps of recognition as a line, the level, publication, the money."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.cases.payments import noted
from bot.cases.recognition import Step, public_line, steps_of
from bot.cases.records import Record
from bot.clock import local_day
from bot.handlers.applications import suggested_level
from bot.handlers.paying import yuan_words
from bot.handlers.publishing import needs_publication
from bot.rights.access import may_export, may_export_unmasked
from bot.rights.covering import tells_of_health
from bot.web import labels
from bot.web.changes.offered import is_open_to
from bot.words import render
from flows import commands as c
from flows.aid.eligibility import HARDSHIP_NAMES
from flows.aid.publication import is_guess, is_over
from storage.kinds import ApplicationStatus
from storage.models.application import Application
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.uow import UnitOfWork


async def recognition_sections(
    uow: UnitOfWork,
    officer: Officer,
    record: Record,
    entries: Sequence[AuditEntry],
    names: Mapping[int, str],
    now: datetime,
) -> dict[str, Any]:
    """What the templates on steps, level, publication and payments show; nothing for others."""
    if not isinstance(record, Application):
        return {"recognition": None}
    steps = await steps_of(uow, record, entries)
    return {
        "recognition": {
            "steps": _line(steps, record),
            "level": _level(record),
            "publication": await _publication(uow, officer, record, now),
            "may_export": may_export(officer),
            "may_export_full": may_export_unmasked(officer),
            "payments": await _payments(uow, officer, record, names),
        },
    }


def _line(steps: Sequence[Step], record: Application) -> list[dict[str, Any]]:
    """Each step with its day; the first that is not done is the present one while it is open."""
    ended = record.status in (ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN)
    ahead = next((step.key for step in steps[1:] if step.on is None), "")
    return [
        {
            "name": render(f"step.{step.key}"),
            "on": labels.day(step.on),
            "until": labels.day(step.until),
            "state": "passed" if step.on else "now" if step.key == ahead and not ended else "",
            "skipped": step.key == "published" and not needs_publication(record),
        }
        for step in steps
    ]


def _level(record: Application) -> dict[str, Any]:
    suggestion = suggested_level(record)
    return {
        "decided": render(f"level.{record.level}") if record.level else "",
        "reason": record.level_reason or "",
        "suggested": render(f"level.{suggestion.level}"),
        "reasons": _covered(suggestion.reasons),
    }


def _covered(reasons: Sequence[str]) -> list[str]:
    """The grounds without those of health, which are uncovered with the answers above."""
    secret = [name for code, name in HARDSHIP_NAMES.items() if tells_of_health(code)]
    cover = labels.label("covered")
    return list(dict.fromkeys(cover if any(n in r for n in secret) else r for r in reasons))


async def _publication(
    uow: UnitOfWork, officer: Officer, record: Application, now: datetime
) -> dict[str, Any] | None:
    """What is or was up, until when, and what was said against it."""
    if record.level is None or record.published_on is None or record.published_until is None:
        return None
    until = record.published_until
    return {
        "on": labels.day(record.published_on),
        "until": labels.day(until),
        "over": is_over(until, local_day(now)),
        "running": record.status == ApplicationStatus.PUBLISHED,
        "guess": is_guess(record.published_on, until),
        "line": [(render(f"published.{k}"), v or "没填") for k, v in public_line(record).items()],
        "may_settle": is_open_to(record, officer, c.SettleObjection),
        "objections": [
            {
                "id": row.id,
                "at": labels.clock(row.at),
                "text": row.text,
                "finding": row.finding or "",
                "settled": labels.clock(row.settled_at),
            }
            for row in await uow.recognition.objections(record.reference)
        ],
    }


async def _payments(
    uow: UnitOfWork, officer: Officer, record: Application, names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Each payment that was noted; one that stands can be taken back."""
    may_correct = is_open_to(record, officer, c.CorrectPayment)
    return [
        {
            "id": one.row.id,
            "on": labels.day(one.row.paid_on),
            "yuan": yuan_words(one.row.fen),
            "programme": one.row.programme,
            "period": one.row.period,
            "by": names.get(one.row.recorded_by_id or 0, ""),
            "taken_back": one.taken_back,
            "may_correct": may_correct and not one.taken_back,
        }
        for one in noted(await uow.recognition.payments(record.reference))
    ]
