"""The service as `python -m bot run` starts it, with faults that carry what people wrote.

Every message that holds FAULT breaks something, each with the whole message in its error.
"""

import asyncio
import gc
import logging
import threading
import warnings
from datetime import datetime
from typing import Any

from sqlalchemy import text as sql

from bot.channels.base import Outbound
from bot.channels.webchat import WebChat
from bot.cli.main import cli
from bot.service import app
from bot.web.desk import work as desk_work
from bot.workers import escalation, tick
from bot.workers.events import Event
from nlu.types import Context, Engine, Understanding
from storage.db import Database
from storage.uow import UnitOfWork

FAULT = "出了岔子"
SEEN: list[str] = []
LIBRARIES = ("aiogram.dispatcher", "uvicorn.error", "sqlalchemy.pool", "httpx", "nobody.knows")


class Faulty:
    """An engine that breaks over some messages, and lets others break around it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def understand(self, text: str, context: Context) -> Understanding:
        """The real understanding, or a fault."""
        if FAULT in text:
            SEEN.append(text)
            beside(text)
            raise ValueError(f"cannot read {text}")
        return self.engine.understand(text, context)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


class Dropped:
    """Breaks when it is thrown away."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __del__(self) -> None:
        raise KeyError(self.text)


def beside(text: str) -> None:
    """What libraries, threads, warnings and the interpreter itself may say of a text."""
    for name in LIBRARIES:
        log = logging.getLogger(name)
        log.error("update of %s failed", text)
        try:
            int(text)
        except ValueError:
            log.exception(f"broken over {text}")
    warnings.warn(f"odd: {text}", stacklevel=1)
    threading.Thread(target=int, args=(text,)).start()
    Dropped(text)
    gc.collect()


async def _lost(text: str) -> None:
    raise LookupError(text)


async def _ask_for_nothing(uow: UnitOfWork, text: str) -> None:
    await uow.session.execute(sql("INSERT INTO nowhere (name) VALUES (:name)"), {"name": text})


def plant() -> None:
    """Put the faults in: the engine, a channel, the clock of the desk, a page."""
    load, climb, found = app.open_engine, escalation.climb_due, desk_work._found

    async def broken_climb(db: Database, now: datetime) -> list[Event]:
        if SEEN:
            lost = asyncio.create_task(_lost(SEEN[0]))
            await asyncio.sleep(0)
            del lost
            gc.collect()
            async with db.write() as uow:
                await _ask_for_nothing(uow, SEEN.pop())
        return await climb(db, now)

    async def broken_send(_self: WebChat, message: Outbound) -> str:
        raise RuntimeError(f"cannot send {message.text} to {message.address}")

    async def broken_list(*given: Any) -> Any:
        if FAULT in given[2].q:
            raise KeyError(given[2].q)
        return await found(*given)

    for owner, name, faulty in (
        (app, "open_engine", lambda config: Faulty(load(config))),
        (tick, "climb_due", broken_climb),
        (WebChat, "send", broken_send),
        (desk_work, "_found", broken_list),
    ):
        setattr(owner, name, faulty)


if __name__ == "__main__":
    plant()
    cli()
