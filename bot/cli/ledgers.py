"""`import` and `export`: spreadsheets in and out."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from bot.cli.options import ConfigPath, DataDir, out, refused, running, settings
from bot.clock import utc_now
from bot.config import Config
from storage.kinds import ListKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.spreadsheets.table import Report
    from storage.db import Database

    Importer = Callable[[Database, Path, datetime], Awaitable[Report]]

IMPORT_EXAMPLES = (
    "例：python -m bot import sessions 培训计划.xlsx；"
    "python -m bot import lists 名单.xlsx --kind dibao --region 152222"
)
EXPORT_EXAMPLES = (
    "例：python -m bot export dropout --month 2026-11 -o 控辍保学台账.xlsx；"
    "python -m bot export minors-audit --year 2026 -o 合规审计底稿.docx"
)


class ImportKind(StrEnum):
    """What can be taken in."""

    SESSIONS = "sessions"
    PEOPLE = "people"
    OFFICERS = "officers"
    LISTS = "lists"


class LedgerName(StrEnum):
    """What can be written out: the ledgers, then the reports."""

    CHILDREN = "children"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    DROPOUT = "dropout"
    APPLICATIONS = "applications"
    REGISTRATIONS = "registrations"
    RECTIFICATIONS = "rectifications"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    AID = "aid"
    TRAINING = "training"
    REACTION = "reaction"
    CLIMBING = "climbing"
    QUESTIONS = "questions"
    MINORS_AUDIT = "minors-audit"


def import_file(
    kind: Annotated[ImportKind, typer.Argument(help="导入什么：培训班、人员、办公人员或名单")],
    file: Annotated[Path, typer.Argument(help=".xlsx，或 UTF-8、GB18030 的 .csv", metavar="文件")],
    list_kind: Annotated[
        ListKind | None, typer.Option("--kind", help="是什么名单；enrolment 是在校花名册")
    ] = None,
    title: Annotated[
        str, typer.Option("--title", help="名单的名字，不写就用文件名", metavar="名字")
    ] = "",
    region: Annotated[
        str, typer.Option("--region", help="名单是哪个地区的，不写就是设置里的地区", metavar="代码")
    ] = "",
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """从表格导入培训班、人员、办公人员，或者低保、脱贫户这样的名单和在校花名册。

    好的行都导入，有问题的行说明行号和原因；同一个文件导入两次，第二次什么都不变。
    """
    chosen = settings(config, data)
    if not file.is_file():
        raise refused(f"找不到文件 {file}。")
    if kind is not ImportKind.LISTS:
        _print(running(_import(chosen, _importer(kind), file)))
    elif list_kind is None:
        raise refused("请用 --kind 说明是什么名单，比如 --kind dibao。")
    else:
        _print(running(_import(chosen, _list_importer(chosen, list_kind, title, region), file)))


def export_file(
    ledger: Annotated[LedgerName, typer.Argument(help="哪本台账或者哪份报表")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="写到哪里，.xlsx 或 .docx", metavar="文件")
    ],
    month: Annotated[str, typer.Option("--month", help="月份", metavar="2026-11")] = "",
    year: Annotated[
        int | None,
        typer.Option("--year", help="年份，只给 minors-audit", min=2020, max=2100, metavar="2026"),
    ] = None,
    region: Annotated[str, typer.Option("--region", help="只要这个地区", metavar="代码")] = "15",
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """把一个月的记录导出成台账或者报表；minors-audit 是一年的未成年人个人信息合规审计底稿。"""
    if ledger is LedgerName.MINORS_AUDIT:
        if year is None:
            raise refused("请用 --year 说明是哪一年，比如 --year 2026。")
        running(_export_year(settings(config, data), year, output, region))
        out().print(f"已写到 {output}", markup=False)
        return
    if not month:
        raise refused("请用 --month 说明是哪个月，比如 --month 2026-11。")
    count = running(_export(settings(config, data), ledger, month, output, region))
    out().print(f"已导出 {count} 条到 {output}", markup=False)


async def _import(config: Config, importer: "Importer", file: Path) -> "Report":
    from bot.service.app import open_database
    from bot.spreadsheets.table import BadFile

    db = await open_database(config)
    try:
        return await importer(db, file, utc_now())
    except BadFile as bad:
        raise refused(f"这个文件导入不了：{bad.reason}。") from None
    finally:
        await db.close()


def _importer(kind: ImportKind) -> "Importer":
    from bot.spreadsheets.officers import import_officers
    from bot.spreadsheets.people import import_people
    from bot.spreadsheets.sessions import import_sessions

    return {
        ImportKind.SESSIONS: import_sessions,
        ImportKind.PEOPLE: import_people,
        ImportKind.OFFICERS: import_officers,
    }[kind]


def _list_importer(config: Config, kind: ListKind, title: str, region: str) -> "Importer":
    from bot.rights.territory import canonical
    from bot.spreadsheets.lists import Heading, import_list

    async def take(db: "Database", file: Path, now: "datetime") -> "Report":
        place = canonical(region or config.office.home_region)
        return await import_list(db, file, now, Heading(kind, title or file.stem, place, file.name))

    return take


async def _export(config: Config, ledger: LedgerName, month: str, output: Path, region: str) -> int:
    from bot.reports.export import export_report
    from bot.reports.scope import month_bounds
    from bot.rights.territory import canonical
    from bot.service.app import open_database
    from bot.spreadsheets.export import LEDGERS, export_ledger
    from nlu.divisions import lookup

    place = canonical(region)
    if lookup(place) is None:
        raise refused(f"没有区划代码 {region}。")
    try:
        month_bounds(month)
    except ValueError:
        raise refused(f"看不懂月份 {month}，请写成 2026-11。") from None
    db = await open_database(config)
    try:
        write = export_ledger if ledger.value in LEDGERS else export_report
        return await write(db, ledger.value, month, output, utc_now(), place)
    finally:
        await db.close()


async def _export_year(config: Config, year: int, output: Path, region: str) -> None:
    from bot.minors.file import write_file
    from bot.rights.territory import canonical
    from bot.service.app import open_database
    from nlu.divisions import lookup

    if lookup(canonical(region)) is None:
        raise refused(f"没有区划代码 {region}。")
    db = await open_database(config)
    try:
        await write_file(db, year, canonical(region), output, utc_now())
    finally:
        await db.close()


def _print(report: "Report") -> None:
    console = out()
    console.print(
        f"新增 {report.created} 行，更新 {report.updated} 行，没有变化 {report.unchanged} 行，"
        f"有问题 {len(report.problems)} 行。"
    )
    if not report.problems:
        return
    table = Table("行号", Column("原因", overflow="fold"))
    for problem in report.problems:
        table.add_row(str(problem.row), problem.reason)
    console.print(table)
