"""Keeps the service running: HTTP, channels, turns, outbox and ticks in one loop; stops gently."""

import asyncio
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import structlog

from bot.channels.telegram import TelegramChannel
from bot.groups.telling import Teller
from bot.sending.outbox import Sender
from bot.service.app import App, rules_of
from bot.service.bells import Bell
from bot.service.presence import stay_known
from bot.service.serving import QuietServer
from bot.service.ticking import tick_until
from bot.service.waiting import first_of
from bot.web.in_two_steps import InTwoSteps
from bot.web.server import Served, create_server

STOP_SECONDS = 10.0
LONGEST_PAUSE = 30.0
ENGINE_SECONDS = 5.0
"""An engine that is not loaded by then is being trained: the pages do not wait for it."""

SETTLE_SECONDS = 0.5
"""Whoever waited for us is answered before the pages that nobody has asked for yet are made."""

PURGE_SECONDS = 5.0
"""Of one tick: reminders and clocks do not wait for the purge."""

log = structlog.get_logger()
Job = Callable[[], Awaitable[None]]


class Supervisor:
    """One process of the service; `stop` ends it."""

    def __init__(self, app: App, server_socket: socket.socket) -> None:
        self.app = app
        self.stop = asyncio.Event()
        self._socket = server_socket
        workers = app.config.workers
        self.sender = Sender(
            app.db,
            app.channels,
            app.now,
            attempts=workers.send_attempts,
            poll_seconds=workers.poll_seconds,
            step=app.step,
            watcher=app.watch.meters,
        )
        app.intake.on_replies = self.sender.ring
        self.sender.on_pause = partial(app.bells.ring, Bell.LANE)
        app.bells.hears(Bell.LANE, lambda _: self.sender.learn())
        app.watch.pulse.lanes = self.sender.lanes

    async def run(self, on_ready: Callable[[], None]) -> None:
        """Serve until SIGTERM, SIGINT or `stop`; the turns in progress are finished first."""
        self._obey_signals()
        pages = InTwoSteps(self.app) if self.app.part.serves else None
        states = pages or create_server(self.app, Served.STATES)
        server = QuietServer(states, self.app.config.trusted_proxies)
        serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        serving.add_done_callback(lambda _: self.stop.set())
        workers: list[asyncio.Task[None]] = []
        try:
            await first_of(server.ready, self.stop)
            if server.ready.is_set():
                on_ready()
                if self.app.part.works:
                    self.app.engine.load_in_background()
                workers += [self._start(name, job) for name, job in self._jobs().items()]
                self.app.watch.pulse.loops = workers
                if pages is not None:
                    await self._complete(pages)
            await self.stop.wait()
        finally:
            self.app.watch.pulse.is_draining = True
            self.stop.set()
            server.should_exit = True
            await self._finish(workers, serving)

    async def _complete(self, pages: InTwoSteps) -> None:
        """The rest of the pages once messages are answered, or when that may take minutes."""
        until = time.monotonic() + ENGINE_SECONDS
        while not (self.app.is_ready or self.stop.is_set() or time.monotonic() > until):
            await first_of(self.stop, seconds=0.05)
        await first_of(self.stop, seconds=SETTLE_SECONDS)
        if not self.stop.is_set():
            await pages.complete()

    def leave(self) -> None:
        """Stop, but first let a load balancer see that we leave; told twice, stop at once."""
        pulse, seconds = self.app.watch.pulse, self.app.config.web.drain_seconds
        if pulse.is_draining or not seconds:
            self.stop.set()
        pulse.is_draining = True
        asyncio.get_running_loop().call_later(seconds, self.stop.set)

    async def kept_running(self, name: str, job: Job) -> None:
        """Start a loop again when it breaks, later each time: one fault must not stop the rest."""
        failures = 0
        while not self.stop.is_set():
            begun = time.monotonic()
            try:
                await job()
                return
            except Exception as error:
                failures = failures + 1 if time.monotonic() - begun < LONGEST_PAUSE else 1
                self.app.watch.meters.looped(name.split()[0])
                log.error("worker.broke", worker=name, error=type(error).__name__, exc_info=error)
                await first_of(self.stop, seconds=min(2.0**failures, LONGEST_PAUSE))

    async def tick(self) -> None:
        """All that is due now; a fault is logged and the next tick tries again."""
        from bot.workers.tick import tick

        self.app.step("tick")
        begun, is_well = time.monotonic(), True
        try:
            rules = replace(rules_of(self.app.config), purge_seconds=PURGE_SECONDS)
            await tick(self.app.db, self.app.now(), rules=rules)
        except Exception as error:
            is_well = False
            log.error("tick.broke", error=type(error).__name__, exc_info=error)
        self.app.watch.ticked(time.monotonic() - begun, is_well)
        self.app.step("ticked")
        self.sender.ring()

    def _obey_signals(self) -> None:
        loop = asyncio.get_running_loop()
        orders = {signal.SIGTERM: self.leave, signal.SIGINT: self.stop.set}
        for number, order in orders.items():
            with suppress(NotImplementedError, ValueError, RuntimeError):  # in a thread, Windows
                loop.add_signal_handler(number, order)

    def _jobs(self) -> dict[str, Job]:
        jobs: dict[str, Job] = {
            "presence": partial(stay_known, self.app.db, self.app.now, self.stop),
            "bells": partial(self.app.bells.run, self.stop),
            "watch": partial(self.app.watch.run, self.stop, lambda: self.app.is_ready),
        }
        for name, channel in self.app.receivers.items():
            jobs[name] = partial(channel.run, self.app.intake.accept)
        return jobs | (self._work() if self.app.part.works else {})

    def _work(self) -> dict[str, Job]:
        workers = self.app.config.workers
        work: dict[str, Job] = {
            "outbox": partial(self.sender.run, self.stop),
            "ticks": partial(tick_until, self.stop, self.tick, workers.tick_seconds),
        }
        for number in range(workers.turns):
            work[f"turns {number}"] = partial(self.app.intake.work_forever, self.stop)
        if self.app.telegram is not None:
            work["groups"] = partial(self._groups(self.app.telegram).run, self.stop)
        return work

    def _groups(self, telegram: TelegramChannel) -> Teller:
        return Teller(self.app.db, telegram.board, self.app.now)

    def _start(self, name: str, job: Job) -> asyncio.Task[None]:
        return asyncio.create_task(self.kept_running(name, job), name=name)

    async def _finish(self, workers: list[asyncio.Task[None]], serving: asyncio.Task[None]) -> None:
        """Let turns and sends end by themselves; receivers are simply cancelled."""
        for task in workers:
            if task.get_name() in self.app.channels:
                task.cancel()
        _, late = await asyncio.wait([*workers, serving], timeout=STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        with suppress(asyncio.CancelledError):
            await serving
