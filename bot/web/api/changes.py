"""The changing half of the JSON API: one POST a command, the same commands as the desk's."""

from litestar import post

from bot.errors import Conflict, NotFound, Refused
from bot.handlers.dispatch import handle
from bot.rights.access import may_see
from bot.rights.actor import Actor
from bot.web.api import types as t
from bot.web.api.query import APPLICATIONS, CASES, ApiRequest, Reference
from bot.web.api.reads import record_document
from bot.web.site import site_of
from bot.words import render
from flows import commands as c
from storage.errors import Stale
from storage.kinds import RecordKind

Kinds = tuple[RecordKind, ...]


def on_record(kind: str, command: str) -> post:
    """The route of one command on a record."""
    path = f"/{kind}/{{ref:str}}/{command}"
    return post(path, status_code=200, responses=t.CHANGE_ERRORS, tags=[kind])


async def change(request: ApiRequest, kinds: Kinds, command: c.OfficerCommand) -> t.RecordDocument:
    """Make one change and answer with the record as it is then."""
    site = site_of(request)
    try:
        async with site.db.write() as uow:
            officer = await request.user.officer(uow)
            record = await uow.records.get(command.reference)
            if record is None or record.kind not in kinds or not may_see(officer, record):
                raise NotFound
            await handle(uow, command, Actor.officer(officer), site.now())
            return await record_document(uow, officer, record, site.now())
    except Stale as stale:
        raise Conflict from stale


async def officer_id(request: ApiRequest, officer: int | str | None) -> int | None:
    """The id of an officer given by id or name. Raises Refused for a name nobody has."""
    if not isinstance(officer, str):
        return officer
    async with site_of(request).db.read() as uow:
        named = await uow.officers.by_name(officer)
    if named is None:
        raise Refused(render("refused.officer_unknown"))
    return named.id


@on_record("cases", "visit")
async def visit_case(request: ApiRequest, ref: Reference, data: t.VisitChange) -> t.RecordDocument:
    """Log one attempt to bring the child back."""
    command = c.LogVisit(
        ref,
        data.expected_version,
        data.method,
        data.met,
        data.result,
        data.on,
        data.next_on,
        data.who,
        data.corrects,
    )
    return await change(request, CASES, command)


@on_record("cases", "return")
async def return_case(
    request: ApiRequest, ref: Reference, data: t.ReturnChange
) -> t.RecordDocument:
    """The child is verified to be back or placed."""
    command = c.RecordReturn(
        ref, data.expected_version, data.placement, data.school, data.on, data.until
    )
    return await change(request, CASES, command)


@on_record("cases", "request-close")
async def request_close(
    request: ApiRequest, ref: Reference, data: t.CloseChange
) -> t.RecordDocument:
    """Ask a second person to close the case."""
    command = c.RequestClose(ref, data.expected_version, data.code, data.note)
    return await change(request, CASES, command)


@on_record("cases", "approve-close")
async def approve_close(
    request: ApiRequest, ref: Reference, data: t.OptionalNoteChange
) -> t.RecordDocument:
    """The second person agrees."""
    return await change(request, CASES, c.ApproveClose(ref, data.expected_version, data.note))


@on_record("applications", "accept")
async def accept_application(
    request: ApiRequest, ref: Reference, data: t.Change
) -> t.RecordDocument:
    """The papers are complete."""
    return await change(request, APPLICATIONS, c.AcceptApplication(ref, data.expected_version))


@on_record("applications", "return-for-correction")
async def return_application(
    request: ApiRequest, ref: Reference, data: t.CorrectionChange
) -> t.RecordDocument:
    """Send back one paper or answer; the family is told the reason."""
    command = c.ReturnForCorrection(ref, data.expected_version, data.document, data.reason)
    return await change(request, APPLICATIONS, command)


@on_record("applications", "level")
async def set_level(request: ApiRequest, ref: Reference, data: t.LevelChange) -> t.RecordDocument:
    """The hardship level the school decided."""
    command = c.SetLevel(ref, data.expected_version, data.level, data.reason)
    return await change(request, APPLICATIONS, command)


@on_record("applications", "approve")
async def approve_application(
    request: ApiRequest, ref: Reference, data: t.OptionalNoteChange
) -> t.RecordDocument:
    """The recognition is final."""
    command = c.ApproveApplication(ref, data.expected_version, data.note)
    return await change(request, APPLICATIONS, command)


@on_record("applications", "reject")
async def reject_application(
    request: ApiRequest, ref: Reference, data: t.RequiredReasonChange
) -> t.RecordDocument:
    """Not recognised; the family is told the reason and how to object."""
    command = c.RejectApplication(ref, data.expected_version, data.reason)
    return await change(request, APPLICATIONS, command)
