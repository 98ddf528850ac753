"""Monthly ledgers (台账) as .xlsx: numbers as text, no formulas, secrets masked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import select
from xlsxwriter.exceptions import FileCreateError

from bot.actor import SYSTEM
from bot.clock import at_local
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.spreadsheets.ledgers import APPLICATIONS, DROPOUT, REGISTRATIONS, Entry
from bot.words import render
from storage.db import Database
from storage.models.application import Application
from storage.models.case import Case
from storage.models.training import Registration
from storage.repositories.record_query import RecordModel
from storage.uow import UnitOfWork


@dataclass(frozen=True)
class Ledger:
    """One kind of ledger: its name, its table and its columns."""

    title: str
    model: RecordModel
    kind: str
    columns: dict[str, Callable[[Entry], str]]


LEDGERS = {
    "dropout": Ledger("控辍保学台账", Case, "dropout_case", DROPOUT),
    "applications": Ledger("学生资助申请台账", Application, "aid_application", APPLICATIONS),
    "registrations": Ledger(
        "普通话培训报名台账", Registration, "training_registration", REGISTRATIONS
    ),
}


async def export_ledger(db: Database, ledger: str, month: str, path: Path, now: datetime) -> int:
    """Write the records opened in a month (2026-11); how many.

    Raises KeyError, ValueError, and Refused when the file cannot be written.
    """
    chosen = LEDGERS[ledger]
    start, end = month_bounds(month)
    async with db.write() as uow:
        entries = await _entries(uow, chosen, start, end)
        await Acting(uow, SYSTEM, now).audit(
            "export", None, ledger=ledger, month=month, rows=len(entries)
        )
    try:
        _write(path, chosen, month, entries)
    except (FileCreateError, OSError) as error:
        raise Refused(render("refused.cannot_write", path=path)) from error
    return len(entries)


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """The first moment of a local month and of the next. Raises ValueError."""
    first = date.fromisoformat(f"{month}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return at_local(first, time.min), at_local(following, time.min)


async def _entries(uow: UnitOfWork, ledger: Ledger, start: datetime, end: datetime) -> list[Entry]:
    model = ledger.model
    query = select(model).where(
        model.kind == ledger.kind, model.opened_at >= start, model.opened_at < end
    )
    rows: Sequence[Any] = (await uow.session.scalars(query.order_by(model.id))).all()
    officers = {officer.id: officer.name for officer in await uow.officers.all()}
    entries = []
    for number, row in enumerate(rows, start=1):
        session = None
        if isinstance(row, Registration) and row.session_id is not None:
            session = await uow.trainings.by_id(row.session_id)
        story = tuple(await uow.audit.of(row.reference))
        officer = officers.get(row.assigned_to_id or 0, "")
        entries.append(Entry(number, row, story, officer, session))
    return entries


def _write(path: Path, ledger: Ledger, month: str, entries: Sequence[Entry]) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(month)
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        as_text = book.add_format({"num_format": "@", "border": 1})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(ledger.columns) - 1, 14, as_text)
        for column, (title, value) in enumerate(ledger.columns.items()):
            sheet.write_string(0, column, title, head)
            for entry in entries:
                sheet.write_string(entry.number, column, value(entry), as_text)
        book.set_properties({"title": f"{ledger.title} {month}"})
