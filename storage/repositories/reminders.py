"""Reminders, claimed by one worker at a time and never made twice."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, update

from storage.inserting import insert_if_new
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.paging import clamp, id_of, to_cursor
from storage.regions import within
from storage.repositories.base import Repository


class Reminders(Repository):
    """What people are to be told later."""

    async def add(
        self,
        kind: str,
        person_id: int,
        conversation_id: int,
        due_at: datetime,
        text: str,
        reference: str | None = None,
        *,
        dedupe_key: str,
    ) -> Reminder | None:
        """Plan a reminder; None when the dedupe key is known."""
        values = {
            "kind": kind,
            "person_id": person_id,
            "conversation_id": conversation_id,
            "due_at": due_at,
            "text": text,
            "reference": reference,
            "dedupe_key": dedupe_key,
        }
        id = await insert_if_new(self._session, Reminder, values, ("dedupe_key",))
        return None if id is None else await self._session.get(Reminder, id)

    async def claim_due(self, now: datetime, lease: timedelta, limit: int = 20) -> list[Reminder]:
        """Lease due reminders, the longest due first."""
        query = _due(now, limit).with_for_update(skip_locked=True)
        rows = await self._all(query.execution_options(populate_existing=True))
        for row in rows:
            row.leased_until = now + lease
        await self._session.flush()
        return rows

    async def due(self, now: datetime, limit: int = 200) -> list[Reminder]:
        """What `claim_due` would take, without taking it."""
        return await self._all(_due(now, limit))

    async def get(self, id: int, lock: bool = False) -> Reminder | None:
        """One reminder; locked, as the database has it now."""
        return await self._by_id(Reminder, id, lock)

    async def mark_fired(self, row: Reminder, now: datetime) -> None:
        """It has been queued for sending."""
        row.status, row.done_at, row.leased_until = "fired", now, None
        await self._session.flush()

    async def suppress(self, row: Reminder, reason: str, now: datetime) -> None:
        """It is not sent, for this reason."""
        row.status, row.done_at, row.leased_until = "suppressed", now, None
        row.reason = reason[:200]
        await self._session.flush()

    async def postpone(self, row: Reminder, due_at: datetime) -> None:
        """It comes later (quiet hours)."""
        row.due_at, row.leased_until = due_at, None
        await self._session.flush()

    async def of_person(self, person_id: int, waiting_only: bool = False) -> list[Reminder]:
        """A person's reminders, the earliest first."""
        query = select(Reminder).where(Reminder.person_id == person_id)
        if waiting_only:
            query = query.where(Reminder.status == "waiting")
        return await self._all(query.order_by(Reminder.due_at, Reminder.id))

    async def cancel_for(self, reference: str) -> int:
        """Drop what waits for a record that is done; how many."""
        waiting = Reminder.reference == reference, Reminder.status == "waiting"
        cancelled = update(Reminder).where(*waiting).values(status="cancelled", leased_until=None)
        return len((await self._session.scalars(cancelled.returning(Reminder.id))).all())

    async def page(
        self,
        *,
        scope: str | None = None,
        reference: str | None = None,
        kind: str | None = None,
        status: str | None = None,
        overdue: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[list[Reminder], str | None]:
        """Reminders of people whose home lies in the scope, newest first, and the next cursor.

        `overdue` is the moment by which they should have been sent.
        """
        query = select(Reminder).order_by(Reminder.id.desc())
        if scope is not None:
            query = query.join(Person, Person.id == Reminder.person_id)
            query = query.where(within(Person.home_region, scope))
        wanted = (Reminder.reference, reference), (Reminder.kind, kind), (Reminder.status, status)
        query = query.where(*(column == value for column, value in wanted if value is not None))
        if overdue is not None:
            query = query.where(Reminder.status == "waiting", Reminder.due_at <= overdue)
        if cursor is not None:
            query = query.where(Reminder.id < id_of(cursor))
        size = clamp(limit)
        rows = await self._all(query.limit(size + 1))
        return rows[:size], to_cursor(rows[size - 1].id) if len(rows) > size else None


def _due(now: datetime, limit: int) -> Select[Reminder]:
    free: ColumnElement[bool] = or_(Reminder.leased_until.is_(None), Reminder.leased_until <= now)
    waiting = Reminder.status == "waiting", Reminder.due_at <= now
    query = select(Reminder).where(*waiting, free)
    return query.order_by(Reminder.due_at, Reminder.id).limit(limit)
