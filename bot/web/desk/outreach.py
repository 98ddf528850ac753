"""Lists of children to look out for, at the desk: taken in, compared, looked through, noted."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from bot.clock import local_day
from bot.errors import NotAllowed, NotFound, Refused, ServiceError
from bot.handlers.acting import Acting
from bot.handlers.dispatch import handle
from bot.outreach.comparing import compare_some
from bot.outreach.reading import line_of, rows_inside, trace, visible_part
from bot.outreach.standing import standing
from bot.reports.files import MEDIA_TYPES, Format
from bot.rights.access import Right, check
from bot.rights.actor import Actor
from bot.rights.territory import canonical
from bot.spreadsheets.imports import LARGEST, blank
from bot.spreadsheets.lists import COLUMNS, EXAMPLE_ROW, Heading, list_rows, take_list
from bot.spreadsheets.table import BadFile, Row
from bot.web.changes.form import day
from bot.web.desk.importing import told_of
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.outreach.lists import index_context, list_context, new_campaign_context
from bot.web.outreach.row import row_context
from bot.web.site import site_of
from flows import commands as c
from storage.kinds import ListKind, VisitState
from storage.models.officer import Officer
from storage.models.outreach import OutreachList
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
PATH = "/desk/outreach"


@get(PATH, include_in_schema=False)
async def lists(request: DeskRequest) -> Template:
    """All lists with their numbers, and a form to take one in."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        return await _index(uow, officer, {})


@get(PATH + "/template/{name:str}", include_in_schema=False)
async def list_template(request: DeskRequest, name: str) -> Response[bytes]:
    """An empty file with the right heads, whatever it is to be called."""
    async with site_of(request).db.read() as uow:
        check(await request.user.officer(uow), Right.IMPORT)
    content = await asyncio.to_thread(blank, "名单", COLUMNS, EXAMPLE_ROW)
    headers = {"content-disposition": "attachment"}
    return Response(content, media_type=MEDIA_TYPES[Format.XLSX], headers=headers)


@post(PATH, include_in_schema=False, status_code=200)
async def import_list(request: DeskRequest) -> Template:
    """Take in a file; the page says what became of every row."""
    site = site_of(request)
    async with site.db.read() as uow:
        check(await request.user.officer(uow), Right.IMPORT)
    form = await request.form()
    told = {key: str(value) for key, value in form.items() if isinstance(value, str)}
    try:
        name, rows = await _uploaded(form.get("file"))
        async with site.db.write() as uow:
            officer = await request.user.officer(uow)
            heading = _heading(officer, told, name)
            taken = await take_list(Acting(uow, Actor.officer(officer), site.now()), rows, heading)
            more = {"taken": taken, "title": heading.title, **told_of(taken.report)}
            return await _index(uow, officer, more)
    except (BadFile, Refused) as bad:
        async with site.db.read() as uow:
            officer = await request.user.officer(uow)
            return await _index(uow, officer, {"refused": bad.reason, "typed": told}, 422)


@get(PATH + "/{id:int}", include_in_schema=False)
async def list_page(request: DeskRequest, id: int) -> Template:
    """One list: numbers, filters, rows, campaigns; that somebody looked is kept."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        return await _list(request, uow, officer, id, {})


@post(PATH + "/{id:int}/compare", include_in_schema=False, status_code=200)
async def compare_step(request: DeskRequest, id: int) -> Response[Any]:
    """Compare the next rows; the page fetches this until all are done, then itself."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        one, part = await visible_list(uow, officer, id)
        await compare_some(uow, site.now(), one.id)
        stands = standing(await uow.outreach.counts(rows_inside(one.id, part)))
    if "hx-request" not in request.headers:
        return Redirect(f"{PATH}/{id}", status_code=303)
    headers = {"hx-refresh": "true"} if stands.compared >= stands.total else {}
    context = {"list": one, "stands": stands}
    return Template("desk/outreach/comparing.html", context=context, headers=headers)


@post(PATH + "/{id:int}/again", include_in_schema=False)
async def compare_again(request: DeskRequest, id: int) -> Response[Any]:
    """Hold the list against the ledgers anew."""
    return await _do(request, c.CompareAgain(id), f"{PATH}/{id}", id)


@post(PATH + "/{id:int}/drop", include_in_schema=False)
async def drop_list(request: DeskRequest, id: int) -> Response[Any]:
    """Remove a list with a reason."""
    reason = str((await request.form()).get("reason") or "")
    return await _do(request, c.DropList(id, reason), PATH, id)


