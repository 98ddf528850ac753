"""One record at the desk: answers, papers, what was said of it, what happened, what to do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from bot.errors import Conflict, NotAllowed, NotFound, Refused, ServiceError
from bot.handlers.dispatch import handle
from bot.rights.access import Right, access_record, check, may_see
from bot.rights.actor import Actor
from bot.rights.covering import tells_of_health
from bot.web import labels
from bot.web.changes.form import Change
from bot.web.changes.offered import BY_NAME, done_words
from bot.web.desk.view import record_view_page
from bot.web.door.auth import SignedIn
from bot.web.numbers import row_number
from bot.web.record.replies import filled
from bot.web.record.sent_papers import paper
from bot.web.record.talk import mark_of, talk_of
from bot.web.site import site_of
from bot.web.uploads import with_files
from flows import commands as c
from storage.errors import Stale
from storage.models.attachment import Attachment
from storage.models.officer import Officer
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
_STATUS: dict[type[ServiceError], int] = {Conflict: 409, NotAllowed: 403}


@get("/desk/records/{ref:str}", include_in_schema=False)
async def record_page(request: DeskRequest, ref: str, done: str = "", reply: str = "") -> Template:
    """The whole record; `reply` is the id of a canned reply to begin with."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await access_record(uow, officer, ref, site.now())
        more: dict[str, Any] = {"done": done_words(done)}
        if words := filled(record, officer, reply):
            more |= {"open_form": "reply", "typed": {"text": words}}
        return await record_view_page(uow, officer, record, site.now(), more)


@get("/desk/records/{ref:str}/talk", include_in_schema=False)
async def talk_news(request: DeskRequest, ref: str, seen: str = "") -> Response[Any]:
    """What was said anew when there is something new in it, else nothing (204)."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        record = await uow.records.get(ref)
        if record is None or not may_see(officer, record):
            raise NotFound
        talk = await talk_of(uow, officer, record, site.now())
    if mark_of(talk) == seen:
        return Response(None, status_code=204)
    async with site.db.write() as uow:
        await access_record(uow, officer, ref, site.now(), purpose="read_talk")
    context = {"talk": talk, "mark": mark_of(talk), "reference": record.reference}
    return Template("desk/talk.html", context=context)


@post("/desk/records/{ref:str}/{name:str}", include_in_schema=False)
async def change_record(request: DeskRequest, ref: str, name: str) -> Response[Any]:
    """Make one change; when it is refused, the page says why and keeps what was typed."""
    site = site_of(request)
    change = BY_NAME.get(name)
    if change is None:
        raise NotFound
    sent = await request.form()
    form = {key: value for key, value in sent.items() if isinstance(value, str)}
    try:
        version = row_number(form.get("version", ""))
        command = await with_files(site, change.build(ref, version, form), sent)
        async with site.db.write() as uow:
            officer = await request.user.officer(uow)
            await handle(uow, command, Actor.officer(officer), site.now())
            record = await uow.records.get(ref)
            stays = record is not None and may_see(officer, record)
    except (ServiceError, Stale) as error:
        refused = error if isinstance(error, ServiceError) else Conflict()
        return await _refused(request, ref, change, form, refused)
    back = f"/desk/records/{ref}" if stays else "/desk"
    return Redirect(f"{back}?done={name}", status_code=303)


@post("/desk/records/{ref:str}/reveal", include_in_schema=False, status_code=200)
async def reveal(request: DeskRequest, ref: str) -> Template:
    """Show one covered answer on this view of the page; every look is in the log."""
    site = site_of(request)
    form = await request.form()
    field, purpose = str(form.get("field") or ""), str(form.get("purpose") or "")
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        found = await uow.records.get(ref)
        if found is None or not may_see(officer, found):
            raise NotFound
        more: dict[str, Any] = {}
        try:
            command = c.Reveal(ref, None, field, purpose)
            shown = await handle(uow, command, Actor.officer(officer), site.now())
            more["revealed"] = {field: labels.revealed(field, shown.detail["value"])}
        except Refused as refused:
            more["refused"] = refused.reason
        status = 422 if "refused" in more else 200
        return await record_view_page(uow, officer, found, site.now(), more, status)


@get("/desk/files/{attachment_id:int}", include_in_schema=False)
async def attachment(request: DeskRequest, attachment_id: int) -> Response[bytes]:
    """A photo or paper of a record in the officer's region."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        row = await uow.attachments.get(attachment_id)
        reference = await _reference_of(uow, officer, row, site.now())
        if row is None or reference is None or row.status == "deleted":
            raise NotFound
        record = await access_record(uow, officer, reference, site.now(), purpose="read_file")
        if tells_of_health(row.document or ""):
            check(officer, Right.HEALTH, record)
    return await paper(site, row)


async def _reference_of(
    uow: UnitOfWork, officer: Officer, row: Attachment | None, now: datetime
) -> str | None:
    """The record a file belongs to, or one in whose talk it was sent."""
    if row is None:
        return None
    if row.reference is not None:
        return row.reference
    if row.person_id is None:
        return None
    for record in await uow.records.of_person(row.person_id):
        if may_see(officer, record):
            talk = await talk_of(uow, officer, record, now)
            if any(row.id in line.files for line in talk):
                return record.reference
    return None


async def _refused(
    request: DeskRequest, ref: str, change: Change, form: Mapping[str, str], error: ServiceError
) -> Template:
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await uow.records.get(ref)
        if record is None or not may_see(officer, record):
            raise NotFound
        status = _STATUS.get(type(error), 422)
        context: dict[str, Any] = {"refused": error.reason, "open_form": change.name, "typed": form}
        if isinstance(error, Conflict):
            context["changed_since"] = row_number(form.get("seen", ""))
        return await record_view_page(uow, officer, record, site.now(), context, status)


HANDLERS = (record_page, talk_news, change_record, reveal, attachment)
