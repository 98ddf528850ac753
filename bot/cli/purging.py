"""`purge`: what is kept too long is removed now, or only counted."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from bot.cli.options import ConfigPath, DataDir, existing, out, running
from bot.clock import utc_now
from bot.config import Config

if TYPE_CHECKING:
    from bot.retention.ahead import Ahead
    from bot.workers.events import Event

EXAMPLES = "例：python -m bot purge --dry-run"


def purge(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只数一数下一次会清理什么，什么都不改")
    ] = False,
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """清理超过保存期限的数据。

    服务运行时每天夜里会自动清理，平时不用运行这条命令。每张表留多久、为什么，
    在办公端的“数据保存”里看；年限在 config.yaml 的 retention 里改。
    """
    chosen = existing(config, data)
    if dry_run:
        _print_ahead(running(_ahead(chosen)))
        return
    events = running(_purge(chosen))
    for event in events:
        out().print(event.text, markup=False)
    if not events:
        out().print("没有要清理的，或者今天已经清理过。")


async def _ahead(config: Config) -> "list[Ahead]":
    from bot.retention.ahead import ahead
    from bot.service.app import open_database, rules_of

    db = await open_database(config)
    try:
        async with db.read() as uow:
            return await ahead(uow, utc_now(), rules_of(config))
    finally:
        await db.close()


async def _purge(config: Config) -> "list[Event]":
    from bot.service.app import open_database, rules_of
    from bot.workers.retention import purge_old

    db = await open_database(config)
    try:
        return await purge_old(db, utc_now(), rules_of(config))
    finally:
        await db.close()


def _print_ahead(found: "list[Ahead]") -> None:
    console = out()
    if not found:
        console.print("现在没有超过保存期限的。")
        return
    table = Table("清理什么", Column("几份", justify="right"), "最早的是哪天")
    for each in found:
        table.add_row(each.step.label, str(each.count), f"{each.oldest or ''}")
    console.print(table)
    console.print("记录删掉时，跟着它的消息、照片、日志里的话一起删，没有另外数。")
