"""A running process says now and then that it is there and which keys it has."""

import asyncio
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.service.waiting import first_of
from storage.db import Database

EVERY = 15.0
SILENT = timedelta(seconds=4 * EVERY)
"""Who was not heard of for so long is not there any more."""


def process_name() -> str:
    """A name no other process has, which says on which machine to look for it."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"


async def stay_known(
    db: Database, now: Callable[[], datetime], stop: asyncio.Event, every: float = EVERY
) -> None:
    """Say it until told to stop, then say goodbye."""
    name = process_name()
    try:
        while not stop.is_set():
            db.keyring.refresh()
            async with db.write() as uow:
                await uow.processes.is_here(name, db.keyring.ids, now())
            await first_of(stop, seconds=every)
    finally:
        with suppress(SQLAlchemyError, OSError):
            async with db.write() as uow:
                await uow.processes.leaves(name)