@get(PATH + "/rows/{id:int}", include_in_schema=False)
async def row_page(request: DeskRequest, id: int) -> Template:
    """One child of a list; the read is in the log."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        row = await uow.outreach.row(id)
        if row is None:
            raise NotFound("名单里没有这一行。")
        one, part = await visible_list(uow, officer, row.list_id)
        if not await _is_inside(uow, one, part, row.id):
            raise NotFound("名单里没有这一行。")
        turn = Acting(uow, Actor.officer(officer), site.now())
        await trace(turn, "read_list_row", row.region_code, row=row.id, title=line_of(one, row))
        context = await row_context(uow, officer, one, part, row)
        return await desk_page(uow, officer, "desk/outreach/row.html", context)


@post(PATH + "/rows/{id:int}/note", include_in_schema=False)
async def note_row(request: DeskRequest, id: int) -> Response[Any]:
    """Note what came of a visit."""
    form = await request.form()
    state = str(form.get("state") or "")
    if state and state not in set(VisitState):
        raise Refused("没有这种结果。")
    note = str(form.get("note") or "")
    command = c.NoteOutreach(id, VisitState(state) if state else None, note)
    return await _do(request, command, _back(form, f"{PATH}/rows/{id}"), None)


@post(PATH + "/rows/{id:int}/match", include_in_schema=False)
async def judge_row(request: DeskRequest, id: int) -> Response[Any]:
    """Say whether it is the same child."""
    form = await request.form()
    command = c.JudgeMatch(id, str(form.get("target") or ""), form.get("same") == "yes")
    return await _do(request, command, f"{PATH}/rows/{id}", None)


HANDLERS = (
    lists,
    list_template,
    import_list,
    list_page,
    compare_step,
    compare_again,
    drop_list,
    row_page,
    note_row,
    judge_row,
)


async def _do(
    request: DeskRequest, command: c.OutreachCommand, after: str, id: int | None
) -> Response[Any]:
    """Make the change; a refusal is told on the list's page, or on a page of its own."""
    site = site_of(request)
    try:
        async with site.db.write() as uow:
            officer = await request.user.officer(uow)
            await handle(uow, command, Actor.officer(officer), site.now())
    except ServiceError as error:
        if id is None or isinstance(error, (NotFound, NotAllowed)):
            raise
        return await list_refused(request, id, error.reason)
    return Redirect(after, status_code=303)


async def list_refused(request: DeskRequest, id: int, reason: str) -> Template:
    """The page of a list, with why something was not done."""
    async with site_of(request).db.write() as uow:
        officer = await request.user.officer(uow)
        return await _list(request, uow, officer, id, {"refused": reason}, 422)


def asked_of(request: DeskRequest) -> dict[str, str]:
    """The filters of the address."""
    return {key: request.query_params.get(key, "") for key in ("place", "show", "state", "after")}


async def visible_list(uow: UnitOfWork, officer: Officer, id: int) -> tuple[OutreachList, str]:
    """The list and the part of it that the officer may see. Raises NotFound, NotAllowed."""
    one = await uow.outreach.get_list(id)
    part = visible_part(officer, one)
    if one is None:
        raise NotFound("没有这份名单。")
    return one, part


async def _is_inside(uow: UnitOfWork, one: OutreachList, part: str, row_id: int) -> bool:
    query = replace(rows_inside(one.id, part), after=row_id - 1, limit=1)
    found = await uow.outreach.page(query)
    return bool(found) and found[0].id == row_id


async def _list(
    request: DeskRequest,
    uow: UnitOfWork,
    officer: Officer,
    id: int,
    more: Mapping[str, Any],
    status: int = 200,
) -> Template:
    site = site_of(request)
    one, part = await visible_list(uow, officer, id)
    asked = asked_of(request)
    turn = Acting(uow, Actor.officer(officer), site.now())
    await trace(turn, "read_list", part, id=one.id, title=one.title)
    context = await list_context(uow, officer, one, part, asked)
    context |= new_campaign_context(local_day(site.now()))
    return await desk_page(uow, officer, "desk/outreach/list.html", {**context, **more}, status)


async def _index(
    uow: UnitOfWork, officer: Officer, more: Mapping[str, Any], status: int = 200
) -> Template:
    check(officer, Right.OUTREACH)
    context = {"typed": {}, **await index_context(uow, officer), **more}
    return await desk_page(uow, officer, "desk/outreach/index.html", context, status)


async def _uploaded(upload: object) -> tuple[str, list[Row]]:
    """The name and rows of what was sent. Raises BadFile with what to send instead."""
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise BadFile("没有选文件")
    content = await upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadFile(f"文件太大，最多 {LARGEST >> 20} MB")
    return upload.filename, await asyncio.to_thread(list_rows, content)


def _heading(officer: Officer, told: Mapping[str, str], file_name: str) -> Heading:
    kind = told.get("kind", "")
    if kind not in set(ListKind):
        raise Refused("请选是什么名单。")
    title = told.get("title", "").strip() or file_name.rsplit(".", 1)[0]
    region = canonical(told.get("region") or officer.region_code)
    until: date | None = day(told, "until")
    return Heading(ListKind(kind), title, region, file_name, until)


def _back(form: Any, otherwise: str) -> str:
    """Back to the list that the form stood on, never to another site."""
    number, _, asked = str(form.get("back") or "").partition("?")
    return f"{PATH}/{number}?{asked}" if number.isdecimal() else otherwise
