"""Counts what this process does, for Prometheus; one registry a process, none for all.

No label holds anything of a person, and none takes more values than can be counted on the hands.
"""

import time
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from bot.watch.watcher import Watcher

QUICK = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0)
LONG = (0.05, 0.2, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0)
KNOWN_STATUS = range(100, 600)


class Meters(Watcher):
    """All that is counted while it happens; what lies in the database is in `Figures`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._in_hand: dict[int, float] = {}
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._count_turns(self.registry)
        self._count_sends(self.registry)
        self._count_the_rest(self.registry)

    def text(self) -> bytes:
        """Everything in the format that Prometheus reads."""
        return generate_latest(self.registry)

    def accepted(self, channel: str) -> None:
        """A message came in."""
        self._accepted.labels(channel).inc()

    def took(self, inbox_id: int) -> None:
        """A message is in hand."""
        self._in_hand[inbox_id] = time.monotonic()

    def let_go(self, inbox_id: int) -> None:
        """It is not any more."""
        self._in_hand.pop(inbox_id, None)

    def longest_in_hand(self) -> float:
        """For how many seconds the oldest message in hand has been."""
        now = time.monotonic()
        return max((now - since for since in self._in_hand.values()), default=0.0)

    def turned(
        self, outcome: str, seconds: float, waited: float, parts: Mapping[str, float]
    ) -> None:
        """A message was handled."""
        self._turns.labels(outcome).inc()
        self._turn_seconds.observe(seconds)
        self._waited.observe(waited)
        for name, part in parts.items():
            self._parts.labels(name).observe(part)

    def sent(self, channel: str, result: str, seconds: float) -> None:
        """A message was tried."""
        self._sends.labels(channel, result).inc()
        self._send_seconds.labels(channel).observe(seconds)

    def gave_up(self, channel: str) -> None:
        """A message is not tried again."""
        self._sends.labels(channel, "gave_up").inc()

    def ticked(self, seconds: float, is_well: bool) -> None:
        """A tick came to its end."""
        self._ticks.labels("well" if is_well else "broke").inc()
        self._tick_seconds.observe(seconds)
        if is_well:
            self._last_tick.set_to_current_time()

    def looped(self, name: str) -> None:
        """A loop broke and is begun again."""
        self._broken.labels(name).inc()

    def answered(self, area: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        known = f"{status // 100}xx" if status in KNOWN_STATUS else "other"
        self._requests.labels(area, known).inc()
        self._request_seconds.labels(area).observe(seconds)

    def signed_in(self, result: str) -> None:
        """Somebody tried to sign in."""
        self._logins.labels(result).inc()

    def _count_turns(self, registry: CollectorRegistry) -> None:
        self._accepted = Counter(
            "yulu_messages_accepted", "Messages taken in", ["channel"], registry=registry
        )
        self._turns = Counter("yulu_turns", "Messages handled", ["outcome"], registry=registry)
        self._turn_seconds = Histogram(
            "yulu_turn_seconds", "From claim to commit", buckets=QUICK, registry=registry
        )
        longest = Gauge(
            "yulu_turn_in_hand_seconds", "Since when the oldest is in hand", registry=registry
        )
        longest.set_function(self.longest_in_hand)
        self._waited = Histogram(
            "yulu_turn_waited_seconds", "From arrival to claim", buckets=LONG, registry=registry
        )
        self._parts = Histogram(
            "yulu_turn_part_seconds",
            "Parts of a turn; understand is the parse",
            ["part"],
            buckets=QUICK,
            registry=registry,
        )

    def _count_sends(self, registry: CollectorRegistry) -> None:
        self._sends = Counter(
            "yulu_sends", "Tries to send", ["channel", "result"], registry=registry
        )
        self._send_seconds = Histogram(
            "yulu_send_seconds",
            "What a channel took for one message",
            ["channel"],
            buckets=QUICK,
            registry=registry,
        )

    def _count_the_rest(self, registry: CollectorRegistry) -> None:
        self._ticks = Counter("yulu_ticks", "Ticks", ["result"], registry=registry)
        self._tick_seconds = Histogram(
            "yulu_tick_seconds", "How long a tick took", buckets=LONG, registry=registry
        )
        self._last_tick = Gauge(
            "yulu_last_tick_timestamp_seconds", "When a tick last went well", registry=registry
        )
        self._broken = Counter(
            "yulu_loops_broken", "Loops begun again after a fault", ["loop"], registry=registry
        )
        self._requests = Counter(
            "yulu_http_requests", "HTTP answers", ["area", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "yulu_http_seconds", "To the first byte", ["area"], buckets=QUICK, registry=registry
        )
        self._logins = Counter("yulu_logins", "Tries to sign in", ["result"], registry=registry)
