"""Numbers for reports: counted by the database, never by reading the rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, case, func, literal_column, or_, select

from storage.models.audit import AuditEntry
from storage.models.training import Registration, TrainingSession
from storage.regions import WHOLE_REGION, within
from storage.repositories.base import Repository
from storage.repositories.record_query import (
    KINDS,
    AnyRecord,
    RecordModel,
    RecordQuery,
    filters,
    tables_of,
)
from storage.unindexed import Unindexed

By = Literal[
    "banner", "place", "stage", "level", "status", "month", "ladder", "type", "kind", "closing"
]
Key = tuple[Any, ...]

_MINUTES = literal_column("60", Integer)
_DAY_MINUTES = literal_column("1440", Integer)
_FINE_MINUTES = literal_column("2880", Integer)
_HOURS = literal_column("24", Integer)


class Counts(Repository):
    """Counts of records; `prefixes` are beginnings of codes that together are the place."""

    async def tally(
        self, query: RecordQuery, prefixes: Sequence[str], by: Sequence[By]
    ) -> dict[Key, int]:
        """How many records there are of each combination that occurs."""
        found: dict[Key, int] = {}
        for table in tables_of(query.kinds):
            keys = [_column(table, name) for name in by]
            counting = select(*keys, func.count()).select_from(table)
            counting = counting.where(*_conditions(query, table), *_inside(table, prefixes))
            grouped = counting.group_by(*keys) if keys else counting
            for *key, many in await self._rows(grouped):
                found[tuple(key)] = found.get(tuple(key), 0) + many
        return found

    async def rows(
        self, query: RecordQuery, prefixes: Sequence[str], limit: int
    ) -> list[AnyRecord]:
        """The records themselves, oldest first within their table."""
        found: list[AnyRecord] = []
        for table in tables_of(query.kinds):
            wanted = select(table).where(*filters(query, table), *_inside(table, prefixes))
            wanted = wanted.order_by(table.opened_at, table.id).limit(limit - len(found))
            rows: Iterable[Any] = await self._session.scalars(wanted)
            found += rows
        return found

    async def spans(
        self,
        query: RecordQuery,
        prefixes: Sequence[str],
        by: By | None,
        until: Literal["acted_minutes", "closed_minutes"],
    ) -> dict[tuple[Any, int], int]:
        """How many took how long, by (group, hours): whole hours to two days, then whole days.

        Rounded up, so that "half took no longer than" stays true. Without anything to group by,
        all are of the group "".
        """
        (table,) = tables_of(query.kinds)
        minutes = getattr(table, until)
        hours = (minutes + 59) // _MINUTES
        days = (minutes + _DAY_MINUTES - 1) // _DAY_MINUTES * _HOURS
        span = case((minutes <= _FINE_MINUTES, hours), else_=days).label("span")
        place = (_column(table, by) if by else literal_column("''")).label("place")
        rows = (
            select(place, span)
            .where(minutes.is_not(None), *_conditions(query, table), *_inside(table, prefixes))
            .subquery()
        )
        counting = select(rows.c.place if by else literal_column("''"), rows.c.span, func.count())
        groups = [rows.c.place, rows.c.span] if by else [rows.c.span]
        found = await self._rows(counting.group_by(*groups))
        return {(row[0], row[1]): row[2] for row in found}

    async def actions(
        self, actions: Sequence[str], since: datetime, before: datetime, prefixes: Sequence[str]
    ) -> dict[tuple[str, str], int]:
        """How often each action was done by each kind of actor, by (action, actor)."""
        entry = AuditEntry
        counting = select(entry.action, entry.actor_kind, func.count()).where(
            entry.action.in_(actions),
            entry.at >= since,
            entry.at < before,
            *_inside(entry, prefixes),
        )
        rows = await self._rows(counting.group_by(entry.action, entry.actor_kind))
        return {(row[0], row[1]): row[2] for row in rows}

    async def seats(
        self, first: date, last: date, prefixes: Sequence[str]
    ) -> dict[str | None, tuple[int, int]]:
        """Sessions that start between two days, by banner: how many, and their seats."""
        table = TrainingSession
        banner = func.substr(table.region_code, literal_column("1"), literal_column("6"))
        counting = select(banner, func.count(), func.coalesce(func.sum(table.seats), 0)).where(
            table.starts_on >= first, table.starts_on <= last, *_inside(table, prefixes)
        )
        rows = await self._rows(counting.group_by(banner))
        return {row[0]: (row[1], row[2]) for row in rows}

    async def places_taken(self, session_ids: Sequence[int]) -> dict[tuple[int, str], int]:
        """Registrations of sessions by (session, status)."""
        table = Registration
        counting = select(table.session_id, table.status, func.count())
        counting = counting.where(table.session_id.in_(session_ids))
        rows = await self._rows(counting.group_by(table.session_id, table.status))
        return {(row[0], row[1]): row[2] for row in rows}

    async def sessions(
        self, first: date, last: date, prefixes: Sequence[str], limit: int
    ) -> list[TrainingSession]:
        """Sessions that start between two days, both included, the earliest first."""
        table = TrainingSession
        query = select(table).where(
            table.starts_on >= first, table.starts_on <= last, *_inside(table, prefixes)
        )
        return await self._all(query.order_by(table.starts_on, table.id).limit(limit))

    async def _rows(self, query: Any) -> Sequence[Any]:
        return (await self._session.execute(query)).all()


def _conditions(query: RecordQuery, table: RecordModel) -> list[ColumnElement[bool]]:
    """So written that the counting indexes serve, which hold all that is asked.

    The kind is left out where the table holds no other. SQLite would look the status up in its own
    index and then open every row.
    """
    kinds = () if query.kinds == KINDS[table] else query.kinds
    found = filters(replace(query, kinds=kinds, statuses=()), table)
    if query.statuses:
        found.append(Unindexed(table.status).in_(query.statuses))
    return found


def _column(table: RecordModel, name: By) -> ColumnElement[Any]:
    if name == "banner":
        # Literals: PostgreSQL takes two bound parameters for two different expressions.
        return func.substr(table.region_code, literal_column("1"), literal_column("6"))
    own = {"place": "region_code", "month": "opened_month", "ladder": "ladder_level"}
    own["closing"] = "closing_code"
    column: ColumnElement[Any] = getattr(table, own.get(name, name))
    return column


def _inside(table: Any, prefixes: Sequence[str]) -> list[ColumnElement[bool]]:
    if WHOLE_REGION in prefixes:
        return []
    return [or_(*(within(table.region_code, code) for code in prefixes))]
