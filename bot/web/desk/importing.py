"""Lists from a spreadsheet at the desk: good rows go in, each bad one is named with its reason."""

import asyncio
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Template

from bot.errors import NotAllowed, NotFound
from bot.handlers.acting import Acting
from bot.reports.files import MEDIA_TYPES, Format
from bot.rights.access import Right, may
from bot.rights.actor import Actor
from bot.spreadsheets.imports import IMPORTS, LARGEST, Import, template
from bot.spreadsheets.read import rows_of
from bot.spreadsheets.table import BadFile, Report, Row
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from storage.models.officer import Officer
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
MOST_SHOWN = 200


@get("/desk/import", include_in_schema=False)
async def import_page(request: DeskRequest) -> Template:
    """What can be imported, and a form for each."""
    async with site_of(request).db.read() as uow:
        officer = await _leading(request, uow)
        return await desk_page(uow, officer, "desk/import.html", {"imports": IMPORTS})


@get("/desk/import/{name:str}/template", include_in_schema=False)
async def import_template(request: DeskRequest, name: str) -> Response[bytes]:
    """An empty file with the right heads."""
    kind = _kind(name)
    async with site_of(request).db.read() as uow:
        await _leading(request, uow)
    content = await asyncio.to_thread(template, kind)
    told = f"attachment; filename=\"{name}.xlsx\"; filename*=UTF-8''{quote(kind.title)}.xlsx"
    headers = {"content-disposition": told}
    return Response(content, media_type=MEDIA_TYPES[Format.XLSX], headers=headers)


@post("/desk/import/{name:str}", include_in_schema=False, status_code=200)
async def import_rows(request: DeskRequest, name: str) -> Template:
    """Take in a file; the page says what became of every row."""
    site = site_of(request)
    kind = _kind(name)
    async with site.db.read() as uow:
        await _leading(request, uow)
    upload = (await request.form()).get("file")
    try:
        rows = await _rows(upload, kind)
    except BadFile as bad:
        async with site.db.read() as uow:
            officer = await request.user.officer(uow)
            told = {"imports": IMPORTS, "chosen": name, "refused": bad.reason}
            return await desk_page(uow, officer, "desk/import.html", told, 422)
    async with site.db.write() as uow:
        officer = await _leading(request, uow)
        report = await kind.take(Acting(uow, Actor.officer(officer), site.now()), rows)
        context = {"imports": IMPORTS, "chosen": name, "title": kind.title, **told_of(report)}
        return await desk_page(uow, officer, "desk/import.html", context)


async def _rows(upload: object, kind: Import) -> list[Row]:
    """The rows of what was sent. Raises BadFile with what to send instead."""
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise BadFile("没有选文件")
    content = await upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadFile(f"文件太大，最多 {LARGEST >> 20} MB")
    return await asyncio.to_thread(rows_of, content, kind.columns)


def told_of(report: Report) -> dict[str, Any]:
    """What a page says of an import."""
    return {
        "report": report,
        "problems": report.problems[:MOST_SHOWN],
        "more": max(len(report.problems) - MOST_SHOWN, 0),
    }


def _kind(name: str) -> Import:
    if name not in IMPORTS:
        raise NotFound("没有这种导入。")
    return IMPORTS[name]


async def _leading(request: DeskRequest, uow: UnitOfWork) -> Officer:
    officer = await request.user.officer(uow)
    if not may(officer, Right.IMPORT):
        raise NotAllowed("只有主管可以导入。")
    return officer


HANDLERS = (import_page, import_template, import_rows)
