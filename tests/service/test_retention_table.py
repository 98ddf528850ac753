"""The table of truth names every table and column, and every table keeps what it promises."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, MetaData, Table, insert
from sqlalchemy import select as sql_select

from bot.retention.complete import check, gaps
from bot.workers.retention import purge_old
from flows.policy.retention import Fate, load_retention
from storage.columns import Encrypted, EncryptedJSON, UtcDateTime
from storage.db import Database
from storage.schema import metadata
from tests.service import support as s

ID = 1_000_000
REFERENCE = "D06-0000-013"
OLD, NEW = s.NOW - timedelta(days=20 * 366), s.NOW - timedelta(days=1)
ENDED: Mapping[str, Mapping[str, Any]] = {
    "inbox": {"status": "handled"},
    "outbox": {"status": "sent"},
    "reminders": {"status": "fired"},
    "applications": {"status": "rejected"},
    "cases": {"status": "closed"},
    "registrations": {"status": "cancelled"},
    "rectifications": {"status": "closed"},
    "misheard": {"status": "waiting"},
}
OWN: Mapping[str, Mapping[str, Any]] = {
    "conversations": {"state": {"stack": [{"flow": "aid"}]}, "officer_id": None},
    "officers": {"conversation_id": None},
    "attachments": {"status": "kept", "reference": None, "path": ""},
    "cases": {"reference": REFERENCE},
}
LISTS = ("buttons", "level_reasons")
OPEN = {"closed_at": None, "revoked_at": None, "done_at": None, "used_at": None}


def value_of(column: Column[Any], at: datetime) -> Any:
    kind = column.type
    if column.primary_key or column.foreign_keys:
        return ID
    for known, value in (
        (EncryptedJSON, [{"说": "苏日娜"}] if column.name in LISTS else {"说": "苏日娜"}),
        (Encrypted, "苏日娜"),
        ((UtcDateTime, DateTime), at),
        (Date, at.date()),
        (Boolean, True),
        (JSON, []),
    ):
        if isinstance(kind, known):
            return value
    if kind.python_type in (int, float):
        return 1
    return REFERENCE if column.name in ("reference", "record") else column.table.name[:7]


async def plant(db: Database, at: datetime, is_over: bool) -> None:
    """One row in every table, all of the same age, the ids all one."""
    async with db.write() as uow:
        for table in metadata.sorted_tables:
            if table.name == "key_check":
                continue
            row = {c.name: value_of(c, at) for c in table.columns}
            row |= {"reference": f"R-{table.name}"} if "reference_key" in row else {}
            row |= OWN.get(table.name, {})
            if is_over:
                row |= ENDED.get(table.name, {})
            else:
                row |= {name: None for name in OPEN if name in row}
                row |= {"until": date(2030, 1, 1)} if table.name == "outreach_lists" else {}
                row |= {"link_code_until": None} if table.name == "officers" else {}
                row |= (
                    {"empty_at": s.NOW + timedelta(minutes=1)} if table.name == "attempts" else {}
                )
            await uow.session.execute(insert(table).values(row))


async def left(db: Database, table: Table) -> Mapping[str, Any] | None:
    id = 1 if table.name == "key_check" else ID  # written when the database was opened
    async with db.read() as uow:
        found = await uow.session.execute(sql_select(table).where(table.c.id == id))
        row = found.mappings().one_or_none()
        return None if row is None else dict(row)


async def test_every_table_keeps_its_promise(any_db: Database) -> None:
    await plant(any_db, OLD, is_over=True)
    await purge_old(any_db, s.NOW)
    for table in metadata.sorted_tables:
        said, row = load_retention().tables[table.name], await left(any_db, table)
        if said.fate in (Fate.REMOVED, Fate.WITH_RECORD):
            assert row is None, table.name
            continue
        assert row is not None, table.name
        for column, step in said.sealed.items():
            assert (step == "kept") is bool(row[column]), (table.name, column)


async def test_what_is_young_or_open_stays(db: Database) -> None:
    await plant(db, NEW, is_over=False)
    before = {table.name: await left(db, table) for table in metadata.sorted_tables}
    await purge_old(db, s.NOW)
    for table in metadata.sorted_tables:
        row, was = await left(db, table), before[table.name]
        assert row is not None and was is not None, table.name
        same = {column: row[column] == was[column] for column in row if column != "compared_at"}
        codes = {"join_code_hash", "join_code_until"}  # a code of yesterday is used up
        assert {column for column, kept in same.items() if not kept} <= codes, table.name


def test_the_table_is_complete() -> None:
    assert check() == []


@pytest.mark.parametrize("column", [None, "words"])
def test_a_new_table_or_column_is_noticed(column: str | None) -> None:
    schema = MetaData()
    name = "letters" if column is None else "people"
    table = metadata.tables.get(name)
    known = [Column(c.name, c.type) for c in table.columns] if table is not None else []
    Table(name, schema, *known, Column("words", Encrypted("x.words")))
    found = [gap for gap in gaps(schema, load_retention()) if "不存在了" not in gap]
    assert len(found) == 1 and ("words" if column else "letters") in found[0]
