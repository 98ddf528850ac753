"""`tick`: the work that is due at a moment, done or only shown."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigPath, DataDir, refused, running, settings
from bot.clock import utc_now
from bot.config import Config
from bot.days import moment_of

if TYPE_CHECKING:
    from bot.workers.events import Event, Rules
    from storage.db import Database

EXAMPLES = "例：python -m bot tick --dry-run --now 2026-12-01T09:00 --until 2026-12-08T09:00"


def tick(
    now: Annotated[
        str | None, typer.Option("--now", help="假定现在是这个时间（没写时区就是北京时间）")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="从 --now 一步步走到这个时间")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出会发给谁、为什么，什么都不改")
    ] = False,
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """处理到期的工作：提醒、办理时限、数据清理。

    每件事输出一行 JSON。服务运行时会自动处理，平时不用运行这条命令。
    """
    chosen = settings(config, data)
    start = _moment(now) if now else utc_now()
    end = _moment(until) if until else None
    if end is not None and end < start:
        raise refused("--until 不能早于 --now。")
    running(_tick(chosen, start, end, dry_run))


async def _tick(config: Config, start: datetime, end: datetime | None, dry_run: bool) -> None:
    from bot.service.app import open_database, rules_of
    from storage.excerpt import whole_copy

    rules = rules_of(config)
    db = await open_database(config)
    try:
        if dry_run:
            async with whole_copy(db) as copy:  # a running service is not held up
                events = await _events(copy, start, end, dry_run, rules)
        else:
            events = await _events(db, start, end, dry_run, rules)
    finally:
        await db.close()
    for event in events:
        typer.echo(json.dumps(event.as_json(), ensure_ascii=False))


async def _events(
    db: "Database", start: datetime, end: datetime | None, dry_run: bool, rules: "Rules"
) -> "list[Event]":
    from bot.workers.tick import tick, tick_between

    if end is None:
        return await tick(db, start, dry_run, rules)
    return await tick_between(db, start, end, dry_run, rules)


def _moment(text: str) -> datetime:
    try:
        return moment_of(text)
    except ValueError:
        raise refused(f"看不懂时间 {text}，请写成 2026-12-01T09:00。") from None
