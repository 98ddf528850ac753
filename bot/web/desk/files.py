"""Reports, ledgers and forms as files: masked, with the maker's name, each one audited."""

import asyncio
from urllib.parse import quote

from litestar import Response, get

from bot.errors import NotAllowed, NotFound
from bot.handlers.acting import Acting
from bot.reports.all import REPORTS
from bot.reports.files import MEDIA_TYPES, Format, format_of, written
from bot.reports.made import Made
from bot.reports.scope import scope_of
from bot.rights.access import may_export, may_export_unmasked
from bot.rights.actor import Actor
from bot.spreadsheets.export import LEDGERS, take_ledger
from bot.web import labels
from bot.web.desk.aid_form_file import FormKind, aid_form_file
from bot.web.desk.reports import DeskRequest, First, Last, Region
from bot.web.site import site_of
from storage.models.officer import Officer

_COUNTS_ONLY = "只有数目，没有个人信息。点网页上的数字可以看到背后的记录。"


@get("/desk/reports/{name:str}/file", include_in_schema=False)
async def report_file(
    request: DeskRequest,
    name: str,
    region: Region = "",
    first: First = "",
    last: Last = "",
    format: str = Format.XLSX,
) -> Response[bytes]:
    """A report as a file."""
    site = site_of(request)
    kept = format_of(format)
    if name not in REPORTS:
        raise NotFound("没有这份报表。")
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        scope = scope_of(officer.region_code, region, first, last, site.now())
        report = await REPORTS[name].build(uow, scope)
        notes = (report.about, _COUNTS_ONLY)
        made = Made(
            report.title, scope.place, scope.period, named_officer(officer), site.now(), notes
        )
        turn = Acting(uow, Actor.officer(officer), site.now())
        await turn.audit("export", None, report=name, region=scope.region, period=scope.period)
    tables = [part.table for part in report.parts]
    return sent_file(await asyncio.to_thread(written, kept, tables, made), made, kept)


@get("/desk/ledgers/{name:str}/file", include_in_schema=False)
async def ledger_file(
    request: DeskRequest,
    name: str,
    region: Region = "",
    month: str = "",
    format: str = Format.XLSX,
    full: str = "",
) -> Response[bytes]:
    """A month's ledger as a file; whole numbers only for those who may, and who ask for them."""
    site = site_of(request)
    kept = format_of(format)
    if name not in LEDGERS:
        raise NotFound("没有这本台账。")
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        if not may_export(officer) or (full and not may_export_unmasked(officer)):
            raise NotAllowed
        scope = scope_of(officer.region_code, region, month, month, site.now())
        turn = Acting(uow, Actor.officer(officer), site.now())
        table, made = await take_ledger(turn, name, scope, named_officer(officer), bool(full))
    return sent_file(await asyncio.to_thread(written, kept, [table], made), made, kept)


@get("/desk/records/{ref:str}/form/{kind:str}", include_in_schema=False)
async def form_file(
    request: DeskRequest, ref: str, kind: FormKind, full: str = ""
) -> Response[bytes]:
    """The application form of one application, filled, as Word or PDF."""
    return await aid_form_file(request, ref, kind, bool(full))


def named_officer(officer: Officer) -> str:
    """Who made a file, as it stands in it."""
    return f"{officer.name}（{labels.label(f'role.{officer.role}')}）"


def sent_file(content: bytes, made: Made, kept: Format, title: str = "") -> Response[bytes]:
    """A file to be saved under the name of what it is; of one family neither name nor place."""
    whose = title or f"{made.title}-{made.place}"
    name = f"{whose}-{made.period}.{kept}".replace(" ", "")
    told = f"attachment; filename=\"yulu.{kept}\"; filename*=UTF-8''{quote(name)}"
    headers = {"content-disposition": told}
    return Response(content, media_type=MEDIA_TYPES[kept], headers=headers)


HANDLERS = (form_file, report_file, ledger_file)
