"""Somebody who floods a chat is heard more slowly, so that everybody else is heard at all.

Telegram cannot be told to send later, so every message is stored at once and none is lost; those
beyond the measure only wait for their turn, and the person is told so once.
"""

from datetime import datetime, timedelta

from bot.channels import telegram_in
from bot.login.throttle import Limit, Throttle, TooMany

MEASURE = Limit(40, timedelta(minutes=1))
LONGEST = timedelta(minutes=10)
TOLD_EVERY = Limit(1, timedelta(minutes=10))
CHANNELS = frozenset({telegram_in.NAME})
"""The web chat and other programs are told at once that it is too much, and try again later."""


class Floods:
    """How fast each chat has been writing to this process."""

    def __init__(self) -> None:
        self._measure = Throttle(MEASURE)
        self._told = Throttle(TOLD_EVERY)

    def wait(self, channel: str, address: str, now: datetime) -> timedelta:
        """Count a message; how long it waits for its turn."""
        if channel not in CHANNELS:
            return timedelta()
        return min(self._measure.over(f"{channel} {address}", now), LONGEST)

    def is_news(self, channel: str, address: str, now: datetime) -> bool:
        """Whether the person should be told now that they are heard more slowly."""
        try:
            self._told.take(f"{channel} {address}", now)
        except TooMany:
            return False
        return True
