"""What the lists of the JSON API may be filtered by."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any

from litestar import Request
from litestar.exceptions import ClientException, ValidationException
from litestar.handlers import BaseRouteHandler
from litestar.params import Parameter

from bot.days import moment_of as written_moment
from bot.rights.territory import covers
from bot.web.door.auth import SignedIn
from bot.web.site import Connection
from storage.kinds import EscalationType, RecordKind
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

APPLICATIONS = (RecordKind.AID_APPLICATION,)
CASES = (RecordKind.DROPOUT_CASE, RecordKind.ESCALATION)
REGISTRATIONS = (RecordKind.TRAINING_REGISTRATION,)
NOWHERE = "nowhere"
"""A region that matches nothing."""

ApiRequest = Request[SignedIn, Any, Any]
Reference = Annotated[str, Parameter(max_length=40, description="A reference number")]
MaybeReference = Annotated[str | None, Parameter(max_length=40)]
Word = Annotated[str | None, Parameter(max_length=40)]
RegionCode = Annotated[
    str | None, Parameter(pattern=r"^[0-9]{2,12}$", description="Everything inside this unit")
]
Kind = Annotated[RecordKind | None, Parameter(description="One kind of record")]
Type = Annotated[EscalationType | None, Parameter(description="Only escalations of this type")]
AssignedTo = Annotated[
    str | None, Parameter(max_length=64, description="An officer's id or name, or `me`")
]
Since = Annotated[
    str | None,
    Parameter(
        max_length=40,
        description="ISO 8601; without zone, Asia/Shanghai",
        schema_extra={"format": "date-time"},
    ),
]
Limit = Annotated[int, Parameter(ge=1, le=200)]
Cursor = Annotated[str | None, Parameter(max_length=400, description="`next` of the page before")]


@dataclass(frozen=True)
class Filters:
    """The filters of a list of records, as they were asked for."""

    reference: str | None
    status: str | None
    region: str | None
    kind: RecordKind | None
    type: EscalationType | None
    assigned_to: str | None
    overdue: bool
    updated_since: datetime | None
    limit: int
    cursor: str | None


def filters(
    reference: MaybeReference = None,
    status: Word = None,
    region: RegionCode = None,
    kind: Kind = None,
    type: Type = None,
    assigned_to: AssignedTo = None,
    overdue: bool = False,
    updated_since: Since = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Filters:
    """Collect the filters that every list of records takes."""
    since = moment_of(updated_since)
    return Filters(
        reference, status, region, kind, type, assigned_to, overdue, since, limit, cursor
    )


def known_filters(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a filter that this list does not have: ignored, it would give a wrong list."""
    known = set(handler.parsed_fn_signature.parameters) - {"request", "filters"}
    if "filters" in handler.parsed_fn_signature.parameters:
        known |= {field.name for field in fields(Filters)}
    unknown = sorted(set(connection.query_params) - known)
    if unknown:
        raise ClientException(
            f"这个列表不能按 {'、'.join(unknown)[:100]} 筛选。可以用：{'、'.join(sorted(known))}。"
        )


def moment_of(text: str | None) -> datetime | None:
    """A day or a moment; without a zone the office's own time. Raises ValidationException."""
    if text is None:
        return None
    written = text.replace(" ", "+") if "T" in text else text  # an unescaped + arrives as a space
    try:
        return written_moment(written)
    except ValueError:
        raise ValidationException("updated_since must be an ISO 8601 time") from None


async def record_query(
    uow: UnitOfWork, officer: Officer, kinds: tuple[RecordKind, ...], asked: Filters, now: datetime
) -> RecordQuery | None:
    """The query of a list, or None when nothing can match."""
    if asked.kind is not None and asked.kind not in kinds:
        return None
    if asked.type is not None and RecordKind.ESCALATION not in kinds:
        return None
    assigned = await officer_id(uow, officer, asked.assigned_to)
    if asked.assigned_to is not None and assigned is None:
        return None
    return RecordQuery(
        reference=asked.reference,
        kinds=tuple(kinds if asked.kind is None else (asked.kind,)),
        type=asked.type,
        statuses=(asked.status,) if asked.status else (),
        region=asked.region,
        assigned_to=assigned,
        overdue=now if asked.overdue else None,
        updated_since=asked.updated_since,
        limit=asked.limit,
        cursor=asked.cursor,
    )


def narrower(officer: Officer, region: str | None) -> str:
    """The smaller of the officer's region and the one asked for; apart, nowhere."""
    own = officer.region_code
    if region is None or covers(region, own):
        return own
    return region if covers(own, region) else NOWHERE


async def officer_id(uow: UnitOfWork, officer: Officer, who: str | None) -> int | None:
    """The id of an officer given by id or name, or `me`; None when nobody is meant or known."""
    if who is None:
        return None
    if who == "me":
        return officer.id
    if who.isascii() and who.isdecimal():
        return int(who) if int(who) < 2**31 else None
    named = await uow.officers.by_name(who)
    return named.id if named is not None else None
