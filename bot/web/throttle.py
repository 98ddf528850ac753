"""Counts attempts in a sliding window, so that nobody can guess passwords or flood the chat."""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta


class TooMany(Exception):
    """The limit is reached; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """At most `attempts` within `window`."""

    attempts: int
    window: timedelta


class Throttle:
    """Remembers the attempts of at most `most_keys` callers, forgetting the least recent."""

    def __init__(self, limit: Limit, most_keys: int = 10_000) -> None:
        self.limit = limit
        self._most_keys = most_keys
        self._attempts: OrderedDict[str, deque[datetime]] = OrderedDict()

    def check(self, key: str, now: datetime) -> None:
        """Raise TooMany when the caller has used up the limit; counts nothing."""
        attempts = self._recent(key, now)
        if len(attempts) >= self.limit.attempts:
            wait = attempts[0] + self.limit.window - now
            raise TooMany(max(1, math.ceil(wait.total_seconds())))

    def count(self, key: str, now: datetime) -> None:
        """Remember one attempt."""
        attempts = self._recent(key, now)
        attempts.append(now)
        self._attempts[key] = attempts
        self._attempts.move_to_end(key)
        while len(self._attempts) > self._most_keys:
            self._attempts.popitem(last=False)

    def take(self, key: str, now: datetime) -> None:
        """Check and count in one go."""
        self.check(key, now)
        self.count(key, now)

    def forget(self, key: str) -> None:
        """Begin anew for a caller who has proved to be genuine."""
        self._attempts.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        attempts = self._attempts.get(key, deque())
        while attempts and attempts[0] <= now - self.limit.window:
            attempts.popleft()
        return attempts
