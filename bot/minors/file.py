"""The yearly audit as a file from the command line, made without an officer."""

import asyncio
from datetime import datetime
from pathlib import Path

from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.minors.report import minors_audit
from bot.reports.files import format_of, written
from bot.rights.actor import SYSTEM
from bot.words import render
from storage.db import Database

MAKER = "系统管理员（命令行）"


async def write_file(db: Database, year: int, region: str, path: Path, now: datetime) -> None:
    """Write the file of a year and place. Raises Refused when it cannot be written."""
    kept = format_of(path.suffix)
    async with db.read() as uow:
        tables, made = await minors_audit(uow, year, region, MAKER, now)
    async with db.write() as uow:
        await Acting(uow, SYSTEM, now).audit("export_minors", None, period=str(year))
    try:
        await asyncio.to_thread(lambda: path.write_bytes(written(kept, tables, made)))
    except OSError as error:
        raise Refused(render("refused.cannot_write", path=path)) from error
