"""Reminders, claimed by one worker at a time and never made twice."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from storage.inserting import insert_if_new, insert_new
from storage.kinds import ReminderKind
from storage.models.application import Application
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.paging import clamp, id_of, to_cursor
from storage.regions import within
from storage.repositories.base import Repository
from storage.unindexed import Unindexed

_PROCESSES = 8
"""So many processes find people of their own in one look; a further one waits for the next."""


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
        about: str | None = None,
    ) -> Reminder | None:
        """Plan a reminder; None when the dedupe key is known."""
        values = {
            "kind": kind,
            "person_id": person_id,
            "conversation_id": conversation_id,
            "due_at": due_at,
            "planned_for": due_at,
            "text": text,
            "reference": reference,
            "dedupe_key": dedupe_key,
            "about": about,
        }
        id = await insert_if_new(self._session, Reminder, values, ("dedupe_key",))
        return None if id is None else await self._session.get(Reminder, id)

    async def add_each(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Plan many at once; what is known by its dedupe key stays as it is."""
        await insert_new(self._session, Reminder, rows, ("dedupe_key",))

    async def claim_people(self, now: datetime, limit: int) -> list[int]:
        """People with something due whom no other process is busy with, locked; at most `limit`.

        A lock is a lease that ends with its transaction: a process that dies holds nobody up.
        """
        longest = _due(now, limit * _PROCESSES).with_only_columns(Reminder.person_id)
        query = select(Person.id).where(Person.id.in_(longest.scalar_subquery()))
        query = query.order_by(Person.id).limit(limit)
        query = query.with_for_update(skip_locked=True, key_share=True)
        return list((await self._session.scalars(query)).all())

    async def next_due(self, after: datetime) -> datetime | None:
        """When the next one falls due."""
        waiting = Reminder.status == "waiting", Reminder.due_at > after
        return await self._session.scalar(select(func.min(Reminder.due_at)).where(*waiting))

    async def get(self, id: int, lock: bool = False) -> Reminder | None:
        """One reminder; locked, as the database has it now."""
        return await self._by_id(Reminder, id, lock)

    async def waiting_of(
        self, people: Collection[int], until: datetime, now: datetime
    ) -> list[Reminder]:
        """What waits for these people until a moment, the longest due first."""
        # By person: by status SQLite would look through all that is due for everybody.
        theirs = Reminder.person_id.in_(people), Unindexed(Reminder.status) == "waiting"
        query = select(Reminder).where(*theirs, Reminder.due_at <= until, _is_free(now))
        return await self._all(query.order_by(Reminder.due_at, Reminder.id))

    async def pushed_since(
        self, people: Collection[int], since: datetime
    ) -> list[tuple[int, datetime]]:
        """Person and moment of each message that pushed something, own reminders aside."""
        query = (
            select(Reminder.person_id, func.max(Reminder.done_at))
            .where(
                Reminder.person_id.in_(people),
                Reminder.status == "fired",
                Reminder.done_at > since,
                Reminder.kind != ReminderKind.OWN,
            )
            .group_by(Reminder.person_id, func.coalesce(Reminder.outbox_id, -Reminder.id))
        )
        rows = await self._session.execute(query)
        return [(person, at) for person, at in rows.tuples() if at is not None]

    async def last_applied(self, people: Collection[int]) -> dict[int, datetime]:
        """When each of these people last applied for aid, what was withdrawn aside."""
        query = (
            select(Application.person_id, func.max(Application.opened_at))
            .where(Application.person_id.in_(people), Application.status != "withdrawn")
            .group_by(Application.person_id)
        )
        rows = await self._session.execute(query)
        return {person: at for person, at in rows.tuples() if person is not None and at is not None}

    def tell(self, row: Reminder, outbox_id: int | None, now: datetime) -> None:
        """It has been queued for sending, in this message."""
        row.status, row.done_at, row.leased_until = "fired", now, None
        row.outbox_id = outbox_id

    def drop(self, row: Reminder, reason: str, now: datetime) -> None:
        """It is not sent, for this reason."""
        row.status, row.done_at, row.leased_until = "suppressed", now, None
        row.reason = reason[:200]

    def set_aside(self, row: Reminder, until: datetime) -> None:
        """It broke; others go first, and it is tried again."""
        row.leased_until = until

    def put_off(self, row: Reminder, due_at: datetime, is_new_day: bool = False) -> None:
        """It comes later; `is_new_day` when what it tells of comes later too."""
        row.due_at, row.leased_until = due_at, None
        if is_new_day:
            row.planned_for = due_at

    async def of_person(self, person_id: int, waiting_only: bool = False) -> list[Reminder]:
        """A person's reminders, the earliest first."""
        query = select(Reminder).where(Reminder.person_id == person_id)
        if waiting_only:
            query = query.where(Reminder.status == "waiting")
        return await self._all(query.order_by(Reminder.due_at, Reminder.id))

    async def latest_of(self, reference: str, kind: str) -> Reminder | None:
        """The last reminder of a kind about a record, whatever became of it."""
        query = select(Reminder).where(Reminder.reference == reference, Reminder.kind == kind)
        return await self._session.scalar(query.order_by(Reminder.id.desc()).limit(1))

    async def answered_at(self, references: Collection[str], answer: str) -> dict[str, datetime]:
        """When that was last answered to reminders about these records."""
        said = Reminder.reference.in_(references), Reminder.answer == answer
        query = select(Reminder.reference, func.max(Reminder.answered_at)).where(*said)
        rows = await self._session.execute(query.group_by(Reminder.reference))
        return {str(reference): at for reference, at in rows if at is not None}

    async def told_in(self, outbox_ids: Collection[int]) -> dict[int, list[Reminder]]:
        """The reminders that these messages told, by message."""
        query = select(Reminder).where(Reminder.outbox_id.in_(outbox_ids)).order_by(Reminder.id)
        found: dict[int, list[Reminder]] = {}
        for row in await self._all(query):
            found.setdefault(row.outbox_id or 0, []).append(row)
        return found

    async def cancel_again(self, id: int) -> None:
        """Drop what was planned to come again after this reminder: another moment was named."""
        theirs = Reminder.dedupe_key.startswith(f"again:{id}:"), Reminder.status == "waiting"
        await self._session.execute(
            update(Reminder).where(*theirs).values(status="cancelled", leased_until=None)
        )

    async def revive(self, dedupe_key: str, due_at: datetime, text: str) -> bool:
        """What was cancelled is wanted again after all, with new words; whether it was."""
        row = await self._session.scalar(select(Reminder).filter_by(dedupe_key=dedupe_key))
        if row is None or row.status != "cancelled":
            return False
        row.status, row.due_at, row.text, row.planned_for = "waiting", due_at, text, None
        await self._session.flush()
        return True

    async def cancel_for(self, reference: str, kind: str | None = None) -> int:
        """Drop what waits for a record that is done, or only one kind of it; how many."""
        waiting = [Reminder.reference == reference, Reminder.status == "waiting"]
        waiting += [Reminder.kind == kind] if kind is not None else []
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


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Not put aside after a fault."""
    return or_(Reminder.leased_until.is_(None), Reminder.leased_until <= now)


def _due(now: datetime, limit: int) -> Select[Reminder]:
    waiting = Reminder.status == "waiting", Reminder.due_at <= now
    query = select(Reminder).where(*waiting, _is_free(now))
    return query.order_by(Reminder.due_at, Reminder.id).limit(limit)
