"""The figures of the whole service, read from the database now and then and remembered."""

import asyncio
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.service.presence import SILENT
from storage.db import Database
from storage.repositories.figures import Queue
from storage.uow import UnitOfWork

REMEMBERED = 30.0
SHARE = 50
"""Reading the figures may take one fiftieth of the time: a slow database is asked less often."""

LATELY = timedelta(hours=24)
NOTHING = Queue()
BACKUP = "backup"


@dataclass(frozen=True)
class Disk:
    """The room where the data is."""

    free: int
    total: int

    @property
    def share(self) -> float:
        """How much of it is free, 0 to 1."""
        return self.free / self.total if self.total else 0.0


@dataclass(frozen=True)
class Snapshot:
    """How things stood at a moment; the same in every process that asks the same database."""

    at: datetime
    disk: Disk
    inbox: Queue = NOTHING
    parked: Queue = NOTHING
    outbox: Mapping[str, Queue] = field(default_factory=dict)
    unsent: Mapping[str, Queue] = field(default_factory=dict)
    reminders: Queue = NOTHING
    oldest_clock: datetime | None = None
    overdue: Mapping[tuple[str, str, bool], int] = field(default_factory=dict)
    unacknowledged: Mapping[str, Queue] = field(default_factory=dict)
    open_cases: Mapping[str, int] = field(default_factory=dict)
    supervised_late: int = 0
    purged: date | None = None
    backed_up: datetime | None = None
    bytes: int = 0
    revision: str | None = None
    processes: tuple[tuple[str, datetime], ...] = ()

    def since(self, moment: datetime | None) -> timedelta:
        """How long ago that was, at the moment of the snapshot; nothing is no time ago."""
        return max(timedelta(0), self.at - moment) if moment else timedelta(0)

    def age(self, moment: datetime | None) -> float:
        """The same in seconds."""
        return self.since(moment).total_seconds()


class Snapshots:
    """Asks the database at most every half minute, however many want to know."""

    def __init__(
        self,
        db: Database,
        now: Callable[[], datetime],
        data_dir: Path,
        channels: Collection[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._now = now
        self._data_dir = data_dir
        self._channels = channels
        self._clock = clock
        self._lock = asyncio.Lock()
        self._good_until = 0.0
        self.last: Snapshot | None = None

    async def newest(self) -> Snapshot:
        """The figures, at most so old. Raises what the database raises."""
        async with self._lock:
            if self.last is None or self._clock() >= self._good_until:
                begun = self._clock()
                async with self._db.read() as uow:
                    self.last = await self._look(uow)
                ended = self._clock()
                self._good_until = ended + max(REMEMBERED, SHARE * (ended - begun))
            return self.last

    def forget(self) -> None:
        """Ask anew next time: something was changed by hand."""
        self._good_until = 0.0

    async def _look(self, uow: UnitOfWork) -> Snapshot:
        now, figures = self._now(), uow.figures
        there = await uow.processes.seen_since(now - SILENT)
        return Snapshot(
            at=now,
            disk=disk_of(self._data_dir),
            inbox=await figures.inbox(now),
            parked=await figures.parked(),
            outbox=self._ours(await figures.outbox(now)),
            unsent=self._ours(await figures.unsent(now - LATELY)),
            reminders=await figures.reminders(now),
            oldest_clock=await figures.oldest_clock(now),
            overdue=await figures.overdue(now),
            unacknowledged=await figures.unacknowledged(),
            open_cases=await figures.open_cases(),
            supervised_late=await figures.supervised_late(now),
            purged=await uow.purges.last_done(),
            backed_up=await figures.last(BACKUP),
            bytes=await figures.bytes(),
            revision=await figures.revision(),
            processes=tuple((process.name, process.started_at) for process in there),
        )

    def _ours(self, found: Mapping[str, Queue]) -> dict[str, Queue]:
        """Only channels that we send on; other programs fetch their messages when they like."""
        return {name: found.get(name, NOTHING) for name in self._channels}


def disk_of(folder: Path) -> Disk:
    """The room in a folder, or in the one that it will be made in."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Disk(usage.free, usage.total)
