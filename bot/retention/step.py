"""One step of the nightly purge: what of one table is over, and what then happens to it.

The same description serves the purge, which takes some rows at a time, and the look ahead.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bot.clock import local_day
from bot.workers.events import Rules
from storage.models.base import Base
from storage.uow import UnitOfWork

AT_ONCE = 200


@dataclass(frozen=True)
class Span:
    """By what age is judged: over is what is older than `until`.

    What was over by `since` is gone already, as an earlier night finished; None when none did.
    """

    now: datetime
    until: datetime
    since: datetime | None
    rules: Rules

    def passed(self, moment: InstrumentedAttribute[Any]) -> tuple[ColumnElement[bool], ...]:
        """What became over since the last night: for rows that stay and need no second look."""
        recent = () if self.since is None else (moment > self.since,)
        return (moment <= self.until, *recent)


Act = Callable[[UnitOfWork, Sequence[int], Span], Awaitable[int]]
"""Does it to these rows of the table; returns how many things are gone."""


@dataclass(frozen=True)
class Step:
    """`label` names what goes, `moment` is from when its time runs, `period` how long that is."""

    name: str
    label: str
    table: type[Base]
    moment: InstrumentedAttribute[Any]
    period: Callable[[Rules], timedelta]
    over: Callable[[Span], Sequence[ColumnElement[bool]]]
    act: Act
    at_once: int = AT_ONCE
    removes: bool = True

    def due(self, span: Span) -> Select[Any]:
        """The rows that are over, by id, with the moment from which their time ran."""
        key = self.key
        found: Select[Any] = select(key, self.moment)
        return found.where(*self.over(span)).order_by(key)

    @property
    def key(self) -> Any:
        """The table's id."""
        return self.table.__mapper__.attrs["id"].class_attribute


def no_time(_rules: Rules) -> timedelta:
    """The period of what is to go at once."""
    return timedelta(0)


def day_of(moment: date | datetime | None) -> date | None:
    """The local day of a moment, or the day itself."""
    return local_day(moment) if isinstance(moment, datetime) else moment


def removed(table: type[Base]) -> Act:
    """The rows go."""

    async def act(uow: UnitOfWork, ids: Sequence[int], _span: Span) -> int:
        key = table.__mapper__.attrs["id"].class_attribute
        gone = delete(table).where(key.in_(ids)).returning(key)
        return len((await uow.session.scalars(gone)).all())

    return act


def emptied(table: type[Base], **nothing: Any) -> Act:
    """The rows stay without their words."""

    async def act(uow: UnitOfWork, ids: Sequence[int], _span: Span) -> int:
        key = table.__mapper__.attrs["id"].class_attribute
        change = update(table).where(key.in_(ids)).values(**nothing).returning(key)
        return len((await uow.session.scalars(change)).all())

    return act
