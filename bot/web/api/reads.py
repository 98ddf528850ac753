"""The reading half of the JSON API (contract section 6): records and training sessions."""

from datetime import datetime
from typing import cast

from litestar import get

from bot.cases.life import life_of, life_view
from bot.cases.records import Record
from bot.cases.views import record_view, region_view
from bot.errors import NotFound
from bot.handlers.facts import is_dropout
from bot.rights.access import Right, access_record, may
from bot.rights.secrecy import reading
from bot.rights.territory import covers
from bot.web.api import types as t
from bot.web.api.child_file import ChildFile
from bot.web.api.query import (
    APPLICATIONS,
    CASES,
    REGISTRATIONS,
    ApiRequest,
    Cursor,
    Filters,
    Limit,
    MaybeReference,
    Reference,
    RegionCode,
    known_filters,
    narrower,
    record_query,
)
from bot.web.api.recognition import recognition_document
from bot.web.listing import officer_names, visible_records
from bot.web.site import site_of
from storage.kinds import RecordKind
from storage.models.application import Application
from storage.models.case import Case
from storage.models.officer import Officer
from storage.models.training import TrainingSession
from storage.uow import UnitOfWork


@get("/applications", responses=t.LIST_ERRORS, tags=["applications"], guards=[known_filters])
async def list_applications(request: ApiRequest, filters: Filters) -> t.RecordPage:
    """Aid applications in the officer's region, newest change first."""
    return await _page(request, APPLICATIONS, filters)


@get("/cases", responses=t.LIST_ERRORS, tags=["cases"], guards=[known_filters])
async def list_cases(request: ApiRequest, filters: Filters) -> t.RecordPage:
    """Dropout cases and escalations in the officer's region, newest change first."""
    return await _page(request, CASES, filters)


@get("/registrations", responses=t.LIST_ERRORS, tags=["registrations"], guards=[known_filters])
async def list_registrations(request: ApiRequest, filters: Filters) -> t.RecordPage:
    """Registrations for training in the officer's region, newest change first."""
    return await _page(request, REGISTRATIONS, filters)


@get("/applications/{ref:str}", responses=t.ITEM_ERRORS, tags=["applications"])
async def get_application(request: ApiRequest, ref: Reference) -> t.RecordDocument:
    """One aid application with its events."""
    return await _one(request, ref, APPLICATIONS)


@get("/cases/{ref:str}", responses=t.ITEM_ERRORS, tags=["cases"])
async def get_case(request: ApiRequest, ref: Reference) -> t.RecordDocument:
    """One dropout case or escalation with its events."""
    return await _one(request, ref, CASES)


@get("/registrations/{ref:str}", responses=t.ITEM_ERRORS, tags=["registrations"])
async def get_registration(request: ApiRequest, ref: Reference) -> t.RecordDocument:
    """One registration with its events."""
    return await _one(request, ref, REGISTRATIONS)


@get("/sessions", responses=t.LIST_ERRORS, tags=["sessions"], guards=[known_filters])
async def list_sessions(
    request: ApiRequest,
    reference: MaybeReference = None,
    region: RegionCode = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> t.SessionPage:
    """Training sessions in the officer's region, the latest added first."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        following = None
        if reference is not None:
            found = await uow.trainings.get(reference)
            rows = [found] if found is not None else []
        else:
            rows, following = await uow.trainings.page(
                region=narrower(officer, region), cursor=cursor, limit=limit
            )
        seen = [row for row in rows if covers(officer.region_code, row.region_code)]
        return {"items": [await session_document(uow, row) for row in seen], "next": following}


@get("/sessions/{ref:str}", responses=t.ITEM_ERRORS, tags=["sessions"])
async def get_session(request: ApiRequest, ref: Reference) -> t.SessionDocument:
    """One training session."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        found = await uow.trainings.get(ref)
        if found is None or not covers(officer.region_code, found.region_code):
            raise NotFound
        return await session_document(uow, found)


async def record_document(
    uow: UnitOfWork, officer: Officer, record: Record, now: datetime
) -> t.RecordDocument:
    """One record with its events, as it is now, with the child's file or the recognition."""
    entries = await uow.audit.of(record.reference)
    read = await reading(uow, officer, [record])
    names = await officer_names(uow)
    health = may(officer, Right.HEALTH, record)
    document = cast(t.RecordDocument, record_view(record, entries, names, read, health))
    if isinstance(record, Case) and is_dropout(record):
        life = await life_of(uow, record, names, now)
        document["child_file"] = cast(ChildFile, life_view(life, names))
    if isinstance(record, Application):
        document["recognition"] = await recognition_document(uow, record, health)
    return document


async def session_document(uow: UnitOfWork, row: TrainingSession) -> t.SessionDocument:
    """One training session with the places taken."""
    return {
        "reference": row.reference,
        "title": row.title,
        "organiser": row.organiser,
        "audience": row.audience,
        "level": row.level,
        "mode": row.mode,
        "region": cast("t.Region | None", region_view(row.region_code)),
        "venue": row.venue,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "schedule": row.schedule,
        "seats": row.seats,
        "booked": await uow.trainings.booked(row.id),
        "fee": row.fee,
        "contact": row.contact,
        "phone": row.phone,
        "apply_by": row.apply_by.isoformat() if row.apply_by else None,
    }


async def _page(request: ApiRequest, kinds: tuple[RecordKind, ...], asked: Filters) -> t.RecordPage:
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        query = await record_query(uow, officer, kinds, asked, site.now())
        if query is None:
            return {"items": [], "next": None}
        rows, following = await visible_records(uow, officer, query, site.now())
        names = await officer_names(uow)
        stories = await uow.audit.of_each([row.reference for row in rows])
        items = [
            record_view(
                row,
                stories[row.reference],
                names,
                await reading(uow, officer, [row]),
                may(officer, Right.HEALTH, row),
            )
            for row in rows
        ]
        return {"items": cast("list[t.RecordDocument]", items), "next": following}


async def _one(request: ApiRequest, ref: str, kinds: tuple[RecordKind, ...]) -> t.RecordDocument:
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await access_record(uow, officer, ref, site.now())
        if record.kind not in kinds:
            raise NotFound
        return await record_document(uow, officer, record, site.now())
