"""Measures that fill with each attempt and empty with time, so that nobody floods or guesses."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

TURNED_BACK = timedelta(seconds=5)


class TooMany(Exception):
    """The limit is reached; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = max(1, math.ceil(retry_after))
        super().__init__("too many attempts")


@dataclass(frozen=True)
class Limit:
    """`attempts` at once, then one each time that `window` / `attempts` has passed."""

    attempts: int
    window: timedelta


class Throttle:
    """The measures of one process, of at most `most_keys` callers, forgetting the least recent."""

    def __init__(self, limit: Limit, most_keys: int = 10_000) -> None:
        self.limit = limit
        self._most_keys = most_keys
        self._empty_at: OrderedDict[str, datetime] = OrderedDict()
        self._seen: datetime | None = None

    def check(self, key: str, now: datetime) -> None:
        """Raise TooMany when the measure is full; counts nothing."""
        wait = self._filled(key, now) - now - self.limit.window
        if wait > timedelta():
            raise TooMany(wait.total_seconds())

    def count(self, key: str, now: datetime) -> None:
        """Remember one attempt; a full measure stays full."""
        self._keep(key, min(self._filled(key, now), now + self.limit.window))

    def take(self, key: str, now: datetime) -> None:
        """Check and count in one go."""
        self.check(key, now)
        self.count(key, now)

    def over(self, key: str, now: datetime) -> timedelta:
        """Count an attempt that is not refused: by how much the measure runs over."""
        filled = self._filled(key, now)
        self._keep(key, filled)
        return max(filled - now - self.limit.window, timedelta())

    def _keep(self, key: str, empty_at: datetime) -> None:
        self._empty_at[key] = empty_at
        self._empty_at.move_to_end(key)
        while len(self._empty_at) > self._most_keys:
            self._empty_at.popitem(last=False)

    def _filled(self, key: str, now: datetime) -> datetime:
        if self._seen is not None and now < self._seen - TURNED_BACK:
            self._empty_at.clear()  # the clock was turned back: nobody is to wait for the old time
        self._seen = now
        drop = self.limit.window / self.limit.attempts
        return max(self._empty_at.get(key, now), now) + drop
