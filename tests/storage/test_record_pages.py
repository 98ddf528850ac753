"""Pages of records: every filter, the officer's scope, and cursors that miss nothing."""

import base64

import pytest

from storage.db import Database
from storage.errors import BadCursor
from storage.kinds import RecordKind
from storage.repositories.record_query import KINDS, RecordQuery
from tests.storage import make
from tests.storage.make import NOW, later

BANNER, TOWN, VILLAGE = "152222", "152222103", "152222103201"


FILTERS = [
    (RecordQuery(), "T1 A2 A1 E1 D2 D1"),
    (RecordQuery(oldest_first=True), "D1 D2 E1 A1 A2 T1"),
    (RecordQuery(reference="d-1"), "D1"),
    (RecordQuery(kinds=("dropout_case",)), "D2 D1"),
    (RecordQuery(kinds=("dropout_case", "escalation")), "E1 D2 D1"),
    (RecordQuery(kinds=("aid_application", "training_registration")), "T1 A2 A1"),
    (RecordQuery(kinds=("unheard_of",)), ""),
    (RecordQuery(type="emergency"), "E1"),
    (RecordQuery(statuses=("closed", "booked")), "T1 D2"),
    (RecordQuery(open_only=True), "T1 A2 A1 E1 D1"),
    (RecordQuery(region=BANNER), "T1 A1 D1"),
    (RecordQuery(region="152222000000"), "T1 A1 D1"),
    (RecordQuery(region=TOWN), "T1 D1"),
    (RecordQuery(region="152200"), "T1 A2 A1 D2 D1"),
    (RecordQuery(scope="150000"), "T1 A2 A1 E1 D2 D1"),
    (RecordQuery(scope="1522"), "T1 A2 A1 D2 D1"),
    (RecordQuery(scope=BANNER, region="1522"), "T1 A1 D1"),
    (RecordQuery(scope="152223", region=BANNER), ""),
    (RecordQuery(scope=""), ""),
    (RecordQuery(scope="000000"), ""),
    (RecordQuery(scope="%"), ""),
    (RecordQuery(unassigned=True, kinds=("aid_application",)), "A1"),
    (RecordQuery(overdue=later(hours=4)), "E1"),
    (RecordQuery(overdue=later(hours=3)), ""),
    (RecordQuery(on_time=later(hours=4)), "T1 A2 A1 D2 D1"),
    (RecordQuery(on_time=later(hours=3)), "T1 A2 A1 E1 D2 D1"),
    (RecordQuery(name_keys=("Sur",)), ""),
    (RecordQuery(name_keys=("surinaa", "sur_n")), "T1"),
    (RecordQuery(updated_since=later(hours=5)), "T1 A2"),
    (RecordQuery(name_keys=("sur",)), "T1 D1"),
    (RecordQuery(name_keys=("sur_",)), "T1"),
    (RecordQuery(limit=2), "T1 A2"),
]


async def _fill(db: Database) -> tuple[int, str]:
    """Six records; the id of their officer and the hash of a phone."""
    async with db.write() as uow:
        officer = await uow.officers.add(name="王", role="clerk", region_code="15", now=NOW)
        hash = uow.keyring.blind("15247900000")
        for row in (
            make.case("D1", region_code=VILLAGE, updated_at=later(hours=1), name_key="surina"),
            make.case("D2", region_code="152223000000", updated_at=later(hours=2), status="closed"),
            make.case(
                "E1",
                kind="escalation",
                type="emergency",
                status="open",
                updated_at=later(hours=3),
                due_at=later(hours=4),
            ),
            make.application("A1", region_code=BANNER, updated_at=later(hours=4), phone_hash=hash),
            make.application(
                "A2", region_code="152201", updated_at=later(hours=5), assigned_to_id=officer.id
            ),
            make.registration("T1", region_code=TOWN, updated_at=later(hours=6), name_key="sur_na"),
        ):
            await uow.records.add(row)
        return officer.id, hash


async def _found(db: Database, query: RecordQuery) -> str:
    async with db.read() as uow:
        rows, _ = await uow.records.page(query)
    return " ".join(row.reference for row in rows)


async def test_filters(any_db: Database) -> None:
    await _fill(any_db)
    found = [(query, await _found(any_db, query)) for query, _ in FILTERS]
    assert found == FILTERS


async def test_filters_by_officer_and_phone(any_db: Database) -> None:
    officer, hash = await _fill(any_db)
    assert await _found(any_db, RecordQuery(assigned_to=officer)) == "A2"
    assert await _found(any_db, RecordQuery(phone_hash=hash)) == "A1"
    assert await _found(any_db, RecordQuery(phone_hash=hash, name_keys=("surina",))) == "A1 D1"


async def test_page_after_page_shows_each_record_once(any_db: Database) -> None:
    async with any_db.write() as uow:
        for number in range(5):  # many at the same moment, in three tables
            at = later(minutes=number // 3)
            await uow.records.add(make.case(f"D{number}", updated_at=at))
            await uow.records.add(make.application(f"A{number}", updated_at=at))
            await uow.records.add(make.registration(f"T{number}", updated_at=at))
    for limit in (1, 2, 3, 20):
        for oldest_first in (False, True):
            await _turn_pages(any_db, limit, oldest_first)


async def _turn_pages(db: Database, limit: int, oldest_first: bool) -> None:
    seen: list[str] = []
    moments = []
    cursor = None
    async with db.read() as uow:
        while True:
            query = RecordQuery(cursor=cursor, limit=limit, oldest_first=oldest_first)
            rows, cursor = await uow.records.page(query)
            assert len(rows) <= limit
            seen += [row.reference for row in rows]
            moments += [row.updated_at for row in rows]
            if cursor is None:
                break
    assert len(seen) == len(set(seen)) == 15
    assert moments == sorted(moments, reverse=not oldest_first)


async def test_a_page_has_at_most_200_records(any_db: Database) -> None:
    async with any_db.write() as uow:
        uow.session.add_all(make.case(f"D{number}") for number in range(201))
    async with any_db.read() as uow:
        rows, cursor = await uow.records.page(RecordQuery(limit=100_000))
        rest, end = await uow.records.page(RecordQuery(limit=0, cursor=cursor))
    assert (len(rows), len(rest), end) == (200, 1, None)


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "早",
        _cursor("[]"),
        _cursor("{}"),
        _cursor('["yesterday",0,1]'),
        _cursor('["2026-11-23T00:00:00",0,1]'),
        _cursor('["2026-11-23T00:00:00+00:00",0,"1"]'),
        _cursor("not json"),
    ],
)
async def test_a_bad_cursor_is_refused(db: Database, cursor: str) -> None:
    async with db.read() as uow:
        with pytest.raises(BadCursor):
            await uow.records.page(RecordQuery(cursor=cursor))
        with pytest.raises(BadCursor):
            await uow.audit.page(cursor=cursor)


def test_every_kind_has_a_table() -> None:
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(RecordKind)
