"""The same on a disk whose commits take longer, as those of an office's PC do."""

import asyncio
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.bench.baselines import sqlite_commits
from tests.bench.measuring import Load
from tests.bench.places import Say, on_sqlite
from tests.bench.running import service
from tests.bench.senders import talk_for
from tests.bench.slow_disk import COUNTED, MILLISECONDS
from tests.bench.talks import LONGEST


@dataclass(frozen=True)
class OnSlowDisk:
    """Messages and bare commits a second, and commits a message."""

    milliseconds: float
    rate: float
    commits: float
    a_message: float

    @property
    def ratio(self) -> float:
        """Of the bare commits that the disk could do."""
        return self.rate / self.commits


def on_slow_disk(folder: Path, milliseconds: float, load: Load, say: Say) -> OnSlowDisk:
    """Talk to the service on such a disk; it sleeps before each commit, as the bare one does."""
    place = on_sqlite(folder, 0, say)
    counted = folder / "commits"
    counted.touch()
    more = {MILLISECONDS: str(milliseconds), COUNTED: str(counted)}
    numbers = count()
    with service(place.data, module="tests.bench.slow_disk", more=more) as running:
        asyncio.run(talk_for(running.url, load.senders, LONGEST, numbers))
        commits = sqlite_commits(place.data, load.seconds, milliseconds / 1000)
        before = counted.stat().st_size
        heard = asyncio.run(talk_for(running.url, load.senders, load.messages, numbers))
        done = counted.stat().st_size - before
    say(f"on a disk of {milliseconds:g} ms: {heard.rate:.0f}/s")
    return OnSlowDisk(milliseconds, heard.rate, commits, done / len(heard.spans))
