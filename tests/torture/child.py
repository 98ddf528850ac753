"""One process of the service, made so that it can be tortured: `python -m tests.torture.child`.

It is built of the same parts as `python -m bot run`. What is added: it dies at a named moment, its
clock is turned, its disk is full, each when the driver says so on its standard input. Waiting is
shorter than in life, so that two hundred deaths fit into a quarter of an hour.
"""

import asyncio
import os
import resource
import signal
import sys
import threading
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot import logs
from bot.channels import lookout, pace, telegram, telegram_out
from bot.clock import utc_now
from bot.config import Config, load_config
from bot.sending import outbox as outbox_module
from bot.service import bells, ticking
from bot.service import supervisor as supervisor_module
from bot.service.app import build
from bot.service.serving import listen
from bot.service.supervisor import Supervisor
from storage import engine as engine_module

TICKING: ContextVar[bool] = ContextVar("ticking", default=False)
NAMED_TASKS = ("outbox", "turns", "telegram", "ticks")


class Fate:
    """When this process is to die: the n-th time that it passes a point."""

    def __init__(self) -> None:
        self._point = ""
        self._left = 0

    def arm(self, point: str, count: int) -> None:
        """Die there."""
        self._left, self._point = count, point

    def __call__(self, point: str) -> None:
        if point == "tick":
            TICKING.set(True)
        if point != self._point:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Clock:
    """The wall clock, turned."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> datetime:
        return utc_now() + timedelta(seconds=self.seconds)


def place() -> str:
    """Which part of the service is at work."""
    if TICKING.get():
        return "tick"
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return "thread"
    name = task.get_name().split()[0] if task is not None else ""
    return name if name in NAMED_TASKS else "http"


def watch_commits(fate: Fate) -> None:
    """Every commit of a transaction is a point before and a point after it."""
    event.listen(Engine, "commit", lambda _: fate(f"commit:{place()}"))
    event.listen(Session, "after_commit", lambda _: fate(f"committed:{place()}"))


def obey(fate: Fate, clock: Clock) -> None:
    """Do what the driver says, line by line; without a driver there is no service."""
    while piece := os.read(0, 1 << 12):  # not sys.stdin: a thread that reads it may not end
        for line in piece.decode().splitlines():
            obey_line(line, fate, clock)
    os.kill(os.getpid(), signal.SIGKILL)


def obey_line(line: str, fate: Fate, clock: Clock) -> None:
    """One order; each is short enough to come whole."""
    match line.split():
        case ["die", point, count]:
            fate.arm(point, int(count))
        case ["clock", seconds]:
            clock.seconds = float(seconds)
        case ["disk", size]:  # -1: as large as it likes
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), most))


def hurry() -> None:
    """What takes minutes in life takes seconds."""
    shorter: list[tuple[Any, str, Any]] = [
        (outbox_module, "LEASE", timedelta(seconds=8)),
        (outbox_module, "SEND_TIMEOUT", 6.0),
        (outbox_module, "LONGEST_BACKOFF", 4.0),
        (telegram, "CHAT_SECONDS", 0.1),
        (telegram, "POLL_SECONDS", 2),
        (telegram, "POLL_LEASE", timedelta(seconds=4)),
        (telegram, "WAIT_FOR_POLL", 0.3),
        (telegram, "LONGEST_PAUSE", 1.0),
        (telegram_out, "ANSWER_SECONDS", 2),
        (lookout, "ANSWER_SECONDS", 2.0),
        (pace, "SOONEST_LOOK", 0.3),
        (pace, "LATEST_LOOK", 2.0),
        (ticking, "FIRST_TICK", timedelta(seconds=0.3)),
        (bells, "LONGEST_PAUSE", 1.0),
        (supervisor_module, "LONGEST_PAUSE", 1.0),
        (engine_module, "_BUSY_MILLISECONDS", 4000),
    ]
    for module, name, value in shorter:
        if not hasattr(module, name):
            raise AttributeError(f"{module.__name__}.{name} has another name now")
        setattr(module, name, value)


async def serve(config: Config, fate: Fate, clock: Clock) -> None:
    """As `python -m bot run`."""
    server_socket = listen(config.web.host, config.web.port)
    app = await build(config, now=clock, step=fate)
    try:
        await Supervisor(app, server_socket).run(partial(print, "ready", flush=True))
    finally:
        await app.close()
        server_socket.close()


def main() -> None:
    """`DATA PORT CLOCK`: the rest comes from the environment, as in life."""
    data, port, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    fate, clock = Fate(), Clock(seconds)
    config = load_config(None, data, port)
    logs.configure(config.log.level)
    hurry()
    watch_commits(fate)
    threading.Thread(target=obey, args=(fate, clock), daemon=True).start()
    asyncio.run(serve(config, fate, clock))


if __name__ == "__main__":
    main()
