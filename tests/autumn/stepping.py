"""Steps the service through the autumn; where it is stands in the database.

The place is written in the same transaction as what the world does, and every part of a tick may
be done again: a run that is killed anywhere goes on as if it never had been.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from sqlalchemy import select

from bot.workers.events import Event
from bot.workers.holds import next_release, release_due
from bot.workers.reminders import fire_due
from bot.workers.windows import next_window, plan_windows_due
from storage.db import Database
from storage.models.round import Round
from storage.uow import UnitOfWork
from tests.autumn.player import Player, settle_world
from tests.autumn.script import LOCAL, World

PLACE = "autumn"
_BY_DAY = timedelta(minutes=15)
_BY_NIGHT = timedelta(minutes=60)
_WAKING = range(7, 22)


@dataclass
class Place:
    """The moment up to which all is done or in work, and how many acts were played."""

    at: datetime
    played: int


Told = Callable[[datetime, list[Event]], None]
"""Hears of each moment and of what the gate decided in it."""


async def step_through(db: Database, world: World, told: Told) -> None:
    """Go from the place that the database holds to the end."""
    place = await _place(db, world)
    wanted = {"windows", "holds", "reminders"}
    while True:
        told(place.at, await _tick(db, place.at, wanted))
        moment, wanted = await _next(db, world, place)
        if moment is None:
            return
        place, is_due = await _play(db, world, place, moment)
        wanted |= {"reminders"} if is_due else set()


async def _tick(db: Database, now: datetime, wanted: set[str]) -> list[Event]:
    """The parts of the service's own tick for which something is due."""
    if "windows" in wanted:
        await plan_windows_due(db, now)
    if "holds" in wanted:
        await release_due(db, now)
    if "reminders" in wanted:
        return await fire_due(db, now)
    return []


async def _next(db: Database, world: World, place: Place) -> tuple[datetime | None, set[str]]:
    """The next moment of the grid at which anything happens, and what parts of a tick are due."""
    async with db.read() as uow:
        parts = {
            "windows": next_window(place.at),
            "holds": await next_release(uow, place.at),
            "reminders": await uow.reminders.next_due(place.at),
        }
    acts = world.acts[place.played : place.played + 1]
    known = [at for at in (*parts.values(), *(act.at for act in acts)) if at is not None]
    moment = on_grid(min(known)) if known else None
    if moment is None or moment > world.until:
        return None, set()
    return moment, {name for name, at in parts.items() if at is not None and at <= moment}


def on_grid(moment: datetime) -> datetime:
    """The moment itself or the first later one at which the clock ticks in the simulation."""
    local = moment.astimezone(LOCAL)
    grid = _BY_DAY if local.hour in _WAKING else _BY_NIGHT
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - (midnight - local) // grid * grid).astimezone(UTC)


async def _place(db: Database, world: World) -> Place:
    async with db.write() as uow:
        row = await _row(uow)
        if row is not None:
            return Place(row.at, row.after_person_id or 0)
    await settle_world(db, world)
    async with db.write() as uow:
        uow.session.add(Round(key=PLACE, at=world.start, after_person_id=0))
    return Place(world.start, 0)


async def _row(uow: UnitOfWork) -> Round | None:
    return await uow.session.scalar(select(Round).where(Round.key == PLACE))


async def _play(db: Database, world: World, place: Place, moment: datetime) -> tuple[Place, bool]:
    """What the world does until the moment, and the new place, in one transaction.

    Says too whether that may have made something due at once.
    """
    async with db.write() as uow:
        player, acts = Player(uow, world), world.acts[place.played :]
        acts = tuple(takewhile(lambda act: act.at <= moment, acts))
        for act in acts:
            await player.play(act)
        row = await _row(uow)
        assert row is not None
        row.at, row.after_person_id = moment, place.played + len(acts)
        found = Place(moment, place.played + len(acts))
    return found, any(act.what in ("cancel", "switch", "gone") for act in acts)
