"""Everything that tells how this process and the service are; one a process."""

import asyncio
import platform
import tomllib
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.service.part import Part as Role
from bot.service.waiting import first_of
from bot.watch.concerns import Concern, concerns
from bot.watch.gauges import Gauges
from bot.watch.meters import Meters
from bot.watch.parts import Part, Seen, State, parts_of
from bot.watch.pulse import Pulse
from bot.watch.snapshot import Snapshot, Snapshots
from storage.revisions import newest, revisions

if TYPE_CHECKING:
    from bot.config import Config
    from storage.db import Database

ANSWER_SECONDS = 5.0
LOOK_SECONDS = 30.0
NO_DATABASE = (SQLAlchemyError, OSError, TimeoutError)
_PROJECT = Path(__file__).parents[2] / "pyproject.toml"

log = structlog.get_logger()


class Watch:
    """Counts what happens, remembers the figures, says which part is well."""

    def __init__(
        self,
        db: "Database",
        config: "Config",
        channels: Collection[str],
        now: Callable[[], datetime],
        role: Role = Role.ALL,
        stood_in: Callable[[], int] = lambda: 0,
    ) -> None:
        """`stood_in` says how often the in-process classifier answered for a server."""
        self._db = db
        self._now = now
        self._tick_every = config.workers.tick_seconds
        self._lease = config.workers.lease_seconds
        self.found: list[Concern] = []
        self.parts_found: list[Part] = []
        self._schemas: tuple[str | None, frozenset[str]] | None = None
        self.meters = Meters()
        self.pulse = Pulse(now)
        self.snapshots = Snapshots(db, now, config.data_dir, channels)
        kind = "postgresql" if db.file is None else "sqlite"
        self.build = {
            "version": version(),
            "python": platform.python_version(),
            "engine": config.nlu.engine,
            "database": kind,
            "role": str(role),
        }
        self._gauges = Gauges(self.pulse, self.build, stood_in)
        self.meters.registry.register(self._gauges)

    def ticked(self, seconds: float, is_well: bool) -> None:
        """A round of all that was due is over."""
        self.meters.ticked(seconds, is_well)
        self.pulse.ticked(seconds, is_well)

    async def metrics(self) -> bytes:
        """All figures for Prometheus; without the database those of this process alone."""
        seen = await self.snapshot()
        self._gauges.is_there = seen is not None
        self._gauges.snapshot = seen or self.snapshots.last
        self._gauges.newest = (await self._known_schemas())[0]
        return self.meters.text()

    async def parts(self, is_loaded: bool) -> list[Part]:
        """Every part and how it is."""
        seen = await self.snapshot() if await self._database_answers() else None
        expected, known = await self._known_schemas()
        asked = Seen(
            self._now(),
            self.pulse,
            is_loaded,
            seen,
            expected,
            known,
            self._tick_every,
            self.meters.longest_in_hand(),
            self._lease,
        )
        return parts_of(asked)

    async def run(self, stop: asyncio.Event, is_loaded: Callable[[], bool]) -> None:
        """Look whether all is well until told to stop, for the log and the mark at the desk."""
        while not stop.is_set():
            await first_of(stop, seconds=LOOK_SECONDS)
            if not stop.is_set():
                await self.look(is_loaded())

    async def look(self, is_loaded: bool) -> list[Concern]:
        """What somebody should look at now; what is new and what is over gets a line in the log."""
        self.parts_found = await self.parts(is_loaded)
        found = concerns(self.parts_found, await self.snapshot())
        before, now = {_name(each) for each in self.found}, {_name(each) for each in found}
        for name in sorted(now - before):
            log.warning("concern.began", concern=name)
        for name in sorted(before - now):
            log.info("concern.over", concern=name)
        self.found = found
        return found

    async def snapshot(self) -> Snapshot | None:
        """The figures of the service; None when the database does not answer."""
        with suppress(*NO_DATABASE):
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self.snapshots.newest()
        return None

    async def _database_answers(self) -> bool:
        with suppress(*NO_DATABASE):
            async with asyncio.timeout(ANSWER_SECONDS), self._db.read() as uow:
                await uow.session.execute(text("SELECT 1"))
                return True
        return False

    async def _known_schemas(self) -> tuple[str | None, frozenset[str]]:
        if self._schemas is None:  # reads the migrations: once, and not in the loop
            self._schemas = await asyncio.to_thread(_schemas)
        return self._schemas


def _name(concern: Concern) -> str:
    return f"{concern.key} {concern.what}".strip()


def is_ready(parts: Collection[Part], pulse: Pulse) -> bool:
    """Whether a load balancer should send people here."""
    return not pulse.is_draining and all(part.state is not State.FAILED for part in parts)


def _schemas() -> tuple[str | None, frozenset[str]]:
    return newest(), revisions()


def version() -> str:
    """The version of this checkout."""
    try:
        found = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"]
    except (OSError, ValueError, KeyError):
        return "unknown"
    return str(found)
