"""Which part of the service is well, in words a program can read; nothing secret, nobody's data.

A part that fails takes this process out of a load balancer only where another process would do
better: a channel that is away is away for all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.watch import limits
from bot.watch.pulse import Pulse
from bot.watch.snapshot import Disk, Snapshot

LATE_TICKS = 4
STUCK_LEASES = 2
SOONEST_LATE = timedelta(minutes=2)
LITTLE_BYTES = 2 << 30
NO_ROOM = 50 << 20


class State(StrEnum):
    """How a part is."""

    WELL = "well"
    POORLY = "poorly"  # somebody should look, the process still does its work
    FAILED = "failed"  # this process cannot do its work


@dataclass(frozen=True)
class Part:
    """One part and how it is; `said` is a short word for the reason."""

    name: str
    state: State = State.WELL
    said: str = "ok"


@dataclass(frozen=True)
class Seen:
    """All that is judged."""

    now: datetime
    pulse: Pulse
    is_loaded: bool
    snapshot: Snapshot | None
    """None when the database does not answer."""
    newest: str | None
    known: frozenset[str]
    tick_every: float
    in_hand: float = 0.0
    """Seconds for which the oldest turn has lasted."""
    lease: float = 60.0


def parts_of(seen: Seen) -> list[Part]:
    """Every part, in the order in which one looks for a fault."""
    engine = Part("engine") if seen.is_loaded else Part("engine", State.FAILED, "loading")
    return [*_records(seen), engine, _loops(seen), *_works(seen)]


def _records(seen: Seen) -> Iterator[Part]:
    if seen.snapshot is None:
        yield Part("database", State.FAILED, "no answer")
        return
    yield Part("database")
    yield _schema(seen.snapshot.revision, seen)
    yield _disk(seen.snapshot.disk)


def _schema(revision: str | None, seen: Seen) -> Part:
    if revision == seen.newest:
        return Part("schema")
    if revision is not None and revision not in seen.known:
        return Part("schema", State.WELL, "newer")  # an upgrade is rolling
    return Part("schema", State.FAILED, "old")


def _disk(disk: Disk) -> Part:
    if disk.free < NO_ROOM:
        return Part("disk", State.FAILED, "full")
    is_little = disk.free < LITTLE_BYTES and disk.share < limits.LITTLE_ROOM
    return Part("disk", State.POORLY, "nearly full") if is_little else Part("disk")


def _loops(seen: Seen) -> Part:
    ended = seen.pulse.ended_loops()
    if ended and not seen.pulse.is_draining:
        return Part("workers", State.FAILED, f"ended: {', '.join(ended)}")
    if seen.in_hand > STUCK_LEASES * seen.lease:
        return Part("workers", State.FAILED, "stuck")  # another process has the message by now
    return Part("workers")


def _works(seen: Seen) -> Iterator[Part]:
    yield _tick(seen)
    for channel, state in seen.pulse.channels().items():
        is_away = state == "away"
        yield Part(f"channel {channel}", State.POORLY if is_away else State.WELL, state)
    if seen.snapshot is not None:
        is_long = seen.snapshot.since(seen.snapshot.inbox.oldest) > limits.INBOX_WAITS
        yield Part("inbox", State.POORLY, "waits") if is_long else Part("inbox")


def _tick(seen: Seen) -> Part:
    """Own ticks, where this process ticks; and whether anybody does what the clocks ask for."""
    tick, late = seen.pulse.tick, max(timedelta(seconds=LATE_TICKS * seen.tick_every), SOONEST_LATE)
    if tick is not None and not tick.is_well:
        return Part("tick", State.POORLY, "broke")
    if tick is not None and seen.now - tick.at > late:
        return Part("tick", State.POORLY, "late")
    seen_last = seen.snapshot
    if seen_last is not None and seen_last.since(seen_last.oldest_clock) > limits.CLOCKS_BEHIND:
        return Part("tick", State.POORLY, "behind")
    return Part("tick")
