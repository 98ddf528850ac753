"""By what reports cut records: month, stage, level and the like, each a plain column."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select

from storage.kinds import CLOSED_STATUSES, CaseFactKind
from storage.models.audit import AuditEntry
from storage.models.case import Case
from storage.models.fact import CaseFact

NONE = "none"
"""Asks for rows that have no value, such as applications without a level."""


@dataclass(frozen=True)
class Happened:
    """Something of this kind is noted of the case on one of these days."""

    kind: str
    first: date
    last: date


@dataclass(frozen=True)
class Acted:
    """Somebody of this kind did this to the record in this time."""

    action: str
    actor_kind: str
    since: datetime
    before: datetime


@dataclass(frozen=True)
class Cut:
    """Filters that all apply; months are 2026-11 and both ends belong to it."""

    first_month: str | None = None
    last_month: str | None = None
    stage: str | None = None
    level: str | None = None
    ladder: int | None = None
    is_acted: bool | None = None
    is_closed: bool | None = None
    closed_since: datetime | None = None
    closed_before: datetime | None = None
    session_id: int | None = None
    not_closed_before: datetime | None = None
    is_unvisited: bool = False
    closing: str | None = None
    fact: Happened | None = None
    act: Acted | None = None


ALL = Cut()


def conditions(cut: Cut, table: Any) -> list[ColumnElement[bool]]:
    """The cut in SQL; a table without such a column has no such rows."""
    found = [*_opened(cut, table), *_closed(cut, table), *_done(cut, table)]
    for name, value in (
        ("stage", cut.stage),
        ("level", cut.level),
        ("ladder_level", cut.ladder),
        ("session_id", cut.session_id),
        ("closing_code", cut.closing),
    ):
        if value is None:
            continue
        column = getattr(table, name, None)
        if column is None:
            found.append(false())
        else:
            found.append(column.is_(None) if value == NONE else column == value)
    return found


def _opened(cut: Cut, table: Any) -> list[ColumnElement[bool]]:
    if cut.first_month is None and cut.last_month is None:
        return []
    if cut.first_month == cut.last_month:
        return [table.opened_month == cut.first_month]
    return [table.opened_month.between(cut.first_month or "", cut.last_month or "9")]


def _closed(cut: Cut, table: Any) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if cut.is_acted is not None:
        acted = table.acted_minutes
        found.append(acted.is_not(None) if cut.is_acted else acted.is_(None))
    if cut.is_closed is not None:
        is_closed = table.status.in_(CLOSED_STATUSES)
        found.append(is_closed if cut.is_closed else ~is_closed)
    if cut.is_unvisited:
        found.append(_unvisited(table))
    if cut.not_closed_before is not None:
        found.append(or_(table.closed_at.is_(None), table.closed_at >= cut.not_closed_before))
    if cut.closed_since is not None:
        found.append(table.closed_at >= cut.closed_since)
    if cut.closed_before is not None:
        found.append(table.closed_at < cut.closed_before)
    return found


def _done(cut: Cut, table: Any) -> list[ColumnElement[bool]]:
    """What is known of what happened to the record, asked from the other side: few match."""
    found: list[ColumnElement[bool]] = []
    if cut.fact is not None:
        told = select(CaseFact.case_id).where(
            CaseFact.kind == cut.fact.kind,
            CaseFact.corrects_id.is_(None),
            CaseFact.on.between(cut.fact.first, cut.fact.last),
        )
        found.append(Case.id.in_(told) if table is Case else false())
    if cut.act is not None:
        done = select(AuditEntry.reference).where(
            AuditEntry.action == cut.act.action,
            AuditEntry.actor_kind == cut.act.actor_kind,
            AuditEntry.at >= cut.act.since,
            AuditEntry.at < cut.act.before,
        )
        found.append(table.reference.in_(done))
    return found


def _unvisited(table: Any) -> ColumnElement[bool]:
    """Cases that nobody called on yet; other records have no visits."""
    if table is not Case:
        return false()
    visit = CaseFact.kind == CaseFactKind.VISIT
    return ~exists().where(CaseFact.case_id == Case.id, visit)
