"""Monthly ledgers (台账): which records belong in them, and what is known of each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.cases.records import Record
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.reports.made import MASKED, NO_ETHNICITY, UNMASKED, Made
from bot.reports.model import Cell, Table
from bot.reports.scope import Scope, month_bounds
from bot.rights.actor import SYSTEM
from bot.rights.territory import REGION
from bot.spreadsheets.aided import aided
from bot.spreadsheets.ledgers import APPLICATIONS, DROPOUT, REGISTRATIONS, Columns, Entry
from bot.spreadsheets.rectifications import TITLE, rectification_table
from bot.spreadsheets.roll import (
    CHILDREN,
    CONFIRMED,
    DROPOUTS,
    STORY,
    SUSPECTED,
    is_of_school_age,
)
from bot.words import render
from storage.db import Database
from storage.kinds import RecordKind
from storage.models.training import Registration, TrainingSession
from storage.repositories.counted import Cut
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

MOST_ROWS = 20_000
_AT_ONCE = 500
_AS_IT_STANDS = "每条按导出时的状态列出，不是月末那天的状态。"
_KNOWN_ONLY = (
    "这里只有本系统知道的孩子（助学申请和失学登记），不是全部适龄儿童；请和户籍、学籍核对。"
)


@dataclass(frozen=True)
class Ledger:
    """One kind of ledger: its name, whose records, its columns, and what to know of it.

    `is_running` is one that is carried on from month to month: it holds what was still open in
    the month, not only what was filed in it. `take` makes the table of one that is not of records.
    """

    title: str
    kinds: tuple[RecordKind, ...]
    columns: Columns
    statuses: tuple[str, ...] = ()
    is_running: bool = False
    keep: Callable[[Entry], bool] = lambda _: True
    take: Callable[[UnitOfWork, Scope, bool], Awaitable[Table]] | None = None
    notes: tuple[str, ...] = ()


_DROPOUT_CASES = (RecordKind.DROPOUT_CASE,)

LEDGERS = {
    "children": Ledger(
        "适龄儿童台账", (RecordKind.AID_APPLICATION, RecordKind.DROPOUT_CASE), CHILDREN,
        is_running=True, keep=is_of_school_age, notes=(_KNOWN_ONLY, NO_ETHNICITY),
    ),
    "suspected": Ledger(
        "疑似辍学学生台账", _DROPOUT_CASES, DROPOUTS, SUSPECTED, True,
        notes=(_AS_IT_STANDS, NO_ETHNICITY),
    ),
    "confirmed": Ledger(
        "辍学学生台账", _DROPOUT_CASES, DROPOUTS, CONFIRMED, True,
        notes=(_AS_IT_STANDS, NO_ETHNICITY),
    ),
    "dropout": Ledger("控辍保学台账（当月登记）", _DROPOUT_CASES, DROPOUT),
    "applications": Ledger("学生资助申请台账", (RecordKind.AID_APPLICATION,), APPLICATIONS),
    "registrations": Ledger(
        "普通话培训报名台账", (RecordKind.TRAINING_REGISTRATION,), REGISTRATIONS
    ),
    "rectifications": Ledger(TITLE, (), {}, take=rectification_table, notes=(_AS_IT_STANDS,)),
}  # fmt: skip


async def export_ledger(
    db: Database, ledger: str, month: str, path: Path, now: datetime, region: str = REGION
) -> int:
    """Write a month's ledger of a place (2026-11); how many lines.

    Raises KeyError, ValueError, and Refused when the file cannot be written.
    """
    from bot.reports.files import format_of, written

    scope = Scope(region, month, month)
    kept = format_of(path.suffix)
    async with db.write() as uow:
        turn = Acting(uow, SYSTEM, now)
        table, made = await take_ledger(turn, ledger, scope, "系统管理员（命令行）")
    try:
        await asyncio.to_thread(lambda: path.write_bytes(written(kept, [table], made)))
    except OSError as error:
        raise Refused(render("refused.cannot_write", path=path)) from error
    return len(table.lines)


async def take_ledger(
    turn: Acting, name: str, scope: Scope, by: str, full: bool = False
) -> tuple[Table, Made]:
    """A ledger of a place and month, and what its file says of itself; every line is a read.

    Raises KeyError for an unknown one, ValueError for no month, Refused for too many lines.
    """
    ledger = LEDGERS[name]
    if ledger.take is not None:
        table = await ledger.take(turn.uow, scope, full)
    else:
        table = await _of_records(turn, ledger, scope, full)
    told = {"region": scope.region, "rows": len(table.lines), "unmasked": full or None}
    await turn.audit("export", None, ledger=name, month=scope.last, **told)
    notes = (UNMASKED if full else MASKED, *ledger.notes)
    return table, Made(ledger.title, scope.place, scope.last, by, turn.now, notes)


async def _of_records(turn: Acting, ledger: Ledger, scope: Scope, full: bool) -> Table:
    entries = await _entries(turn.uow, ledger, scope, full)
    read = ((entry.record.reference, entry.record.region_code) for entry in entries)
    await turn.uow.audit.add_each(turn.now, turn.by.kind.value, turn.by.id, "exported", read)
    lines = tuple(
        tuple(Cell(value(entry)) for value in ledger.columns.values()) for entry in entries
    )
    return Table(ledger.title, tuple(ledger.columns), lines)


async def _entries(uow: UnitOfWork, ledger: Ledger, scope: Scope, full: bool) -> list[Entry]:
    start, _ = month_bounds(scope.last)
    cut = Cut(first_month=scope.first, last_month=scope.last)
    if ledger.is_running:
        cut = Cut(last_month=scope.last, not_closed_before=start)
    rows: list[Record] = []
    for kind in ledger.kinds:
        query = RecordQuery(kinds=(kind,), statuses=ledger.statuses, cut=cut)
        rows += await uow.counts.rows(query, scope.prefixes, MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise Refused(f"一次最多导出 {MOST_ROWS} 条，请只选一个盟市或者旗县。")
    known = [entry for entry in await _known(uow, rows, full) if ledger.keep(entry)]
    if "是否享受资助" in ledger.columns:
        told = await aided(uow, [entry.record for entry in known])
        known = [replace(entry, aid=told.get(entry.record.reference, "")) for entry in known]
    return [replace(entry, number=number) for number, entry in enumerate(known, start=1)]


async def _known(uow: UnitOfWork, rows: Sequence[Record], full: bool) -> list[Entry]:
    officers = {officer.id: officer.name for officer in await uow.officers.all()}
    sessions = await _sessions(uow, rows)
    entries = []
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        stories = await uow.audit.of_each([row.reference for row in some], STORY)
        for row in some:
            session = sessions.get(getattr(row, "session_id", None) or 0)
            story = tuple(stories[row.reference])
            officer = officers.get(row.assigned_to_id or 0, "")
            entries.append(Entry(0, row, story, officer, session, full))
    return entries


async def _sessions(uow: UnitOfWork, rows: Sequence[Record]) -> dict[int, TrainingSession]:
    wanted = {row.session_id for row in rows if isinstance(row, Registration) and row.session_id}
    if not wanted:
        return {}
    found = await uow.session.scalars(select(TrainingSession))
    return {session.id: session for session in found if session.id in wanted}
