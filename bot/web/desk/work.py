"""The work list of the desk: one's own work by the clock, what nobody holds, the whole region."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, get, post
from litestar.response import Redirect, Template

from bot.cases.deadlines import is_urgent
from bot.cases.records import Record
from bot.rights.access import may
from bot.web.changes.offered import done_words
from bot.web.desk.pages import desk_page
from bot.web.desk.sought import opened, sealed
from bot.web.desk.work_asked import (
    ALL,
    CLOCKS,
    MINE,
    NOBODY,
    REVIEW,
    VIEWS,
    Asked,
    places,
    view_of,
)
from bot.web.desk.work_line import lines_of
from bot.web.door.auth import SignedIn
from bot.web.listing import offered_records, officer_names, visible_records
from bot.web.site import site_of
from bot.words import sentences
from flows import commands as c
from storage.keys import Keyring
from storage.kinds import EscalationType, RecordKind
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

PAGE = 30
MOST_URGENT = 100
FILTERS = ("view", "kind", "status", "region", "clock", "closed")
_NAMES = {MINE: "我经办的", NOBODY: "没人接的", REVIEW: "等审核办结的", ALL: "整个辖区"}

DeskRequest = Request[SignedIn, Any, Any]


@get("/desk", include_in_schema=False)
async def work_list(
    request: DeskRequest,
    view: str = "",
    q: str = "",
    found: str = "",
    kind: str = "",
    status: str = "",
    region: str = "",
    clock: str = "",
    closed: str = "",
    cursor: str | None = None,
    done: str = "",
) -> Template:
    """The open records, or all that fit the filters; the urgent and the late come first.

    `found` is what was looked for, sealed; `done` a change after which a record is elsewhere.
    """
    site = site_of(request)
    now = site.now()
    q = q or opened(site.db.keyring, found)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        own = await uow.records.count(RecordQuery(open_only=True, assigned_to=officer.id))
        searched = {"q": q, "status": status, "region": region, "clock": clock, "closed": closed}
        asked = Asked(view_of(view, {**searched, "kind": kind}, own > 0), kind=kind, **searched)
        pressing, rows, following = await _found(uow, officer, asked, now, cursor)
        offered = [] if cursor else await offered_records(uow, officer, now)
        names = await officer_names(uow)
        shown = await lines_of(uow, [*offered, *pressing, *rows], names, now)
        context: dict[str, Any] = {
            "done": done_words(done),
            "asked": vars(asked),
            "here": _address(site.db.keyring, vars(asked)),
            "offered": shown[: len(offered)],
            "pressing": shown[len(offered) : len(offered) + len(pressing)],
            "lines": shown[len(offered) + len(pressing) :],
            "next": following,
            "views": [
                (view, _NAMES[view], own if view == MINE else None)
                for view in VIEWS
                if view != REVIEW or may(officer, c.ApproveClose)
            ],
            "kinds": [(value.value, sentences()[f"kind.{value.value}"]) for value in RecordKind],
            "statuses": _statuses(kind),
            "clocks": CLOCKS,
            "places": places(officer, region),
            "after": await uow.audit.newest(),
        }
        return await desk_page(uow, officer, "desk/work.html", context)


@post("/desk/find", include_in_schema=False)
async def find(request: DeskRequest) -> Redirect:
    """The list with what was typed; a name or a phone never stands in an address."""
    form = await request.form()
    asked = {key: str(form.get(key) or "") for key in (*FILTERS, "q")}
    address = _address(site_of(request).db.keyring, asked)
    return Redirect(f"/desk?{urlencode(address)}", status_code=303)


def _address(keyring: Keyring, asked: Mapping[str, str]) -> dict[str, str]:
    """The filters as they may stand in an address, which browsers and proxies write down."""
    told = {key: asked[key] for key in FILTERS if asked[key]}
    return {**told, "found": sealed(keyring, asked["q"])} if asked["q"] else told


async def _found(
    uow: UnitOfWork, officer: Officer, asked: Asked, now: datetime, cursor: str | None
) -> tuple[list[Record], list[Record], str | None]:
    """What presses, the rest of the page, and the cursor of the next."""
    query = asked.query(uow, officer, now, PAGE)
    apart = not asked.closed and not asked.clock and asked.view != REVIEW
    pressing = await _pressing(uow, officer, query, now) if apart and not cursor else []
    rows, following = await visible_records(
        uow,
        officer,
        replace(query, cursor=cursor, on_time=now if apart else None),
        now,
        lambda row: not apart or not is_urgent(row),
    )
    return pressing, rows, following


async def _pressing(
    uow: UnitOfWork, officer: Officer, query: RecordQuery, now: datetime
) -> list[Record]:
    """Emergencies, then what is late, the longest waiting first."""
    late, _ = await visible_records(
        uow, officer, replace(query, overdue=now, soonest_first=True, limit=MOST_URGENT), now
    )
    known = {row.reference for row in late}
    danger = replace(query, type=EscalationType.EMERGENCY, open_only=True, limit=MOST_URGENT)
    emergencies, _ = await visible_records(
        uow, officer, danger, now, lambda row: row.reference not in known
    )
    return _by_urgency([*emergencies, *late], now)


def _by_urgency(rows: Sequence[Record], now: datetime) -> list[Record]:
    return sorted(rows, key=lambda row: (not is_urgent(row), row.due_at or now))


def _statuses(kind: str) -> list[tuple[str, str]]:
    """The statuses of a kind; none while all kinds are shown, because names differ."""
    start = f"status.{kind}."
    found = ((key, name) for key, name in sentences().items() if kind and key.startswith(start))
    return [(key.removeprefix(start), name) for key, name in found]


HANDLERS = (work_list, find)
