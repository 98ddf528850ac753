"""Searching the log at the desk: who read and did what, when and where; supervisors only."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Request, get
from litestar.response import Template

from bot.clock import at_local
from bot.days import day_of
from bot.rights.access import Right, check
from bot.rights.masking import masked_ids
from bot.rights.territory import covers
from bot.web import labels
from bot.web.desk.audit_search import AuditAsked, audit_entries, audit_search
from bot.web.desk.pages import desk_page
from bot.web.desk.work_asked import places
from bot.web.door.auth import SignedIn
from bot.web.listing import officer_names
from bot.web.site import site_of
from storage.models.audit import AuditEntry
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
PAGE = 50
LONGEST = 60
_SHOWN_DETAILS = ("title", "field", "purpose", "reason", "code", "name", "ledger", "month")


@get("/desk/audit", include_in_schema=False)
async def audit_page(
    request: DeskRequest,
    reference: str = "",
    officer: str = "",
    action: str = "",
    region: str = "",
    first: str = "",
    last: str = "",
    cursor: str | None = None,
) -> Template:
    """The log of the officer's region by record, officer, action, days and place."""
    site = site_of(request)
    asked = {"reference": reference, "officer": officer, "action": action, "region": region}
    asked = {k: v.strip()[:LONGEST] for k, v in (asked | {"first": first, "last": last}).items()}
    async with site.db.write() as uow:
        me = await request.user.officer(uow)
        check(me, Right.AUDIT)
        names = await officer_names(uow)
        wanted, refused = _asked(asked, names)
        rows: list[AuditEntry] = []
        following = None
        if not refused:
            rows, following = await audit_entries(uow, me, wanted, cursor, PAGE)
            await audit_search(uow, me, wanted, site.now())
        context = {
            "asked": asked,
            "refused": refused,
            "lines": [_line(row, names) for row in rows],
            "officers": await _colleagues(uow, me.region_code),
            "actions": _actions(),
            "places": places(me, asked["region"]),
            "next": urlencode({**asked, "cursor": following}) if following else "",
        }
        return await desk_page(uow, me, "desk/audit.html", context, 422 if refused else 200)


def _asked(asked: Mapping[str, str], names: Mapping[int, str]) -> tuple[AuditAsked, str]:
    """The search, or what is wrong with it in words."""
    try:
        since, until = _start(asked["first"]), _start(asked["last"])
    except ValueError:
        return AuditAsked(), "日期请这样写：2026-11-23。"
    who = asked["officer"]
    officer = int(who) if who.isascii() and who.isdecimal() and len(who) < 10 else None
    region = asked["region"]
    if region and not (region.isascii() and region.isdecimal() and 2 <= len(region) <= 12):
        return AuditAsked(), "地区代码是 2 到 12 位数字，例如 152222。"
    if who and officer not in names:
        return AuditAsked(), "没有这位工作人员。"
    return AuditAsked(
        asked["reference"] or None,
        asked["action"] or None,
        officer,
        region or None,
        since,
        until + timedelta(days=1) if until else None,
    ), ""


def _start(day: str) -> datetime | None:
    return at_local(day_of(day), time.min) if day else None


def _line(entry: AuditEntry, names: Mapping[int, str]) -> dict[str, Any]:
    actor = {"officer": names.get(entry.actor_id or 0, "工作人员"), "person": "来办事的人"}
    detail = entry.detail or {}
    told = [
        (labels.label(f"detail.{key}"), masked_ids(labels.detail_value(key, detail[key])))
        for key in _SHOWN_DETAILS
        if isinstance(detail.get(key), str)
    ]
    return {
        "at": labels.clock(entry.at),
        "actor": actor.get(entry.actor_kind, "系统"),
        "action": labels.label(f"action.{entry.action}"),
        "reference": entry.reference or "",
        "place": labels.place_short(entry.region_code) if entry.region_code else "",
        "told": told,
    }


async def _colleagues(uow: UnitOfWork, region: str) -> list[tuple[str, str]]:
    everybody = await uow.officers.all()
    return [(str(o.id), o.name) for o in everybody if covers(region, o.region_code)]


def _actions() -> list[tuple[str, str]]:
    """Every action that has a name, reads first."""
    start = "action."
    named = labels.own_labels().items()
    return [(key.removeprefix(start), name) for key, name in named if key.startswith(start)]


HANDLERS = (audit_page,)
