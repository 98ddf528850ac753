"""The lists of the JSON API about people: who writes, what is planned for them, who read what."""

from datetime import datetime
from typing import cast

from litestar import get

from bot.cases.views import iso, region_view
from bot.rights.access import Right, check
from bot.rights.masking import masked_phone
from bot.rights.territory import covers
from bot.web.api import types as t
from bot.web.api.query import (
    ApiRequest,
    AssignedTo,
    Cursor,
    Limit,
    MaybeReference,
    RegionCode,
    Since,
    Word,
    known_filters,
    moment_of,
    narrower,
    officer_id,
)
from bot.web.desk.audit_search import (
    AuditAsked,
    audit_entries,
    audit_search,
    canonical_reference,
)
from bot.web.site import site_of
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork


@get("/people", responses=t.LIST_ERRORS, tags=["people"], guards=[known_filters])
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


@get("/reminders", responses=t.LIST_ERRORS, tags=["reminders"], guards=[known_filters])
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
            reference=await canonical_reference(uow, reference),
            kind=kind,
            status=status,
            overdue=site.now() if overdue else None,
            cursor=cursor,
            limit=limit,
        )
        people = [row.person_id for row in rows]
        await _read_people(uow, officer, "list_reminders", people, site.now())
        return {"items": [_reminder(row) for row in rows], "next": following}


@get("/audit", responses=t.LIST_ERRORS, tags=["audit"], guards=[known_filters])
async def list_audit(
    request: ApiRequest,
    reference: MaybeReference = None,
    action: Word = None,
    officer: AssignedTo = None,
    region: RegionCode = None,
    updated_since: Since = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> t.AuditPage:
    """Who did and read what in the officer's region, newest first; supervisors only."""
    site = site_of(request)
    async with site.db.write() as uow:
        me = await _allowed(request, uow, Right.AUDIT)
        who = await officer_id(uow, me, officer)
        if officer is not None and who is None:
            return {"items": [], "next": None}
        asked = AuditAsked(reference, action, who, region, moment_of(updated_since))
        rows, following = await audit_entries(uow, me, asked, cursor, limit)
        await audit_search(uow, me, asked, site.now())
        return {"items": [_entry(row) for row in rows], "next": following}


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
