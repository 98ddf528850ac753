"""Keeps the service running: HTTP, channels, turns, outbox and ticks in one loop; stops gently."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog

from bot.app import App, rules_of
from bot.outbox import Sender
from bot.serving import QuietServer
from bot.web.server import create_server

STOP_SECONDS = 10.0
LONGEST_PAUSE = 30.0

log = structlog.get_logger()


class Supervisor:
    """One process of the service."""

    def __init__(self, app: App, server_socket: socket.socket) -> None:
        self.app = app
        self.stop = asyncio.Event()
        self._socket = server_socket
        self.sender = Sender(
            app.db,
            app.channels,
            app.now,
            attempts=app.config.workers.send_attempts,
            poll_seconds=app.config.workers.poll_seconds,
        )

    async def run(self, on_ready: Callable[[], Awaitable[None]]) -> None:
        """Serve until SIGTERM, SIGINT or `stop`; the turns in progress are finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError, ValueError):  # not in a thread, not on Windows
                asyncio.get_running_loop().add_signal_handler(number, self.stop.set)
        server = QuietServer(create_server(self.app))
        serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        workers = self._start_workers()
        scheduler = self._start_ticks()
        try:
            await self._first_of(server.ready, serving)
            if server.ready.is_set():
                await on_ready()
            await self._first_of(self.stop, serving)
        finally:
            self.stop.set()
            scheduler.shutdown(wait=False)
            server.should_exit = True
            await self._finish(workers, serving)

    def _start_workers(self) -> list[asyncio.Task[None]]:
        jobs: dict[str, Callable[[], Awaitable[None]]] = {
            "outbox": lambda: self.sender.run(self.stop)
        }
        for number in range(self.app.config.workers.turns):
            jobs[f"turns-{number}"] = lambda: self.app.intake.work_forever(self.stop)
        for name, channel in self.app.channels.items():
            jobs[name] = lambda channel=channel: channel.run(self.app.intake.accept)
        return [
            asyncio.create_task(self._kept_running(name, job), name=name)
            for name, job in jobs.items()
        ]

    async def _kept_running(self, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Start a loop again when it breaks, later each time: one fault must not stop the rest."""
        failures = 0
        while not self.stop.is_set():
            try:
                await job()
                return
            except Exception as error:
                failures += 1
                log.error("worker.broke", worker=name, error=type(error).__name__, exc_info=error)
                await asyncio.sleep(min(2.0**failures, LONGEST_PAUSE))

    def _start_ticks(self) -> Any:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        from bot.clock import SHANGHAI

        scheduler = AsyncIOScheduler(timezone=SHANGHAI)
        seconds = self.app.config.workers.tick_seconds
        scheduler.add_job(
            self._tick,
            "interval",
            seconds=seconds,
            next_run_time=self.app.now() + timedelta(seconds=5),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        scheduler.start()
        return scheduler

    async def _tick(self) -> None:
        from bot.workers.tick import tick

        try:
            await tick(self.app.db, self.app.now(), rules=rules_of(self.app.config))
        except Exception as error:
            log.error("tick.broke", error=type(error).__name__, exc_info=error)
        self.sender.ring()

    async def _first_of(self, event: asyncio.Event, serving: asyncio.Task[None]) -> None:
        """Wait for the event, or for the server to end by itself."""
        waiting = asyncio.create_task(event.wait())
        await asyncio.wait((waiting, serving), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def _finish(self, workers: list[asyncio.Task[None]], serving: asyncio.Task[None]) -> None:
        """Let turns and sends end by themselves; receivers are simply cancelled."""
        receivers = set(self.app.channels)
        for task in workers:
            if task.get_name() in receivers:
                task.cancel()
        _, late = await asyncio.wait([*workers, serving], timeout=STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await serving
