"""The figures are read from the database seldom, and shown as Prometheus reads them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.config import Config
from bot.watch.snapshot import REMEMBERED, SHARE, Snapshots, disk_of
from bot.watch.watch import Watch
from storage.db import Database
from tests.storage import make
from tests.storage.make import NOW, later
from tests.storage.test_figures import fill

CHANNELS = ("web", "telegram")


class Seconds:
    """A clock that stands until it is told."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


async def waiting(snapshots: Snapshots) -> int:
    return (await snapshots.newest()).inbox.count


async def test_the_database_is_asked_twice_a_minute_at_most(db: Database, tmp_path: Path) -> None:
    clock = Seconds()
    snapshots = Snapshots(db, lambda: NOW, tmp_path, CHANNELS, clock)
    assert await waiting(snapshots) == 0
    await make.messages(db, "one")
    clock.at += REMEMBERED - 1
    assert await waiting(snapshots) == 0
    clock.at += 2
    assert await waiting(snapshots) == 1
    await make.messages(db, "two")
    assert await waiting(snapshots) == 1
    snapshots.forget()
    assert await waiting(snapshots) == 2


async def test_a_slow_database_is_asked_less_often(db: Database, tmp_path: Path) -> None:
    clock = Seconds()
    snapshots = Snapshots(db, lambda: NOW, tmp_path, CHANNELS, clock)
    look: Callable[[Any], Awaitable[Any]] = snapshots._look

    async def slowly(uow: Any) -> Any:
        clock.at += 2
        return await look(uow)

    snapshots._look = slowly  # type: ignore[method-assign]
    await waiting(snapshots)
    await make.messages(db, "one")
    clock.at += 2 * SHARE - 1
    assert await waiting(snapshots) == 0
    clock.at += 2
    assert await waiting(snapshots) == 1


async def test_many_who_ask_at_once_ask_the_database_once(db: Database, tmp_path: Path) -> None:
    snapshots = Snapshots(db, lambda: NOW, tmp_path, CHANNELS)
    found = await asyncio.gather(*(snapshots.newest() for _ in range(5)))
    assert len({id(each) for each in found}) == 1


def values(text: bytes) -> dict[str, float]:
    """Samples by name and labels: `yulu_turns_total{outcome=answered}`."""
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            labels = [f"{key}={value}" for key, value in sorted(sample.labels.items()) if value]
            found[sample.name + ("{" + ",".join(labels) + "}" if labels else "")] = sample.value
    return found


def watch_of(db: Database, folder: Path) -> Watch:
    return Watch(db, Config(data_dir=folder), CHANNELS, lambda: NOW)


async def test_the_figures_reach_prometheus(any_db: Database, tmp_path: Path) -> None:
    await fill(any_db)
    async with any_db.write() as uow:
        await uow.processes.is_here("pc:1:abc", ["k"], NOW)
        await uow.processes.is_here("pc:2:abc", ["k"], later(days=-1))
        await uow.purges.begin(date(2026, 11, 22), NOW, {"drafts": NOW})
        await uow.purges.finish(date(2026, 11, 22), NOW)
    told = values(await watch_of(any_db, tmp_path).metrics())
    assert told["yulu_queue_length{queue=inbox}"] == 1
    assert told["yulu_queue_length{channel=web,queue=outbox}"] == 2
    assert told["yulu_queue_length{channel=telegram,queue=unsent}"] == 0
    assert told["yulu_queue_age_seconds{queue=reminders}"] == 3600
    assert told["yulu_queue_length{queue=parked}"] == 1
    assert told["yulu_clock_lag_seconds"] == 3600
    assert told["yulu_records_overdue{assigned=yes,county=152222,kind=aid_application}"] == 1
    assert told["yulu_escalations_unacknowledged{type=emergency}"] == 1
    assert told["yulu_escalation_age_seconds{type=emergency}"] == 3600
    assert told["yulu_escalations_unacknowledged{type=complaint}"] == 0
    assert told["yulu_dropout_cases_open{status=reported}"] == 1
    assert told["yulu_supervised_late"] == 1
    assert told["yulu_processes"] == 1
    assert told["yulu_last_purge_timestamp_seconds"] == 1_795_305_600
    assert told["yulu_database_up"] == 1
    assert 0 < told["yulu_disk_free_bytes"] < told["yulu_disk_bytes"]
    assert told["process_resident_memory_bytes"] > 0


async def test_no_label_holds_anything_of_a_person(db: Database, tmp_path: Path) -> None:
    await fill(db)
    text = (await watch_of(db, tmp_path).metrics()).decode()
    for secret in ("王老师", "A1", "D1", str(tmp_path), "someone"):
        assert secret not in text


async def test_without_the_database_what_the_process_counted_is_still_told(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watch_of(db, tmp_path)
    await watch.metrics()
    watch.meters.turned("answered", 0.02, 0.0, {"understand": 0.005})

    def broken() -> None:
        raise OSError("no route")

    monkeypatch.setattr(db, "read", broken)
    watch.snapshots.forget()
    told = values(await watch.metrics())
    assert told["yulu_database_up"] == 0
    assert told["yulu_turns_total{outcome=answered}"] == 1
    assert told["yulu_queue_length{queue=inbox}"] == 0, "what was read last, with its moment"
    assert told["yulu_figures_timestamp_seconds"] == NOW.timestamp()


def test_the_room_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert disk_of(tmp_path / "a" / "b").total == disk_of(tmp_path).total
