"""Numbers for reports: counted by the database, never by reading the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, func, literal_column, or_, select

from storage.models.audit import AuditEntry
from storage.models.training import Registration, TrainingSession
from storage.regions import WHOLE_REGION, within
from storage.repositories.base import Repository
from storage.repositories.record_query import RecordModel, RecordQuery, filters, tables_of
from storage.spans import SecondsBetween

By = Literal[
    "banner", "place", "stage", "level", "status", "month", "ladder", "type", "kind", "closing"
]
Key = tuple[Any, ...]

_NINE_TENTHS = 0.9


@dataclass(frozen=True)
class Wait:
    """How long a group waited: half of them, and nine in ten, no longer than this."""

    key: Key
    count: int
    median: float
    p90: float


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
            counting = counting.where(*filters(query, table), *_inside(table, prefixes))
            for *key, many in await self._rows(counting.group_by(*keys)):
                found[tuple(key)] = found.get(tuple(key), 0) + many
        return found

    async def waits(
        self,
        query: RecordQuery,
        prefixes: Sequence[str],
        by: By,
        until: Literal["acted_at", "closed_at"],
    ) -> list[Wait]:
        """Median and ninth decile of the seconds from filing to an end, of one kind of record."""
        (table,) = tables_of(query.kinds)
        end = getattr(table, until)
        seconds = SecondsBetween(table.opened_at, end).label("seconds")
        place = _column(table, by).label("place")
        rows = select(place, seconds).where(
            end.is_not(None), *filters(query, table), *_inside(table, prefixes)
        )
        waits = rows.subquery()
        numbered = select(
            waits.c.place,
            waits.c.seconds,
            func.row_number()
            .over(partition_by=waits.c.place, order_by=waits.c.seconds)
            .label("number"),
            func.count().over(partition_by=waits.c.place).label("many"),
        ).subquery()
        n, number = numbered.c, numbered.c.number
        picked = (
            select(
                n.place,
                func.max(n.many),
                func.min(case((number * 2 >= n.many, n.seconds))),
                func.min(case((number >= n.many * _NINE_TENTHS, n.seconds))),
            )
            .group_by(n.place)
            .order_by(n.place)
        )
        return [Wait((row[0],), row[1], row[2], row[3]) for row in await self._rows(picked)]

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
