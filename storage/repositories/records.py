"""Applications, cases and registrations: three tables, asked together."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.exc import IntegrityError

from storage.errors import ReferenceTaken
from storage.models.application import Application
from storage.models.base import reference_key
from storage.models.case import Case, Reporter
from storage.models.receipt import Receipt
from storage.paging import clamp, to_cursor
from storage.regions import within
from storage.repositories.base import Repository
from storage.repositories.record_query import (
    TABLES,
    AnyRecord,
    RecordModel,
    RecordQuery,
    filters,
    is_open,
    is_overdue,
    ordered_by,
    position,
    tables_of,
)
from storage.unindexed import Unindexed


class Records(Repository):
    """What has been filed."""

    async def get(self, reference: str, lock: bool = False) -> AnyRecord | None:
        """The record with this reference or receipt, however it was written."""
        key = await self._key(reference)
        for table in TABLES:
            query = select(table).where(table.reference_key == key)
            if lock:
                query = query.with_for_update(key_share=True)
                query = query.execution_options(populate_existing=True)
            row: AnyRecord | None = await self._session.scalar(query)
            if row is not None:
                return row
        return None

    async def all_of(self, references: Collection[str]) -> dict[str, AnyRecord]:
        """The records with exactly these references, by reference."""
        found: dict[str, AnyRecord] = {}
        for table in TABLES if references else ():
            rows = await self._rows(select(table).where(table.reference.in_(references)))
            found.update((row.reference, row) for row in rows)
        return found

    async def add(self, row: AnyRecord) -> None:
        """File a record. Raises `ReferenceTaken`; the transaction stays usable."""
        if await self.get(row.reference) is not None:
            raise ReferenceTaken(row.reference)
        try:
            async with self._session.begin_nested():
                self._session.add(row)
        except IntegrityError as error:
            if "reference_key" not in str(error.orig):
                raise
            raise ReferenceTaken(row.reference) from error

    async def page(self, query: RecordQuery) -> tuple[list[AnyRecord], str | None]:
        """One page and the cursor of the next. Raises `BadCursor`."""
        size = clamp(query.limit)
        if query.reference is not None:
            query = replace(query, reference=await self._key(query.reference))
        rows: list[AnyRecord] = []
        for table in tables_of(query.kinds):
            if query.type is None or table is Case:
                rows += await self._page_of(table, query, size + 1)
        rows.sort(key=lambda row: position(query, row), reverse=not query.ascending)
        if len(rows) <= size:
            return rows, None
        at, table_number, id = position(query, rows[size - 1])
        return rows[:size], to_cursor(at.isoformat(), table_number, id)

    async def count(self, query: RecordQuery) -> int:
        """How many rows the filters leave; `limit` and `cursor` do not matter."""
        found = 0
        for table in tables_of(query.kinds):
            if query.type is None or table is Case:
                counted = select(func.count()).select_from(table)
                where = filters(replace(query, cursor=None), table)
                found += await self._session.scalar(counted.where(*where)) or 0
        return found

    async def held(self, officer_id: int, among: Collection[str]) -> int:
        """How many of these references are open records of the officer."""
        found: set[str] = set()
        for table in TABLES:
            own = select(table.reference).where(table.assigned_to_id == officer_id, is_open(table))
            found.update(await self._session.scalars(own))
        return len(found & set(among))

    async def of_person(
        self, person_id: int, kinds: Collection[str] | None = None, open_only: bool = False
    ) -> list[AnyRecord]:
        """What a person filed, newest first."""
        wanted = tuple(kinds or ())
        rows: list[AnyRecord] = []
        for table in tables_of(wanted):
            query = select(table).where(table.person_id == person_id)
            query = query.where(table.kind.in_(wanted)) if wanted else query
            rows += await self._rows(query.where(is_open(table)) if open_only else query)
        return sorted(rows, key=lambda row: (row.opened_at, row.id), reverse=True)

    async def applications_of(self, people: Collection[int]) -> dict[int, list[Application]]:
        """The applications for aid that each of these people filed."""
        found: dict[int, list[Application]] = {}
        if people:
            query = select(Application).where(Application.person_id.in_(people))
            for row in (await self._session.scalars(query.order_by(Application.id))).all():
                found.setdefault(row.person_id or 0, []).append(row)
        return found

    async def same_child(self, kind: str, name_key: str, region_prefix: str) -> list[AnyRecord]:
        """Open records of this kind for a child of this name in the unit, oldest first."""
        rows: list[AnyRecord] = []
        for table in tables_of((kind,)):
            query = select(table).where(
                table.kind == kind,
                table.name_key == name_key,
                within(table.region_code, region_prefix),
                is_open(table),
            )
            rows += await self._rows(query.order_by(table.id))
        return rows

    async def offered(self, officer_id: int, region: str) -> list[AnyRecord]:
        """Records offered to an officer, or to whoever is in a place of this unit; oldest first."""
        rows: list[AnyRecord] = []
        for table in TABLES:
            nobody = Unindexed(table.offer_to_id).is_(None)
            here = and_(table.offer_region > "", within(table.offer_region, region), nobody)
            mine = or_(table.offer_to_id == officer_id, here)  # two indexes, not the whole table
            rows += await self._rows(select(table).where(table.offer_by_id.is_not(None), mine))
        return sorted(rows, key=lambda row: (row.opened_at, row.id))

    async def overdue(self, now: datetime, limit: int = 100) -> list[AnyRecord]:
        """Open records whose time is up, the longest waiting first."""
        rows: list[AnyRecord] = []
        for table in TABLES:
            query = select(table).where(is_overdue(table, now))
            rows += await self._rows(query.order_by(table.due_at, table.id).limit(limit))
        return sorted(rows, key=lambda row: (row.due_at or now, row.id))[:limit]

    async def steps_due(self, now: datetime, limit: int) -> list[str]:
        """References of open records whose clock has something to do, the longest waiting first."""
        found: list[tuple[datetime, str]] = []
        for table in TABLES:
            query = select(table.step_at, table.reference).where(is_open(table))
            query = query.where(table.step_at <= now).order_by(table.step_at, table.id)
            rows = await self._session.execute(query.limit(limit))
            found += [(at, reference) for at, reference in rows.tuples() if at is not None]
        return [reference for _, reference in sorted(found)[:limit]]

    async def next_step(self, after: datetime) -> datetime | None:
        """When the clock of a record has something to do next."""
        moments: list[datetime] = []
        for table in TABLES:
            query = select(func.min(table.step_at)).where(is_open(table), table.step_at > after)
            moment = await self._session.scalar(query)
            moments += [moment] if moment is not None else []
        return min(moments, default=None)

    async def unheld(self, active: Collection[int], limit: int) -> list[str]:
        """References of open applications and cases that no active officer answers for."""
        found: list[str] = []
        for table in (Application, Case):
            nobody = table.assigned_to_id.is_(None) | table.assigned_to_id.not_in(active)
            query = select(table.reference).where(is_open(table), nobody)
            found += await self._session.scalars(query.order_by(table.id).limit(limit))
        return found[:limit]

    async def reporter(self, case: Case) -> Reporter | None:
        """Who reported a case; the caller must have checked that this may be read."""
        return await self._session.scalar(select(Reporter).where(Reporter.case_id == case.id))

    async def add_reporter(self, case: Case, name: str | None, phone: str | None) -> Reporter:
        """Keep who reported a case, apart from the case."""
        return await self._added(Reporter(case_id=case.id, name=name, phone=phone))

    async def _key(self, reference: str) -> str:
        """How a record is looked up; a receipt leads to the record it stands for."""
        key = reference_key(reference)
        receipt = select(Receipt.record).where(Receipt.reference_key == key)
        record = await self._session.scalar(receipt)
        return key if record is None else reference_key(record)

    async def _rows(self, query: Select[Any]) -> list[AnyRecord]:
        return list((await self._session.scalars(query)).all())

    async def _page_of(self, table: RecordModel, query: RecordQuery, limit: int) -> list[AnyRecord]:
        found = select(table).where(*filters(query, table)).limit(limit)
        moment = ordered_by(query, table)
        if query.ascending:
            return await self._rows(found.order_by(moment, table.id))
        return await self._rows(found.order_by(moment.desc(), table.id.desc()))
