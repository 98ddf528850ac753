"""Training sessions and the places in them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from storage.models.base import reference_key
from storage.models.reminder import Reminder
from storage.models.training import Registration, TrainingSession
from storage.paging import clamp, id_of, to_cursor
from storage.regions import within
from storage.repositories.base import Repository


@dataclass(frozen=True)
class TrainingQuery:
    """Filters that all apply; a session in any of the regions (and what lies inside) counts."""

    region_prefixes: Sequence[str] = ()
    on_or_after: date | None = None
    level: str | None = None
    audience: str | None = None
    mode: str | None = None
    open_for_registration_on: date | None = None
    limit: int = 50


_KEPT = ("waitlisted", True)


@dataclass(frozen=True)
class Standing:
    """How many places of a session are booked or kept, how many people wait for one, and how
    many said themselves that they were there or not."""

    taken: int = 0
    waiting: int = 0
    went: int = 0
    missed: int = 0


class Trainings(Repository):
    """What can be learned where and when."""

    async def get(self, reference: str, lock: bool = False) -> TrainingSession | None:
        """The session with this reference; locked, nobody else can book meanwhile."""
        key = reference_key(reference)
        query = select(TrainingSession).where(TrainingSession.reference_key == key)
        if lock:
            query = query.with_for_update(key_share=True)
            query = query.execution_options(populate_existing=True)
        return await self._session.scalar(query)

    async def by_id(self, id: int, lock: bool = False) -> TrainingSession | None:
        """The session of a registration."""
        return await self._by_id(TrainingSession, id, lock)

    async def all_of(self, ids: Collection[int]) -> dict[int, TrainingSession]:
        """The sessions with these ids, by id."""
        rows = await self._all(select(TrainingSession).where(TrainingSession.id.in_(ids)))
        return {row.id: row for row in rows}

    async def search(self, query: TrainingQuery) -> list[TrainingSession]:
        """Sessions that fit, the earliest first."""
        found = select(TrainingSession).where(*_filters(query))
        found = found.order_by(TrainingSession.starts_on, TrainingSession.id)
        return await self._all(found.limit(clamp(query.limit)))

    async def upsert(self, values: Mapping[str, Any]) -> tuple[TrainingSession, bool]:
        """Add a session or bring it up to date, told by `source_key`; whether it is new.

        A session that exists keeps its reference.
        """
        known = await self._session.scalar(
            select(TrainingSession).filter_by(source_key=values["source_key"])
        )
        if known is None:
            return await self._added(TrainingSession(**values)), True
        for name, value in values.items():
            if name != "reference":
                setattr(known, name, value)
        await self._session.flush()
        return known, False

    async def booked(self, session_id: int) -> int:
        """How many places are booked."""
        query = select(func.count()).select_from(Registration)
        mine = Registration.session_id == session_id, Registration.status == "booked"
        return await self._session.scalar(query.where(*mine)) or 0

    async def taken(self, session_id: int) -> int:
        """How many places are booked or kept for somebody who waited."""
        query = select(func.count()).select_from(Registration)
        kept = (Registration.status == "waitlisted") & Registration.held_until.is_not(None)
        gone = Registration.session_id == session_id, (Registration.status == "booked") | kept
        return await self._session.scalar(query.where(*gone)) or 0

    async def standing(self, sessions: Collection[int]) -> dict[int, Standing]:
        """How each of these sessions stands, with as many statements for all as for one."""
        own = Registration.session_id.in_(sessions)
        is_kept = Registration.held_until.is_not(None)
        query = select(Registration.session_id, Registration.status, is_kept, func.count())
        found: dict[int | None, Counter[str]] = {id: Counter() for id in sessions}
        groups = query.where(own).group_by(Registration.session_id, Registration.status, is_kept)
        for id, status, kept, many in await self._session.execute(groups):
            found[id]["waiting"] += many if status == "waitlisted" else 0
            found[id]["taken"] += many if status == "booked" or (status, kept) == _KEPT else 0
        said = (
            select(Registration.session_id, Reminder.answer, func.count())
            .join(Reminder, Registration.reference == Reminder.reference)
            .where(own, Reminder.kind == "attendance", Reminder.answer.in_(("went", "missed")))
            .group_by(Registration.session_id, Reminder.answer)
        )
        for id, answer, many in await self._session.execute(said):
            found[id][str(answer)] += many
        return {id: Standing(**found[id]) for id in sessions}

    async def next_waiting(
        self, session_id: int, most_offers: int, but: Collection[int] = ()
    ) -> Registration | None:
        """To whom a free place is offered next: by turn, then those who let one pass before.

        Whoever let `most_offers` pass is not asked again.
        """
        passed = (
            Reminder.kind == "place",
            Reminder.reference == Registration.reference,
            Reminder.answer == "silent",
        )
        often = select(func.count()).where(*passed).scalar_subquery()
        last = select(func.max(Reminder.answered_at)).where(*passed).scalar_subquery()
        waiting = (
            Registration.session_id == session_id,
            Registration.status == "waitlisted",
            Registration.held_until.is_(None),
            Registration.person_id.is_not(None),
            Registration.conversation_id.is_not(None),
            Registration.id.not_in(but),
            often < most_offers,
        )
        query = select(Registration).where(*waiting)
        order = last.is_not(None), last, Registration.id
        return await self._session.scalar(query.order_by(*order).limit(1))

    async def lapsed(self, now: datetime, limit: int) -> list[str]:
        """References of those for whom a place was kept until now, the first first."""
        query = select(Registration.reference).where(*_held(), Registration.held_until <= now)
        query = query.order_by(Registration.held_until, Registration.id).limit(limit)
        return list((await self._session.scalars(query)).all())

    async def next_lapse(self, after: datetime) -> datetime | None:
        """When the next place is no longer kept."""
        query = select(func.min(Registration.held_until))
        found: datetime | None = await self._session.scalar(
            query.where(*_held(), Registration.held_until > after)
        )
        return found

    async def registrations(self, session_id: int) -> list[Registration]:
        """All registrations of a session, oldest first."""
        query = select(Registration).where(Registration.session_id == session_id)
        return await self._all(query.order_by(Registration.id))

    async def page(
        self, *, region: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> tuple[list[TrainingSession], str | None]:
        """Sessions in a region, newest first, and the cursor of the next page."""
        query = select(TrainingSession).order_by(TrainingSession.id.desc())
        if region is not None:
            query = query.where(within(TrainingSession.region_code, region))
        if cursor is not None:
            query = query.where(TrainingSession.id < id_of(cursor))
        size = clamp(limit)
        rows = await self._all(query.limit(size + 1))
        return rows[:size], to_cursor(rows[size - 1].id) if len(rows) > size else None


def _held() -> tuple[ColumnElement[bool], ...]:
    return (Registration.status == "waitlisted", Registration.held_until.is_not(None))


def _filters(query: TrainingQuery) -> list[ColumnElement[bool]]:
    session = TrainingSession
    found: list[ColumnElement[bool]] = []
    if query.region_prefixes:
        places = [within(session.region_code, code) for code in query.region_prefixes]
        found.append(or_(*places))
    if query.on_or_after is not None:
        found.append(session.starts_on >= query.on_or_after)
    for column, value in (
        (session.level, query.level),
        (session.audience, query.audience),
        (session.mode, query.mode),
    ):
        if value is not None:
            found.append(column == value)
    if query.open_for_registration_on is not None:
        day = query.open_for_registration_on
        found.append(func.coalesce(session.apply_by, session.starts_on) >= day)
    return found
