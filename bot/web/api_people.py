"""The lists of the JSON API about people: who writes, what is planned for them, who read what."""

from datetime import datetime
from typing import cast

from litestar import get

from bot.access import Right, check, may_see
from bot.masking import masked_phone
from bot.territory import covers
from bot.views import iso, region_view
from bot.web import api_types as t
from bot.web.api_query import (
    ApiRequest,
    Cursor,
    Limit,
    MaybeReference,
    RegionCode,
    Since,
    Word,
    moment_of,
    narrower,
)
from bot.web.site import site_of
from storage.kinds import Role
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork

MOST_ROUNDS = 10


@get("/people", responses=t.LIST_ERRORS, tags=["people"])
async def list_people(
    request: ApiRequest,
    region: RegionCode = None,
    role: Word = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> t.PersonPage:
    """People whose home lies in the officer's region; not for clerks."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await _allowed(request, uow, Right.PEOPLE)
        scope = narrower(officer, region)
        rows, following = await uow.people.page(scope=scope, role=role, cursor=cursor, limit=limit)
        shown = [row for row in rows if covers(scope, row.home_region)]
        await _read_people(uow, officer, "list_people", [row.id for row in shown], site.now())
        return {"items": [_person(row) for row in shown], "next": following}


@get("/reminders", responses=t.LIST_ERRORS, tags=["reminders"])
async def list_reminders(
    request: ApiRequest,
    reference: MaybeReference = None,
    kind: Word = None,
    status: Word = None,
    overdue: bool = False,
    region: RegionCode = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> t.ReminderPage:
    """Reminders of people whose home lies in the officer's region, the latest planned first."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        rows, following = await uow.reminders.page(
            scope=narrower(officer, region),
            reference=await _canonical(uow, reference),
            kind=kind,
            status=status,
            overdue=site.now() if overdue else None,
            cursor=cursor,
            limit=limit,
        )
        people = [row.person_id for row in rows]
        await _read_people(uow, officer, "list_reminders", people, site.now())
        return {"items": [_reminder(row) for row in rows], "next": following}


@get("/audit", responses=t.LIST_ERRORS, tags=["audit"])
async def list_audit(
    request: ApiRequest,
    reference: MaybeReference = None,
    updated_since: Since = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> t.AuditPage:
    """Who did and read what in the officer's region, newest first; supervisors only."""
    async with site_of(request).db.read() as uow:
        officer = await _allowed(request, uow, Right.AUDIT)
        shown: list[AuditEntry] = []
        for _ in range(MOST_ROUNDS):
            rows, cursor = await uow.audit.page(
                reference=await _canonical(uow, reference),
                since=moment_of(updated_since),
                cursor=cursor,
                limit=limit - len(shown),
            )
            shown += [row for row in rows if await _is_about_us(uow, officer, row)]
            if cursor is None or len(shown) >= limit:
                break
        return {"items": [_entry(row) for row in shown], "next": cursor}


async def _allowed(request: ApiRequest, uow: UnitOfWork, right: Right) -> Officer:
    officer = await request.user.officer(uow)
    check(officer, right)
    return officer


async def _read_people(
    uow: UnitOfWork, officer: Officer, action: str, people: list[int], now: datetime
) -> None:
    if people:
        detail = {"people": sorted(set(people))}
        await uow.audit.add(
            now, "officer", officer.id, action, detail=detail, region_code=officer.region_code
        )


async def _canonical(uow: UnitOfWork, reference: str | None) -> str | None:
    """The reference as the log spells it."""
    record = await uow.records.get(reference) if reference else None
    return record.reference if record is not None else reference


async def _is_about_us(uow: UnitOfWork, officer: Officer, entry: AuditEntry) -> bool:
    """Whether an entry is of a record, or else of a region, that the officer answers for."""
    record = await uow.records.get(entry.reference) if entry.reference else None
    if record is not None:
        return may_see(officer, record)
    if entry.region_code is not None:
        return covers(officer.region_code, entry.region_code)
    own = entry.actor_kind == "officer" and entry.actor_id == officer.id
    return own or officer.role == Role.ADMIN


def _person(row: Person) -> t.PersonDocument:
    return {
        "id": row.id,
        "name": row.name,
        "phone": masked_phone(row.phone) if row.phone else None,
        "role": row.role,
        "region": cast("t.Region | None", region_view(row.home_region)),
        "language": row.language,
        "reminders_on": row.reminders_on,
        "created_at": iso(row.created_at) or "",
    }


def _reminder(row: Reminder) -> t.ReminderDocument:
    return {
        "id": row.id,
        "kind": row.kind,
        "status": row.status,
        "person": row.person_id,
        "reference": row.reference,
        "due_at": iso(row.due_at) or "",
        "text": row.text,
    }


def _entry(row: AuditEntry) -> t.AuditDocument:
    return {
        "id": row.id,
        "at": iso(row.at) or "",
        "actor_kind": row.actor_kind,
        "actor_id": row.actor_id,
        "action": row.action,
        "reference": row.reference,
        "detail": row.detail or {},
    }
