"""The ledger of faults that inspections found (整改台账), closed by a second person.

The desk's page and the JSON API both change it here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import local_day
from bot.days import day_of
from bot.errors import Conflict, NotFound, Refused
from bot.rights.access import Right, check, check_inside
from bot.rights.territory import canonical, covers
from bot.words import render
from nlu.divisions import lookup
from storage.models.officer import Officer
from storage.models.supervision import Rectification
from storage.uow import UnitOfWork

LONGEST = {"problem": 2000, "inspection": 200, "measure": 2000, "owner": 100, "evidence": 2000}
NEEDED = ("problem", "inspection", "measure", "owner")


@dataclass(frozen=True)
class Asked:
    """Which fault is to change, and the version the officer looked at."""

    id: int
    version: int | None


async def enter(
    uow: UnitOfWork, officer: Officer, told: Mapping[str, str], now: datetime
) -> Rectification:
    """Enter a fault with who puts it right by when."""
    check(officer, Right.RECTIFY)
    words = {name: _words(told, name) for name in NEEDED}
    found_on, deadline = _day(told, "found_on"), _day(told, "deadline")
    if found_on > local_day(now):
        raise Refused(render("refused.day_future"))
    if deadline < found_on:
        raise Refused(render("refused.deadline_early"))
    row = await uow.rectifications.add(
        Rectification(
            region_code=_region(officer, told.get("region", "")),
            found_on=found_on,
            deadline=deadline,
            created_by_id=officer.id,
            updated_at=now,
            **words,
        )
    )
    await _audit(uow, officer, row, "add", now)
    return row


async def progress(
    uow: UnitOfWork, officer: Officer, asked: Asked, told: Mapping[str, str], now: datetime
) -> Rectification:
    """Note what was done and what shows it; `done` says that it is put right."""
    row = await _found(uow, officer, Right.RECTIFY, asked)
    if row.status == "closed":
        raise Refused(render("refused.rectified"))
    row.evidence = _words(told, "evidence")
    is_done = told.get("done") == "yes"
    row.status = "done" if is_done else "open"
    row.done_by_id = officer.id if is_done else None
    row.updated_at = now
    await _audit(uow, officer, row, "done" if is_done else "progress", now)
    return row


async def close(uow: UnitOfWork, officer: Officer, asked: Asked, now: datetime) -> Rectification:
    """A second person has looked at it: never the one who said that it is put right."""
    row = await _found(uow, officer, Right.CLOSE_RECTIFICATION, asked)
    if row.status != "done":
        raise Refused(render("refused.not_rectified"))
    if row.done_by_id == officer.id:
        raise Refused(render("refused.four_eyes_rectified"))
    row.status, row.closed_by_id, row.closed_on = "closed", officer.id, local_day(now)
    row.updated_at = now
    await _audit(uow, officer, row, "close", now)
    return row


async def _found(uow: UnitOfWork, officer: Officer, right: Right, asked: Asked) -> Rectification:
    row = await uow.rectifications.get(asked.id, lock=True)
    if row is None:
        raise NotFound
    check_inside(officer, right, row.region_code)
    if asked.version not in (None, row.version):
        raise Conflict
    return row


def _region(officer: Officer, code: str) -> str:
    if not (code.isascii() and code.isdecimal()) or lookup(canonical(code)) is None:
        raise Refused(render("refused.place_unknown"))
    if not covers(officer.region_code, code):
        raise Refused(render("refused.not_your_place"))
    return canonical(code)


def _words(told: Mapping[str, str], name: str) -> str:
    words = told.get(name, "").strip()
    label = render(f"rectification.{name}")
    if not words:
        raise Refused(render("refused.field_missing", field=label))
    if len(words) > LONGEST[name]:
        raise Refused(render("refused.field_long", field=label, most=LONGEST[name]))
    return words


def _day(told: Mapping[str, str], name: str) -> date:
    try:
        return day_of(told.get(name, ""))
    except ValueError:
        field = render(f"rectification.{name}")
        raise Refused(render("refused.field_missing", field=field)) from None


async def _audit(
    uow: UnitOfWork, officer: Officer, row: Rectification, what: str, now: datetime
) -> None:
    detail = {"id": row.id, "status": row.status, "evidence": row.evidence or ""}
    action = f"rectification_{what}"
    await uow.session.flush()
    await uow.audit.add(
        now, "officer", officer.id, action, detail=detail, region_code=row.region_code
    )
