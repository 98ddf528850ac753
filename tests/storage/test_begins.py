"""A beginning is looked up in SQLite's index, and means the same on both databases."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from storage.begins import Begins
from storage.db import Database
from storage.models.case import Case
from tests.storage import make

NAMES = ("su-le", "su-le-na", "su", "Su-le", "su%le", "su_le", "sule-na", "sv")


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("su-le", "su-le su-le-na"),
        ("su", "su su%le su-le su-le-na su_le sule-na"),
        ("su%", "su%le"),
        ("su_", "su_le"),
        ("S", "Su-le"),
    ],
)
async def test_what_begins_with_it(any_db: Database, start: str, found: str) -> None:
    async with any_db.write() as uow:
        for number, name in enumerate(NAMES):
            await uow.records.add(make.case(f"D{number}", name_key=name))
        rows = await uow.session.scalars(select(Case.name_key).where(Begins(Case.name_key, start)))
        assert sorted(row or "" for row in rows) == sorted(found.split())


async def test_sqlite_looks_into_the_index(db: Database) -> None:
    query = select(Case.id).where(Begins(Case.name_key, "su"), Case.status != "closed")
    written = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    async with db.read() as uow:
        plan = await uow.session.execute(text(f"EXPLAIN QUERY PLAN {written}"))
        assert "ix_cases_name_key" in str(plan.all())
