"""The state of each channel that all processes share; on a server its clock counts for all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, type_coerce

from storage.columns import UtcDateTime
from storage.inserting import insert_if_new
from storage.models.lane import Lane
from storage.repositories.base import Repository

CATCH_UP = timedelta(seconds=0.25)
"""A sender that came late may make up for so much at once: the machine was busy."""

TURNED_BACK = timedelta(seconds=5)


@dataclass(frozen=True)
class LaneState:
    """What others did to a channel, in seconds from now, because clocks differ."""

    ahead: float
    """For so long the rate is taken by messages that wait for their moment."""
    held: float
    failed: float
    failed_for: str | None


class Lanes(Repository):
    """The rate, the pauses and the receiver of each channel."""

    async def look(self, names: Collection[str], now: datetime) -> dict[str, LaneState]:
        """How things are in these channels; one that nobody used yet is not named."""
        found = await self._session.execute(self._query(now).where(Lane.name.in_(names)))
        return {lane.name: _state(lane, moment) for lane, moment in found.tuples()}

    async def reserve(self, name: str, count: int, a_second: float, now: datetime) -> float:
        """Take the next moments for so many messages, `1 / a_second` apart.

        Returns the seconds until the first; below zero when it is overdue.
        """
        lane, moment = await self._locked(name, now)
        first = max(lane.free_at, moment - CATCH_UP)
        lane.free_at = first + timedelta(seconds=count / a_second)
        return (first - moment).total_seconds()

    async def hold(self, name: str, seconds: float, now: datetime) -> None:
        """The channel asks everybody to wait so long."""
        lane, moment = await self._locked(name, now)
        until = moment + timedelta(seconds=seconds)
        lane.held_until = max(lane.held_until or until, until)

    async def failed(self, name: str, process: str, seconds: float, now: datetime) -> None:
        """The channel did not answer this process; the others shall wait and then be careful."""
        lane, moment = await self._locked(name, now)
        lane.failed_until, lane.failed_for = moment + timedelta(seconds=seconds), process

    async def receives(self, name: str, process: str, lease: timedelta, now: datetime) -> bool:
        """Whether this process is the one that receives, from now until the lease ends."""
        lane, moment = await self._locked(name, now)
        is_taken = lane.received_until is not None and lane.received_until > moment
        if is_taken and lane.received_by != process:
            return False
        lane.received_by, lane.received_until = process, moment + lease
        return True

    async def stops_receiving(self, name: str, process: str, now: datetime) -> None:
        """Another may receive at once."""
        lane, _ = await self._locked(name, now)
        if lane.received_by == process:
            lane.received_by = lane.received_until = None

    async def _locked(self, name: str, now: datetime) -> tuple[Lane, datetime]:
        query = self._query(now).where(Lane.name == name).with_for_update(of=Lane)
        query = query.execution_options(populate_existing=True)
        found = (await self._session.execute(query)).tuples().one_or_none()
        if found is None:
            values = {"name": name, "seen_at": now, "free_at": now - CATCH_UP}
            await insert_if_new(self._session, Lane, values, ("name",))
            found = (await self._session.execute(query)).tuples().one()
        lane, moment = found
        if moment < lane.seen_at - TURNED_BACK:
            lane.free_at = moment
            lane.held_until = lane.failed_until = lane.received_until = None
        lane.seen_at = moment
        return lane, moment

    def _query(self, now: datetime) -> Select[Lane, datetime]:
        return select(Lane, self._moment(now))

    def _moment(self, now: datetime) -> ColumnElement[Any]:
        """The clock that all processes share; SQLite has none, but there all are on one machine."""
        if self._session.get_bind().dialect.name == "sqlite":
            return literal(now, UtcDateTime)
        return type_coerce(func.clock_timestamp(), UtcDateTime)


def _state(lane: Lane, moment: datetime) -> LaneState:
    if moment < lane.seen_at - TURNED_BACK:
        return LaneState(0.0, 0.0, 0.0, None)

    def ahead(until: datetime | None) -> float:
        return 0.0 if until is None else max(0.0, (until - moment).total_seconds())

    failed = ahead(lane.failed_until)
    return LaneState(ahead(lane.free_at), ahead(lane.held_until), failed, lane.failed_for)
