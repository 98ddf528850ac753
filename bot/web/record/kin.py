"""The parts of a record's page on other records: the same child perhaps, the same family."""

from datetime import datetime
from typing import Any

from bot.cases.kin import likely_same, same_family
from bot.cases.notices import kind_name
from bot.cases.records import Record, subject_name
from bot.rights.access import may_see
from bot.web import labels
from bot.web.changes.offered import possible
from bot.web.listing import audit_lines
from bot.words import render
from flows import commands as c
from storage.models.officer import Officer
from storage.uow import UnitOfWork


async def duplicates_section(
    uow: UnitOfWork, officer: Officer, record: Record, now: datetime
) -> list[dict[str, Any]]:
    """Records in the officer's region that may be of the same child, with the reasons."""
    found = [one for one in await likely_same(uow, record) if may_see(officer, one.record)]
    may_mark = any(c.MarkDuplicate is change.command for change in possible(record, officer, False))
    await audit_lines(uow, officer, [one.record for one in found], now)
    return [
        {
            **_line(one.record),
            "reasons": [render(f"alike.{name}") for name in one.reasons],
            "against": [render(f"unlike.{name}") for name in one.against],
            "may_mark": may_mark,
        }
        for one in found
    ]


async def family_section(
    uow: UnitOfWork, officer: Officer, record: Record, now: datetime
) -> list[dict[str, Any]]:
    """Other records of the household in the officer's region."""
    found = [other for other in await same_family(uow, record) if may_see(officer, other)]
    await audit_lines(uow, officer, found, now)
    return [_line(other) for other in found]


def _line(other: Record) -> dict[str, Any]:
    return {
        "reference": other.reference,
        "kind": kind_name(other),
        "name": subject_name(other) or render("officer.unknown_name"),
        "age": other.slots.get("age"),
        "school": other.slots.get("school"),
        "place": labels.place_short(other.region_code),
        "status": labels.label(f"status.{other.kind}.{other.status}"),
        "opened": labels.clock(other.opened_at)[:10],
    }
