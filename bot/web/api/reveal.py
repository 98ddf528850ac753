"""Uncovering one answer of a record through the JSON API, recorded with its purpose."""

from litestar import post

from bot.errors import NotFound
from bot.handlers.dispatch import handle
from bot.rights.access import may_see
from bot.rights.actor import Actor
from bot.web.api import types as t
from bot.web.api.query import APPLICATIONS, CASES, REGISTRATIONS, ApiRequest, Reference
from bot.web.site import site_of
from flows import commands as c
from storage.kinds import RecordKind


def _on(kind: str) -> post:
    path = f"/{kind}/{{ref:str}}/reveal"
    return post(path, status_code=200, responses=t.CHANGE_ERRORS, tags=[kind])


async def _reveal(
    request: ApiRequest, kinds: tuple[RecordKind, ...], ref: str, data: t.RevealChange
) -> t.RevealedDocument:
    site = site_of(request)
    command = c.Reveal(ref, data.expected_version, data.field, data.purpose)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await uow.records.get(ref)
        if record is None or record.kind not in kinds or not may_see(officer, record):
            raise NotFound
        shown = await handle(uow, command, Actor.officer(officer), site.now())
        value = shown.detail["value"]
        return {"reference": record.reference, "field": data.field, "value": value}


@_on("cases")
async def reveal_case(
    request: ApiRequest, ref: Reference, data: t.RevealChange
) -> t.RevealedDocument:
    """Show one covered answer of this record, for a purpose that is kept."""
    return await _reveal(request, CASES, ref, data)


@_on("applications")
async def reveal_application(
    request: ApiRequest, ref: Reference, data: t.RevealChange
) -> t.RevealedDocument:
    """Show one covered answer of this record, for a purpose that is kept."""
    return await _reveal(request, APPLICATIONS, ref, data)


@_on("registrations")
async def reveal_registration(
    request: ApiRequest, ref: Reference, data: t.RevealChange
) -> t.RevealedDocument:
    """Show one covered answer of this record, for a purpose that is kept."""
    return await _reveal(request, REGISTRATIONS, ref, data)
