"""The work list of the desk: what is urgent or late first, then the rest; filters and search."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from litestar import Request, get
from litestar.response import Template

from bot import references
from bot.notices import kind_name
from bot.records import Record, subject_name
from bot.web import labels
from bot.web.auth import SignedIn
from bot.web.desk_pages import desk_page
from bot.web.listing import officer_names, visible_records
from bot.web.site import site_of
from bot.words import sentences
from nlu.names import name_key
from storage.kinds import EscalationType, RecordKind
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

PAGE = 30
MOST_URGENT = 100
_PHONE_DIGITS = 11

DeskRequest = Request[SignedIn, Any, Any]


@dataclass(frozen=True)
class Line:
    """One record in the list, in words."""

    reference: str
    kind: str
    name: str
    place: str
    status: str
    due: str
    late: bool
    urgent: bool
    assigned: str
    updated: str


@get("/desk", include_in_schema=False)
async def work_list(
    request: DeskRequest,
    q: str = "",
    kind: str = "",
    status: str = "",
    region: str = "",
    mine: str = "",
    closed: str = "",
    cursor: str | None = None,
) -> Template:
    """The records of the officer's region; by default the open ones."""
    site = site_of(request)
    now = site.now()
    asked = {"q": q[:100], "kind": kind, "status": status, "region": region, "mine": mine}
    asked["closed"] = closed
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        query = _query(uow, officer, asked)
        first = [] if cursor or closed else await _pressing(uow, officer, query, now)
        rows, following = await visible_records(
            uow,
            officer,
            replace(query, cursor=cursor),
            now,
            lambda row: bool(closed) or not _presses(row, now),
        )
        names = await officer_names(uow)
        context: dict[str, Any] = {
            "pressing": [line(row, names, now) for row in first],
            "lines": [line(row, names, now) for row in rows],
            "asked": asked,
            "next": following,
            "kinds": [(value.value, sentences()[f"kind.{value.value}"]) for value in RecordKind],
            "statuses": _statuses(kind),
        }
        return await desk_page(uow, officer, "desk/work.html", context)


def line(row: Record, names: Mapping[int, str], now: datetime) -> Line:
    """A record in words."""
    return Line(
        reference=row.reference,
        kind=kind_name(row),
        name=subject_name(row) or "姓名不详",
        place=labels.place_short(row.region_code),
        status=labels.label(f"status.{row.kind}.{row.status}"),
        due=labels.due_words(row.due_at, now) if row.is_open else "",
        late=row.is_open and row.due_at is not None and row.due_at <= now,
        urgent=getattr(row, "type", None) == EscalationType.EMERGENCY and row.is_open,
        assigned=names.get(row.assigned_to_id or 0, "未分配"),
        updated=labels.clock(row.updated_at),
    )


async def _pressing(
    uow: UnitOfWork, officer: Officer, query: RecordQuery, now: datetime
) -> list[Record]:
    """Emergencies, then what is late, the longest waiting first."""
    late, _ = await visible_records(
        uow, officer, replace(query, overdue=now, limit=MOST_URGENT), now
    )
    emergencies, _ = await visible_records(
        uow,
        officer,
        replace(query, type=EscalationType.EMERGENCY, open_only=True, limit=MOST_URGENT),
        now,
        lambda row: row.reference not in {each.reference for each in late},
    )
    return sorted([*emergencies, *late], key=lambda row: _urgency(row, now))


def _presses(row: Record, now: datetime) -> bool:
    late = row.due_at is not None and row.due_at <= now
    return row.is_open and (late or getattr(row, "type", None) == EscalationType.EMERGENCY)


def _urgency(row: Record, now: datetime) -> tuple[bool, datetime]:
    return getattr(row, "type", None) != EscalationType.EMERGENCY, row.due_at or now


def _query(uow: UnitOfWork, officer: Officer, asked: Mapping[str, str]) -> RecordQuery:
    kinds = tuple(kind for kind in RecordKind if kind == asked["kind"])
    region = asked["region"]
    query = RecordQuery(
        kinds=kinds,
        statuses=(asked["status"],) if asked["status"] else (),
        open_only=not (asked["closed"] or asked["status"]),
        region=region if region.isascii() and region.isdecimal() else None,
        assigned_to=officer.id if asked["mine"] else None,
        limit=PAGE,
    )
    return _searching(uow, query, asked["q"].strip())


def _searching(uow: UnitOfWork, query: RecordQuery, words: str) -> RecordQuery:
    """A reference number, a phone number, or a name that sounds like it."""
    if not words:
        return query
    reference = references.normalize(words)
    if reference is not None:
        return replace(query, reference=reference, open_only=False)
    digits = "".join(letter for letter in words if letter.isdecimal())
    if len(digits) == _PHONE_DIGITS:
        return replace(query, phone_hash=uow.keyring.blind(digits))
    return replace(query, name_key=name_key(words) or words)


def _statuses(kind: str) -> list[tuple[str, str]]:
    """The statuses of a kind; none while all kinds are shown, because names differ."""
    start = f"status.{kind}."
    found = ((key, name) for key, name in sentences().items() if kind and key.startswith(start))
    return [(key.removeprefix(start), name) for key, name in found]
