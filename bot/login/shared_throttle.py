"""One measure that all processes fill together, without a write for each request.

What is ordinary a process counts for itself, in memory. Who asks for more takes the rest of the
limit from the database in parts, so that N processes let through little more than one does; a
caller beyond the limit costs a question to the database every few seconds and not one a request.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.login.throttle import Limit, Throttle, TooMany
from storage.db import Database

PARTS = 20
"""A process gives away one of these parts of the limit unasked, the others only once."""


@dataclass
class _Room:
    """What a caller may still ask for here of the part that was taken last."""

    left: int = 0
    full_until: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Many requests at once take one part, not one each."""


class SharedThrottle:
    """The measures of at most `most_keys` callers; the embedded database has one process only."""

    def __init__(self, name: str, limit: Limit, most_keys: int = 10_000) -> None:
        self._name = name
        self._most_keys = most_keys
        self._part = max(1, limit.attempts // PARTS)
        self._parts = Limit(limit.attempts // self._part, limit.window)
        self._here = Throttle(limit, most_keys)
        self._ordinary = Throttle(Limit(self._part, limit.window), most_keys)
        self._rooms: OrderedDict[str, _Room] = OrderedDict()

    def check(self, caller: str, now: datetime) -> None:
        """Raise TooMany when the measure is known to be full; counts nothing."""
        self._here.check(caller, now)
        if room := self._rooms.get(caller):
            self._refuse_while_full(room, now)

    async def take(self, db: Database, caller: str, now: datetime) -> None:
        """Count one attempt, here and for all processes. Raises TooMany."""
        self._here.take(caller, now)
        if not db.is_shared or self._is_ordinary(caller, now):
            return
        room = self._room(caller)
        async with room.lock:
            self._refuse_while_full(room, now)
            if not room.left:
                await self._take_part(db, room, caller, now)
            room.left -= 1

    async def _take_part(self, db: Database, room: _Room, caller: str, now: datetime) -> None:
        whose, most = f"{self._name} {caller}", self._parts
        try:
            async with db.write(brief=True) as uow:
                over = await uow.attempts.over(
                    whose, now, most.attempts, most.window, longest=timedelta()
                )
                if over:
                    raise TooMany(over.total_seconds())  # and nothing is counted
        except TooMany as full:
            room.full_until = now + timedelta(seconds=full.retry_after)
            raise
        room.left = self._part

    def _is_ordinary(self, caller: str, now: datetime) -> bool:
        try:
            self._ordinary.take(caller, now)
        except TooMany:
            return False
        return True

    def _refuse_while_full(self, room: _Room, now: datetime) -> None:
        if room.full_until is None:
            return
        wait = room.full_until - now
        if timedelta() < wait <= self._parts.window:  # longer: the clock was turned back
            raise TooMany(wait.total_seconds())
        room.full_until = None

    def _room(self, caller: str) -> _Room:
        room = self._rooms.setdefault(caller, _Room())
        self._rooms.move_to_end(caller)
        while len(self._rooms) > self._most_keys:
            self._rooms.popitem(last=False)
        return room
