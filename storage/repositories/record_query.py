"""What a page of records is asked by: one frozen value, turned into SQL."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_

from storage.begins import Begins
from storage.columns import UtcDateTime
from storage.kinds import CLOSED_STATUSES, EscalationStatus
from storage.models.application import Application
from storage.models.base import reference_key
from storage.models.case import Case
from storage.models.training import Registration
from storage.paging import moment_of
from storage.regions import within
from storage.repositories.counted import ALL, Cut, conditions

AnyRecord = Application | Case | Registration
RecordModel = type[Application] | type[Case] | type[Registration]

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for no clock in an order by when somebody must act."""

TABLES: tuple[RecordModel, ...] = (Application, Case, Registration)
KINDS: dict[RecordModel, tuple[str, ...]] = {
    Application: ("aid_application",),
    Case: ("dropout_case", "escalation"),
    Registration: ("training_registration",),
}


@dataclass(frozen=True)
class RecordQuery:
    """Filters that all apply, except that `name_keys` and `phone_hash` are one search box.

    `scope` is the officer's region and `region` the one asked for; both hold what lies inside.
    `awaits_approval` leaves what a second person has been asked to close.
    `overdue` is the moment by which the record should have been done; `on_time` leaves out what
    should have been done by then. Newest first, unless
    `oldest_first`, which misses nothing that changes while a program reads page after page, or
    `soonest_first`, by when somebody must act; what has no clock comes last.
    """

    reference: str | None = None
    kinds: tuple[str, ...] = ()
    type: str | None = None
    statuses: tuple[str, ...] = ()
    open_only: bool = False
    region: str | None = None
    scope: str | None = None
    assigned_to: int | None = None
    unassigned: bool = False
    awaits_approval: bool = False
    overdue: datetime | None = None
    on_time: datetime | None = None
    updated_since: datetime | None = None
    name_keys: tuple[str, ...] = ()
    phone_hash: str | None = None
    cursor: str | None = None
    limit: int = 50
    oldest_first: bool = False
    cut: Cut = ALL
    soonest_first: bool = False

    @property
    def ascending(self) -> bool:
        """Whether the earliest moment comes first."""
        return self.oldest_first or self.soonest_first


def tables_of(kinds: tuple[str, ...]) -> list[RecordModel]:
    """The tables that hold records of these kinds; all when none is named."""
    return [table for table in TABLES if not kinds or set(kinds) & set(KINDS[table])]


def is_open(table: RecordModel) -> ColumnElement[bool]:
    """Somebody still has to act."""
    return table.status.not_in(CLOSED_STATUSES)


def _has_its_code(table: RecordModel) -> ColumnElement[bool]:
    """Open with a reason to be closed, or an escalation that is said to be resolved.

    Said so that both halves are found by an index: few of the open ones have a code.
    """
    is_asked = and_(table.closed_at.is_(None), table.closing_code.is_not(None))
    return or_(is_asked, table.status == EscalationStatus.RESOLVED)


def is_overdue(table: RecordModel, now: datetime) -> ColumnElement[bool]:
    """Open, and its time is up."""
    return and_(is_open(table), table.due_at <= now)


def filters(query: RecordQuery, table: RecordModel) -> list[ColumnElement[bool]]:
    """The conditions of the query on one table."""
    found = [*_what(query, table), *_where(query, table), *_when(query, table)]
    return found + conditions(query.cut, table)


def _what(query: RecordQuery, table: RecordModel) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.reference is not None:
        found.append(table.reference_key == reference_key(query.reference))
    if query.kinds:
        found.append(table.kind.in_(query.kinds))
    if query.type is not None:
        found.append(Case.type == query.type)
    if query.statuses:
        found.append(table.status.in_(query.statuses))
    if query.open_only:
        found.append(is_open(table))
    return found + _searched(query, table)


def _searched(query: RecordQuery, table: RecordModel) -> list[ColumnElement[bool]]:
    either: list[ColumnElement[bool]] = [Begins(table.name_key, key) for key in query.name_keys]
    if query.phone_hash:
        either.append(table.phone_hash == query.phone_hash)
    return [or_(*either)] if either else []


def _where(query: RecordQuery, table: RecordModel) -> list[ColumnElement[bool]]:
    found = [
        within(table.region_code, code) for code in (query.region, query.scope) if code is not None
    ]
    if query.assigned_to is not None:
        found.append(table.assigned_to_id == query.assigned_to)
    if query.unassigned:
        found.append(table.assigned_to_id.is_(None))
    if query.awaits_approval:
        found += [table.close_requested_by_id.is_not(None), _has_its_code(table)]
    return found


def _when(query: RecordQuery, table: RecordModel) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.overdue is not None:
        found.append(is_overdue(table, query.overdue))
    if query.on_time is not None:
        is_later = or_(table.due_at.is_(None), table.due_at > query.on_time)
        found.append(or_(is_later, ~is_open(table)))
    if query.updated_since is not None:
        found.append(table.updated_at >= query.updated_since)
    if query.cursor is not None:
        found.append(_beyond(query, table, query.cursor))
    return found


def ordered_by(query: RecordQuery, table: RecordModel) -> ColumnElement[Any]:
    """The moment that the order goes by."""
    if query.soonest_first:
        return func.coalesce(table.due_at, literal(NEVER, UtcDateTime()), type_=UtcDateTime())
    return table.updated_at.expression


def position(query: RecordQuery, row: AnyRecord) -> tuple[datetime, int, int]:
    """Where a row stands in the order, which is total over all tables."""
    at = (row.due_at or NEVER) if query.soonest_first else row.updated_at
    return at, TABLES.index(type(row)), row.id


def _beyond(query: RecordQuery, table: RecordModel, cursor: str) -> ColumnElement[bool]:
    """After the cursor in the order of `position`."""
    at, number, id = moment_of(cursor)
    own = TABLES.index(table)
    moment = ordered_by(query, table)
    if query.ascending:
        tie: Any = table.id > id if own == number else own > number
        return or_(moment > at, and_(moment == at, tie))
    tie = table.id < id if own == number else own < number
    return or_(moment < at, and_(moment == at, tie))
