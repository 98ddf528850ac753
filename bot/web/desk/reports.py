"""Reports at the desk: an index with pictures, each report, and the records behind its numbers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.params import Parameter
from litestar.response import Template
from markupsafe import Markup

from bot.clock import local_day
from bot.errors import NotFound, Refused
from bot.reports.all import REPORTS
from bot.reports.model import Chart
from bot.reports.questions import DAYS, question_days
from bot.reports.scope import Scope, months_before, scope_of
from bot.rights.access import may_export, may_export_unmasked
from bot.spreadsheets.export import LEDGERS
from bot.web.charts.bars import bars
from bot.web.charts.funnel import funnel
from bot.web.charts.svg import Point
from bot.web.charts.tiles import tiles
from bot.web.charts.trend import Series, trend
from bot.web.desk.pages import desk_page
from bot.web.desk.report_rows import query_of, said_of
from bot.web.desk.work_asked import places
from bot.web.desk.work_line import lines_of
from bot.web.door.auth import SignedIn
from bot.web.listing import officer_names, visible_records
from bot.web.site import site_of
from storage.models.officer import Officer

DeskRequest = Request[SignedIn, Any, Any]
Month = Annotated[str, Parameter(max_length=20)]
First = Annotated[str, Parameter(query="from", max_length=20)]
Last = Annotated[str, Parameter(query="to", max_length=20)]
Region = Annotated[str, Parameter(max_length=20)]

ROWS = "/desk/reports/rows"
PAGE = 50
_MONTHS_OFFERED = 24


@get("/desk/reports", include_in_schema=False)
async def report_index(
    request: DeskRequest, region: Region = "", first: First = "", last: Last = ""
) -> Template:
    """Every report with its picture, which the browser fetches by itself, after the page."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        scope, refused = _scope(officer, region, first, last, site.now())
        context = {
            "reports": REPORTS,
            "refused": refused,
            "ledgers": LEDGERS if may_export(officer) else {},
            "unmasked": may_export_unmasked(officer),
            "asked_month": urlencode({"region": scope.region, "month": scope.last}),
            **_around(officer, scope, site.now()),
        }
        status = 422 if refused else 200
        return await desk_page(uow, officer, "desk/reports.html", context, status)


@get("/desk/reports/{name:str}/picture.svg", include_in_schema=False)
async def report_picture(
    request: DeskRequest, name: str, region: Region = "", first: First = "", last: Last = ""
) -> Response[str]:
    """The picture that stands for a report in the index."""
    site = site_of(request)
    if name not in REPORTS:
        raise NotFound("没有这份报表。")
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        scope, _ = _scope(officer, region, first, last, site.now())
        report = await REPORTS[name].build(uow, scope)
    drawn = _drawn(report.emblem or Chart("bars", report.title))
    return Response(str(drawn), media_type="image/svg+xml")


@get("/desk/reports/{name:str}", include_in_schema=False)
async def report_page(
    request: DeskRequest, name: str, region: Region = "", first: First = "", last: Last = ""
) -> Template:
    """One report: tables whose numbers open what was counted, and pictures beside them."""
    site = site_of(request)
    if name not in REPORTS:
        raise NotFound("没有这份报表。")
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        scope, refused = _scope(officer, region, first, last, site.now())
        report = await REPORTS[name].build(uow, scope)
        context = {
            "report": report,
            "parts": [
                {
                    "table": part.table,
                    "pictures": [
                        {"title": chart.title, "drawn": _drawn(chart)} for chart in part.charts
                    ],
                }
                for part in report.parts
            ],
            "link": link,
            "refused": refused,
            **_around(officer, scope, site.now()),
        }
        status = 422 if refused else 200
        return await desk_page(uow, officer, "desk/report.html", context, status)


@get(ROWS, include_in_schema=False)
async def report_rows(request: DeskRequest, cursor: str | None = None) -> Template:
    """The records behind one number; every line of them is an audited read."""
    site = site_of(request)
    now = site.now()
    asked = {key: value[:100] for key, value in request.query_params.items() if key != "cursor"}
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        query = replace(query_of(asked), cursor=cursor, limit=PAGE)
        rows, following = await visible_records(uow, officer, query, now)
        names = await officer_names(uow)
        context = {
            "lines": await lines_of(uow, rows, names, now),
            "said": said_of(asked),
            "next": f"{ROWS}?{urlencode({**asked, 'cursor': following})}" if following else "",
        }
        return await desk_page(uow, officer, "desk/report_rows.html", context)


@get(DAYS, include_in_schema=False)
async def report_days(
    request: DeskRequest, question: str = "", first: First = "", last: Last = ""
) -> Template:
    """One question day by day: behind these numbers stands nobody who may be shown."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        scope = scope_of(officer.region_code, "", first, last, site.now())
        table = await question_days(uow, scope, question)
        if table is None:
            raise NotFound("没有这个问题。")
        context = {"table": table, "asked": urlencode({"from": scope.first, "to": scope.last})}
        return await desk_page(uow, officer, "desk/report_days.html", context)


def link(rows: Mapping[str, str] | None) -> str:
    """The address of the rows behind a number; `page` is one of its own."""
    if not rows:
        return ""
    more = {key: value for key, value in rows.items() if key != "page"}
    address = rows.get("page", ROWS)
    return f"{address}?{urlencode(more)}" if more else address


def _scope(officer: Officer, region: str, first: str, last: str, now: Any) -> tuple[Scope, str]:
    """What was asked for; the officer's own place and this month when that cannot be shown."""
    try:
        return scope_of(officer.region_code, region, first, last, now), ""
    except Refused as refused:
        return scope_of(officer.region_code, "", "", "", now), refused.reason


def _around(officer: Officer, scope: Scope, now: Any) -> dict[str, Any]:
    today = local_day(now)
    this = f"{today:%Y-%m}"
    quarter = f"{today.year}-{(today.month - 1) // 3 * 3 + 1:02d}"
    autumn = today.year if today.month >= 9 else today.year - 1
    spans = {
        "本月": (this, this),
        "上月": (months_before(this, 2)[0],) * 2,
        "本季度": (quarter, this),
        "本学年": (f"{autumn}-09", this),
        "近十二个月": (months_before(this, 12)[0], this),
    }
    return {
        "scope": scope,
        "places": places(officer, scope.region),
        "asked": urlencode({"region": scope.region, "from": scope.first, "to": scope.last}),
        "months": tuple(reversed(months_before(this, _MONTHS_OFFERED))),
        "spans": [
            (name, urlencode({"region": scope.region, "from": first, "to": last}),
             (first, last) == (scope.first, scope.last))
            for name, (first, last) in spans.items()
        ],
    }  # fmt: skip


def _drawn(chart: Chart) -> Markup:
    if chart.kind == "trend":
        lines = [Series(name, values) for name, values in chart.series]
        return trend(chart.title, chart.labels, lines)
    points = [Point(s.label, s.value, link(s.rows), s.group) for s in chart.spots]
    return {"bars": bars, "funnel": funnel, "tiles": tiles}[chart.kind](chart.title, points)


HANDLERS = (report_index, report_picture, report_page, report_rows, report_days)
