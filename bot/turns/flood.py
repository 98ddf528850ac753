"""Somebody who floods a chat is heard more slowly, so that everybody else is heard at all.

Telegram cannot be told to send later, so every message is stored at once and none is lost; those
beyond the measure only wait for their turn, and the person is told so once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.channels import telegram_in
from bot.login.throttle import Limit, Throttle, TooMany
from storage.uow import UnitOfWork

MEASURE = Limit(40, timedelta(minutes=1))
LONGEST = timedelta(minutes=10)
TOLD_EVERY = Limit(1, timedelta(minutes=10))
Counted = tuple[str, Limit]
"""A caller, and how often they may."""

CHANNELS = frozenset({telegram_in.NAME})
"""The web chat and other programs are told at once that it is too much, and try again later."""


async def count(uow: UnitOfWork, counted: Sequence[Counted], now: datetime) -> None:
    """Count a message for all processes. Raises TooMany; the transaction then counts nothing."""
    for caller, limit in counted:
        over = await uow.attempts.over(caller, now, limit.attempts, limit.window, timedelta())
        if over:
            raise TooMany(over.total_seconds())


class Floods:
    """How fast each chat has been writing."""

    def __init__(self) -> None:
        self._measure = Throttle(MEASURE)
        self._told = Throttle(TOLD_EVERY)

    async def wait(self, uow: UnitOfWork, channel: str, address: str, now: datetime) -> timedelta:
        """Count a message, here and for all processes; how long it waits for its turn."""
        if channel not in CHANNELS:
            return timedelta()
        here, caller = self._measure.over(f"{channel} {address}", now), f"flood {channel} {address}"
        limit = MEASURE.attempts, MEASURE.window
        return min(max(here, await uow.attempts.over(caller, now, *limit, LONGEST)), LONGEST)

    async def is_news(self, uow: UnitOfWork, channel: str, address: str, now: datetime) -> bool:
        """Whether the person should be told now that they are heard more slowly."""
        caller, limit = f"told {channel} {address}", (TOLD_EVERY.attempts, TOLD_EVERY.window)
        try:
            self._told.take(caller, now)
        except TooMany:
            return False
        return await uow.attempts.take(caller, now, *limit) is None
