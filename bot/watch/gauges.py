"""A snapshot and the signs of life as Prometheus reads them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.clock import local_day
from bot.watch.holidays import missing_years
from bot.watch.pulse import Pulse
from bot.watch.snapshot import NOTHING, Snapshot
from storage.kinds import EscalationType
from storage.repositories.figures import Queue

STATES = ("here", "pausing", "away")


class Gauges(Collector):
    """Hands out what was read last; before the first reading, only the signs of life."""

    def __init__(self, pulse: Pulse, build: Mapping[str, str], stood_in: Callable[[], int]) -> None:
        self._pulse = pulse
        self._build = build
        self._stood_in = stood_in
        self.snapshot: Snapshot | None = None
        self.newest: str | None = None
        self.is_there = True

    def collect(self) -> Iterator[Metric]:
        """All gauges that are no counters of this process."""
        yield _one("yulu_build_info", "What runs here", [(1, self._build)])
        yield _one("yulu_database_up", "1 while the database answers", [(self.is_there, {})])
        yield CounterMetricFamily(
            "yulu_engine_fallbacks", "Parses that Rasa did not answer", self._stood_in()
        )
        yield _one("yulu_draining", "1 while it takes leave", [(self._pulse.is_draining, {})])
        yield _one(
            "yulu_channel_state",
            "1 for the state that the channel is in",
            [
                (state == now, {"channel": channel, "state": state})
                for channel, now in self._pulse.channels().items()
                for state in STATES
            ],
        )
        if self.snapshot is not None:
            yield from _queues(self.snapshot)
            yield from _business(self.snapshot)
            yield from _storage(self.snapshot, self.newest)


def _queues(seen: Snapshot) -> Iterator[Metric]:
    queues: list[tuple[str, str, Queue]] = [
        ("inbox", "", seen.inbox),
        ("parked", "", seen.parked),
        ("reminders", "", seen.reminders),
        *(("outbox", channel, queue) for channel, queue in seen.outbox.items()),
        *(("unsent", channel, queue) for channel, queue in seen.unsent.items()),
    ]
    named = [({"queue": name, "channel": channel}, queue) for name, channel, queue in queues]
    yield _one(
        "yulu_queue_length", "What waits; unsent: of 24 hours", [(q.count, n) for n, q in named]
    )
    yield _one(
        "yulu_queue_age_seconds",
        "Since when the oldest waits",
        [(seen.age(q.oldest), n) for n, q in named],
    )
    lag = seen.age(seen.oldest_clock)
    yield _one("yulu_clock_lag_seconds", "Since when a clock should have acted", [(lag, {})])
    yield _one("yulu_processes", "Processes that are there", [(len(seen.processes), {})])


def _business(seen: Snapshot) -> Iterator[Metric]:
    yield _one(
        "yulu_records_overdue",
        "Open records whose time is up",
        [
            (many, {"kind": kind, "county": county, "assigned": "yes" if held else "no"})
            for (kind, county, held), many in seen.overdue.items()
        ],
    )
    calls = {str(kind): seen.unacknowledged.get(kind, NOTHING) for kind in EscalationType}
    yield _one(
        "yulu_escalations_unacknowledged",
        "Calls for a human that nobody took",
        [(queue.count, {"type": kind}) for kind, queue in calls.items()],
    )
    yield _one(
        "yulu_escalation_age_seconds",
        "Since when the oldest of them waits",
        [(seen.age(queue.oldest), {"type": kind}) for kind, queue in calls.items()],
    )
    yield _one(
        "yulu_dropout_cases_open",
        "Dropout cases on which somebody has to act",
        [(many, {"status": status}) for status, many in seen.open_cases.items()],
    )
    yield _one(
        "yulu_supervised_late", "Supervised records past their day", [(seen.supervised_late, {})]
    )


def _storage(seen: Snapshot, newest: str | None) -> Iterator[Metric]:
    yield _one("yulu_database_bytes", "Size of the database", [(seen.bytes, {})])
    yield _one("yulu_disk_free_bytes", "Free where the data is", [(seen.disk.free, {})])
    yield _one("yulu_disk_bytes", "All room where the data is", [(seen.disk.total, {})])
    schema = {"revision": seen.revision or "", "expected": newest or ""}
    yield _one("yulu_schema_info", "Schema of the database", [(1, schema)])
    if seen.purged is not None:
        night = datetime.combine(seen.purged, time.min, UTC).timestamp()
        yield _one("yulu_last_purge_timestamp_seconds", "Day of the last purge", [(night, {})])
    if seen.backed_up is not None:
        saved = seen.backed_up.timestamp()
        yield _one("yulu_last_backup_timestamp_seconds", "When one was last made", [(saved, {})])
    years = len(missing_years(local_day(seen.at)))
    yield _one("yulu_holiday_years_missing", "Years whose holidays are a guess", [(years, {})])
    moment = seen.at.timestamp()
    yield _one("yulu_figures_timestamp_seconds", "When these figures were read", [(moment, {})])


def _one(
    name: str, help: str, values: Iterable[tuple[float, Mapping[str, str]]]
) -> GaugeMetricFamily:
    found = list(values)
    labels = list(found[0][1]) if found else []
    family = GaugeMetricFamily(name, help, labels=labels)
    for value, given in found:
        family.add_metric([given[label] for label in labels], float(value))
    return family
