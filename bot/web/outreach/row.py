"""What the page of one row shows: the child, and side by side what may be the same one."""

from collections.abc import Mapping
from typing import Any

from bot.outreach.candidates import of_record, of_row, row_of_target
from bot.outreach.comparing import LEDGERS
from bot.outreach.matching import Someone
from bot.outreach.reading import rows_inside
from bot.rights.access import Right, may, may_see
from bot.rights.territory import covers
from bot.web import labels
from bot.web.listing import officer_names
from bot.web.outreach.lists import row_line, visit_states
from storage.models.officer import Officer
from storage.models.outreach import OutreachList, OutreachMatch, OutreachRow
from storage.uow import UnitOfWork


async def row_context(
    uow: UnitOfWork, officer: Officer, one: OutreachList, part: str, row: OutreachRow
) -> dict[str, Any]:
    """The row with its matches, by ledger."""
    names = await officer_names(uow)
    matches = [await _match(uow, officer, each, names) for each in await _of(uow, row)]
    line = row_line(officer, row)
    if row.phone and may(officer, Right.OUTREACH_PHONES):
        line["phone"] = row.phone
    people = await uow.campaigns.people([row.phone_hash] if row.phone_hash else [])
    said = await uow.campaigns.said(one.id)
    answers = [said[person.id] for person in people.values() if person.id in said]
    following = await uow.outreach.page(
        rows_inside(one.id, part, undecided=True, after=row.id, limit=1)
    )
    return {
        "said": [labels.label(f"said.{answer}") for answer in answers],
        "next_undecided": following[0].id if following else None,
        "list": one,
        "kind": labels.label(f"list.{one.kind}"),
        "row": line,
        "id_tail": row.id_tail if may(officer, Right.OUTREACH_NAMES) else "",
        "category": row.category or labels.label(f"list.{one.kind}"),
        "is_named": may(officer, Right.OUTREACH_NAMES),
        "noted_by": names.get(row.state_by_id or 0, ""),
        "noted_at": labels.clock(row.state_at),
        "visits": visit_states(),
        "parts": [
            {
                "title": labels.label(f"ledger.{ledger}"),
                "matches": [each for each in matches if each["ledger"] == ledger],
            }
            for ledger in LEDGERS
        ],
    }


async def _of(uow: UnitOfWork, row: OutreachRow) -> list[OutreachMatch]:
    return await uow.outreach.matches([row.id])


async def _match(
    uow: UnitOfWork, officer: Officer, one: OutreachMatch, names: Mapping[int, str]
) -> dict[str, Any]:
    other, href, status = await _other(uow, officer, one.target)
    return {
        "ledger": one.ledger,
        "target": one.target,
        "other": _someone(other, may(officer, Right.OUTREACH_NAMES)) if other else None,
        "href": href,
        "status": status,
        "strength": one.strength,
        "reasons": [labels.label(f"like.{reason}") for reason in one.reasons],
        "against": [labels.label(f"unlike.{reason}") for reason in one.against],
        "verdict": one.verdict or "",
        "by": names.get(one.by_id or 0, ""),
        "at": labels.clock(one.at),
    }


async def _other(uow: UnitOfWork, officer: Officer, target: str) -> tuple[Someone | None, str, str]:
    """Whom a match means, a way to the record, and how that stands; none of what lies elsewhere."""
    id = row_of_target(target)
    if id is not None:
        row = await uow.outreach.row(id)
        if row is None or not covers(officer.region_code, row.region_code):
            return None, "", ""
        roll = await uow.outreach.get_list(row.list_id)
        return of_row(row), "", roll.title if roll else ""
    record = await uow.records.get(target)
    if record is None or not may_see(officer, record):
        return None, "", ""
    status = labels.label(f"status.{record.kind}.{record.status}")
    return of_record(record), f"/desk/records/{target}", status


def _someone(other: Someone, is_named: bool) -> dict[str, Any]:
    return {
        "name": other.name if is_named else other.name[:1] + "*" * (len(other.name) - 1),
        "birth": other.birth_year or "",
        "school": other.school,
        "place": labels.place_short(other.region_code),
    }
