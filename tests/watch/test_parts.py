"""Which fault takes a process out of a load balancer, and which only asks for somebody to look."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import Accept, Away, Outbound
from bot.sending.lane import Lane
from bot.watch.parts import Seen, State, parts_of
from bot.watch.pulse import Pulse
from bot.watch.snapshot import Disk, Snapshot
from bot.watch.watch import is_ready
from storage.repositories.figures import Queue
from tests.storage.make import NOW

ROOM = Disk(100 << 30, 200 << 30)
SNAPSHOT = Snapshot(NOW, ROOM, revision="0022")


class Silent:
    """A channel that is never there."""

    name = "telegram"

    async def run(self, accept: Accept) -> None:
        """Receives nothing."""

    async def send(self, message: Outbound) -> str:
        raise Away


def seen(**changed: Any) -> Seen:
    pulse = Pulse(lambda: NOW)
    pulse.ticked(0.1, True)
    known = frozenset({"0021", "0022"})
    return replace(Seen(NOW, pulse, True, SNAPSHOT, "0022", known, 30), **changed)


def told(asked: Seen) -> dict[str, tuple[str, str]]:
    return {part.name: (part.state, part.said) for part in parts_of(asked)}


def snapshot(**changed: Any) -> Snapshot:
    return replace(SNAPSHOT, **changed)


def test_all_is_well() -> None:
    asked = seen()
    assert {state for state, _ in told(asked).values()} == {State.WELL}
    assert is_ready(parts_of(asked), asked.pulse)


@pytest.mark.parametrize(
    ("changed", "part", "said"),
    [
        ({"snapshot": None}, "database", "no answer"),
        ({"is_loaded": False}, "engine", "loading"),
        ({"in_hand": 121.0}, "workers", "stuck"),
        ({"snapshot": snapshot(revision="0021")}, "schema", "old"),
        ({"snapshot": snapshot(revision=None)}, "schema", "old"),
        ({"snapshot": snapshot(disk=Disk(1 << 20, 200 << 30))}, "disk", "full"),
    ],
)
def test_what_another_process_would_do_better_takes_this_one_out(
    changed: dict[str, Any], part: str, said: str
) -> None:
    asked = seen(**changed)
    assert told(asked)[part] == (State.FAILED, said)
    assert not is_ready(parts_of(asked), asked.pulse)


@pytest.mark.parametrize(
    ("changed", "part", "said"),
    [
        ({"snapshot": snapshot(disk=Disk(1 << 30, 200 << 30))}, "disk", "nearly full"),
        ({"snapshot": snapshot(inbox=Queue(3, NOW - timedelta(minutes=6)))}, "inbox", "waits"),
        ({"snapshot": snapshot(oldest_clock=NOW - timedelta(minutes=11))}, "tick", "behind"),
        ({"now": NOW + timedelta(minutes=5)}, "tick", "late"),
    ],
)
def test_what_is_the_same_for_all_processes_only_asks_for_somebody(
    changed: dict[str, Any], part: str, said: str
) -> None:
    asked = seen(**changed)
    assert told(asked)[part] == (State.POORLY, said)
    assert is_ready(parts_of(asked), asked.pulse)


def test_a_newer_schema_is_an_upgrade_that_rolls() -> None:
    assert told(seen(snapshot=snapshot(revision="0023")))["schema"] == (State.WELL, "newer")


def test_a_tick_that_broke_is_told() -> None:
    asked = seen()
    asked.pulse.ticked(0.1, False)
    assert told(asked)["tick"] == (State.POORLY, "broke")


def test_a_large_disk_with_a_small_share_left_is_not_full() -> None:
    asked = seen(snapshot=snapshot(disk=Disk(50 << 30, 2000 << 30)))
    assert told(asked)["disk"][0] == State.WELL


async def test_a_loop_that_ended_is_a_fault_unless_we_leave() -> None:
    async def nothing() -> None:
        pass

    asked = seen()
    asked.pulse.loops = [asyncio.create_task(nothing(), name="outbox")]
    assert told(asked)["workers"] == (State.WELL, "ok")
    await asyncio.gather(*asked.pulse.loops)
    assert told(asked)["workers"] == (State.FAILED, "ended: outbox")
    asked.pulse.is_draining = True
    assert told(asked)["workers"] == (State.WELL, "ok")
    assert not is_ready(parts_of(asked), asked.pulse)


def test_a_channel_that_is_away_is_away_for_all() -> None:
    asked = seen()
    lane = Lane("telegram", Silent())
    asked.pulse.lanes = [lane]
    assert told(asked)["channel telegram"] == (State.WELL, "here")
    lane.pace.hold(5)
    assert told(asked)["channel telegram"] == (State.WELL, "pausing")
    lane.pace.lost()
    assert told(asked)["channel telegram"] == (State.POORLY, "away")
    assert is_ready(parts_of(asked), asked.pulse)
