"""A report as a file from the command line, made without an officer."""

import asyncio
from datetime import datetime
from pathlib import Path

from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.reports.all import REPORTS
from bot.reports.files import format_of, written
from bot.reports.made import Made
from bot.reports.scope import Scope
from bot.rights.actor import SYSTEM
from bot.words import render
from storage.db import Database


async def export_report(
    db: Database, name: str, month: str, path: Path, now: datetime, region: str
) -> int:
    """Write a month's report of a place; how many lines of numbers it has.

    Raises KeyError for an unknown one, and Refused when the file cannot be written.
    """
    kept = format_of(path.suffix)
    scope = Scope(region, month, month)
    async with db.write() as uow:
        report = await REPORTS[name].build(uow, scope)
        await Acting(uow, SYSTEM, now).audit("export", None, report=name, month=month)
    maker = "系统管理员（命令行）"
    made = Made(report.title, scope.place, scope.period, maker, now, (report.about,))
    tables = [part.table for part in report.parts]
    try:
        await asyncio.to_thread(lambda: path.write_bytes(written(kept, tables, made)))
    except OSError as error:
        raise Refused(render("refused.cannot_write", path=path)) from error
    return sum(len(table.lines) for table in tables)
