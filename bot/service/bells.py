"""Wakes other processes at once: PostgreSQL carries the rings; without it they look by themselves.

A ring says only that there may be something to look for. None must be heard: everything rung for
is in the database, and whoever waits for it also looks now and then.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

import structlog

from bot.service.waiting import first_of
from storage.engine import is_sqlite, make_engine

CHANNEL = "yulu"
TOGETHER = 0.005
"""Seconds in which rings are gathered: each NOTIFY of PostgreSQL is a transaction of its own."""

LONGEST_PAYLOAD = 7900
"""Bytes of one NOTIFY; PostgreSQL takes 7999."""

PROOF_SECONDS = 30.0
LONGEST_PAUSE = 30.0

log = structlog.get_logger()
Hear = Callable[[str], None]


class Bell(StrEnum):
    """What may have happened elsewhere."""

    IN = "in"  # a message waits
    DONE = "done"  # the message of a conversation was handled; its id
    PAGE = "page"  # there is news for a page; its address
    LANE = "lane"  # a channel pauses


class Bells:
    """The bells of one process; `run` connects them with those of the others."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._hear: dict[str, Hear] = {}
        self._rung: set[str] = set()
        self._any = asyncio.Event()
        self.is_connected = False

    def hears(self, bell: Bell, hear: Hear) -> None:
        """Call this when another process rings; with "" when rings may have been missed."""
        self._hear[bell] = hear

    def ring(self, bell: Bell, what: str = "") -> None:
        """Wake the other processes; this one knows already."""
        if self.is_connected:
            self._rung.add(f"{bell}:{what}")
            self._any.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Carry rings until told to stop; connects again whenever the connection breaks."""
        failures = 0
        while not stop.is_set():
            try:
                async with self._connected() as (connection, lost):
                    if connection is None:
                        await stop.wait()
                        return
                    failures = 0
                    await self._carry(connection, lost, stop)
            except Exception as error:
                failures += 1
                log.warning("bells.broke", error=type(error).__name__)
                await first_of(stop, seconds=min(2.0**failures, LONGEST_PAUSE))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[Any, asyncio.Event]]:
        """asyncpg's own connection, which listens; None on SQLite, which cannot."""
        lost = asyncio.Event()
        engine = make_engine(self._url)
        try:
            if is_sqlite(engine):
                yield None, lost
                return
            async with engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                driver.add_termination_listener(lambda _: lost.set())
                await driver.execute("SET synchronous_commit = off")
                await driver.add_listener(CHANNEL, self._heard)
                self.is_connected = True
                for hear in self._hear.values():
                    hear("")
                yield driver, lost
        finally:
            self.is_connected = False
            self._rung.clear()
            await engine.dispose()

    async def _carry(self, connection: Any, lost: asyncio.Event, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await first_of(self._any, lost, stop, seconds=PROOF_SECONDS)
            if lost.is_set():
                raise ConnectionError("the connection of the bells broke")
            await first_of(stop, seconds=TOGETHER)
            self._any.clear()
            rung, self._rung = self._rung, set()
            for payload in payloads(sorted(rung)) or [""]:  # an empty one proves the connection
                async with asyncio.timeout(PROOF_SECONDS):
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)

    def _heard(self, connection: Any, pid: int, _channel: str, payload: str) -> None:
        if pid == connection.get_server_pid():
            return
        for word in payload.split():
            bell, _, what = word.partition(":")
            if hear := self._hear.get(bell):
                hear(what)


def payloads(words: list[str]) -> list[str]:
    """The words in as few payloads as PostgreSQL allows."""
    made: list[str] = []
    for word in words:
        if made and len(made[-1]) + len(word) < LONGEST_PAYLOAD:
            made[-1] += f" {word}"
        else:
            made.append(word)
    return made
