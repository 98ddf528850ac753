"""Families who can be written to, read a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from storage.kinds import PersonRole
from storage.models.application import Application
from storage.models.conversation import Conversation
from storage.models.officer import Officer
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.regions import within
from storage.repositories.base import Repository

_BANNER = 6


@dataclass(frozen=True)
class Reachable:
    """A person who wants pushes, and the chat in which they come: the one used last."""

    person_id: int
    conversation_id: int
    home_region: str | None


class Families(Repository):
    """People who filed something of their own and are neither cadres nor officers."""

    async def reachable(
        self, after: int, limit: int, stages: Collection[str] = ()
    ) -> list[Reachable]:
        """People after an id who did not unsubscribe; with stages, only with such a child."""
        query = _families().where(Person.id > after)
        if stages:
            has_child = Application.person_id == Person.id, Application.stage.in_(stages)
            query = query.where(select(Application.id).where(*has_child).exists())
        query = query.group_by(Person.id, Person.home_region).order_by(Person.id).limit(limit)
        found = await self._session.execute(query.with_only_columns(Person.id, Person.home_region))
        homes = dict(found.tuples().all())
        talks = await self._talks(homes)
        return [Reachable(id, talks[id], home) for id, home in homes.items() if id in talks]

    async def _talks(self, people: Collection[int]) -> dict[int, int]:
        """The chat that each of these people used last."""
        query = select(Conversation.person_id, Conversation.id)
        query = query.where(Conversation.person_id.in_(people), *_usable())
        query = query.order_by(Conversation.updated_at, Conversation.id)
        return dict((await self._session.execute(query)).tuples().all())

    async def to_hear(self, region: str, until: datetime, limit: int) -> list[int]:
        """Families of a region: first those for whom something waits, then the others."""
        waiting = (
            select(Reminder.person_id)
            .join(Person, Person.id == Reminder.person_id)
            .where(within(Person.home_region, region))
            .where(Reminder.status == "waiting", Reminder.due_at <= until)
            .group_by(Reminder.person_id)
            .order_by(func.min(Reminder.due_at))
        )
        first = list((await self._session.scalars(waiting.limit(limit))).all())
        others = _families().where(within(Person.home_region, region), Person.id.not_in(first))
        others = others.group_by(Person.id).order_by(Person.id).limit(limit - len(first))
        return [*first, *(await self._session.scalars(others)).all()]

    async def count_in(self, region: str) -> int:
        """How many families of a region can be written to."""
        query = _families().where(within(Person.home_region, region))
        counted = query.with_only_columns(func.count(Person.id.distinct()))
        return await self._session.scalar(counted) or 0

    async def by_banner(self) -> dict[str, int]:
        """How many can be written to, by the first six digits of their home."""
        banner = func.substr(func.coalesce(Person.home_region, ""), 1, _BANNER)
        query = _families().with_only_columns(banner, func.count(Person.id.distinct()))
        return dict((await self._session.execute(query.group_by(banner))).tuples().all())


def _families() -> Select[int]:
    talks = and_(Conversation.person_id == Person.id, *_usable())
    is_family = or_(Person.role.is_(None), Person.role != PersonRole.CADRE)
    # Who filed nothing of their own, had it deleted or was forgotten has no home here any more:
    # nobody is written to for having asked a question once, or for having told of a child.
    left_something = Person.home_region.is_not(None)
    query = select(Person.id).join(Conversation, talks)
    return query.where(Person.reminders_on, is_family, left_something)


def _usable() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A chat that is not gone and in which nobody works as an officer."""
    is_officer = select(Officer.id).where(Officer.conversation_id == Conversation.id).exists()
    return Conversation.gone_at.is_(None), ~is_officer
