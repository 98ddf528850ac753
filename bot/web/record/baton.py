"""What the page of a record says of its baton and clock: offers, questions, waiting, guesses."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.cases.deadlines import is_guess
from bot.cases.records import Record
from bot.clock import day_words, local_day
from bot.web import labels
from bot.web.record.replies import replies_for
from storage.models.audit import AuditEntry
from storage.models.supervision import Supervision
from storage.uow import UnitOfWork


async def baton_section(
    uow: UnitOfWork,
    record: Record,
    entries: Sequence[AuditEntry],
    names: Mapping[int, str],
) -> dict[str, Any]:
    """The values for the head of the page."""
    asked = await uow.inquiries.open_for(record.reference)
    supervision = await uow.supervisions.of(record.reference)
    to = names.get(record.offer_to_id or 0) or labels.place_path(record.offer_region)
    return {
        "due_guessed": record.is_open and is_guess(record),
        "offered": names.get(record.offer_by_id or 0, ""),
        "offered_to": to,
        "asked_until": labels.clock(asked.until) if asked is not None else "",
        "supervision": {
            "demand": supervision.demand,
            "until": labels.clock(supervision.due_at),
            "moved_from": _moved_from(supervision, entries),
            "by": names.get(supervision.by_id, ""),
        }
        if supervision is not None
        else None,
        "replies": replies_for(record),
        "snoozed": record.first_due_at is not None and record.is_open,
    }


def _moved_from(supervision: Supervision, entries: Sequence[AuditEntry]) -> str:
    """The day that was asked for, where it is a day off and the deadline a later one."""
    asked = [str((e.detail or {}).get("until", "")) for e in entries if e.action == "supervise"]
    day = date.fromisoformat(asked[-1]) if asked else local_day(supervision.due_at)
    return day_words(day) if day != local_day(supervision.due_at) else ""
