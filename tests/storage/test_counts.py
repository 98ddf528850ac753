"""Numbers for reports: counted by the database on either one, only inside the place."""

from sqlalchemy import func, select
from sqlalchemy.dialects import sqlite

from storage.db import Database
from storage.models.case import Case
from storage.repositories.counted import NONE, Cut
from storage.repositories.record_query import RecordQuery
from storage.unindexed import Unindexed
from tests.storage import make
from tests.storage.make import later

AID = ("aid_application",)
DROPOUT = ("dropout_case",)
EVERYWHERE = ("15",)


async def test_records_are_counted_by_what_is_asked(any_db: Database) -> None:
    async with any_db.write() as uow:
        uow.session.add_all(
            [
                make.application("A1", region_code="152222", stage="primary", level="special"),
                make.application("A2", region_code="152222103201", stage="primary"),
                make.application("A3", region_code="150422", stage="junior", status="paid"),
                make.application("A4", stage="junior", opened_at=later(days=10)),
            ]
        )
    async with any_db.read() as uow:
        november = RecordQuery(kinds=AID, cut=Cut("2026-11", "2026-11"))
        counts = uow.counts
        assert await counts.tally(november, EVERYWHERE, ("banner", "level")) == {
            ("152222", "special"): 1,
            ("152222", None): 1,
            ("150422", None): 1,
        }
        assert await counts.tally(november, ("1522",), ("stage",)) == {("primary",): 2}
        both = RecordQuery(kinds=AID, cut=Cut("2026-11", "2026-12"))
        assert await counts.tally(both, EVERYWHERE, ("month",)) == {
            ("2026-11",): 3,
            ("2026-12",): 1,
        }


async def test_the_month_is_that_of_the_office(any_db: Database) -> None:
    # 16:30 on the last of November in UTC is already December in Shanghai.
    late = make.NOW.replace(day=30, hour=16, minute=30)
    assert make.application("A1", opened_at=late).opened_month == "2026-12"


async def test_cuts_find_the_same_rows_that_were_counted(any_db: Database) -> None:
    rows = [
        make.application("A1", stage="primary", level="special", acted_at=make.NOW),
        make.application("A2", stage="primary", status="paid", closed_at=later(days=1)),
        make.application("A3", stage="junior", ladder_level=2),
    ]
    async with any_db.write() as uow:
        uow.session.add_all(rows)
    cuts = {
        "A1": Cut(level="special"),
        "A2": Cut(is_closed=True),
        "A3": Cut(ladder=2),
        "A1 A2": Cut(stage="primary"),
        "A2 A3": Cut(level=NONE),
        "A2 ": Cut(closed_since=make.NOW, closed_before=later(days=2)),
        " A2 A3": Cut(is_acted=False),
    }
    async with any_db.read() as uow:
        for wanted, cut in cuts.items():
            found, _ = await uow.records.page(RecordQuery(kinds=AID, cut=cut))
            assert sorted(row.reference for row in found) == wanted.split()


async def test_waits_are_counted_in_hours_and_then_in_days(any_db: Database) -> None:
    waits = {"1": 0, "2": 1, "3": 60, "4": 61, "5": 48 * 60, "6": 48 * 60 + 1, "7": 72 * 60 + 1}
    async with any_db.write() as uow:
        uow.session.add_all(
            make.case(f"D{n}", region_code="152222", acted_at=later(minutes=wait))
            for n, wait in waits.items()
        )
        uow.session.add(make.case("D99", region_code="152222"))
        uow.session.add(make.case("D98", region_code="150422", closed_at=later(days=1)))
    async with any_db.read() as uow:
        spans, query = uow.counts.spans, RecordQuery(kinds=DROPOUT)
        acted = await spans(query, EVERYWHERE, "banner", "acted_minutes")
        closed = await spans(query, EVERYWHERE, "banner", "closed_minutes")
    assert acted == {
        ("152222", hours): many
        for hours, many in ((0, 1), (1, 2), (2, 1), (48, 1), (72, 1), (96, 1))
    }
    assert closed == {("150422", 24): 1}


async def test_a_reopened_record_has_no_length(any_db: Database) -> None:
    row = make.case("D1", closed_at=later(days=1))
    assert row.closed_minutes == 1440
    row.closed_at = None
    assert row.closed_minutes is None


async def test_acts_are_counted_by_who_did_them(any_db: Database) -> None:
    async with any_db.write() as uow:
        for region, actor in (("152222", "officer"), ("152222", "system"), ("150422", "officer")):
            at = make.NOW
            await uow.audit.add(at, actor, 1, "escalate", "D1", region_code=region)  # type: ignore[arg-type]
        await uow.audit.add(later(days=40), "officer", 1, "escalate", "D1", region_code="152222")
    async with any_db.read() as uow:
        found = await uow.counts.actions(["escalate"], make.NOW, later(days=30), ("1522",))
    assert found == {("escalate", "officer"): 1, ("escalate", "system"): 1}


async def test_a_status_is_counted_out_of_the_counting_index(db: Database) -> None:
    wanted = select(func.count()).where(
        Case.kind == "dropout_case",
        Case.opened_month <= "2026-11",
        Unindexed(Case.status).in_(["reported", "contested"]),
    )
    text = str(wanted.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    async with db.read() as uow:
        connection = await uow.session.connection()
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")).all()
    assert "USING COVERING INDEX ix_cases_counted" in str(plan)
