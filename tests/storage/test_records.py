"""Records: filed once, found by reference, person and child, and by being overdue."""

import pytest

from storage.db import Database
from storage.errors import ReferenceTaken
from storage.keys import Keyring
from storage.repositories.record_query import AnyRecord, RecordQuery
from tests.storage import make
from tests.storage.make import NOW, later


async def file(db: Database, *rows: AnyRecord) -> None:
    async with db.write() as uow:
        for row in rows:
            await uow.records.add(row)


@pytest.mark.parametrize(
    "written", ["D26-4830-215", "d26-4830-215", "D264830215", " d26 4830 215 "]
)
async def test_a_reference_is_found_however_it_is_written(any_db: Database, written: str) -> None:
    await file(any_db, make.case("D26-4830-215"), make.case("D26-4830-216"))
    async with any_db.read() as uow:
        row = await uow.records.get(written)
    assert row is not None and row.reference == "D26-4830-215"


async def test_each_kind_comes_from_its_table(any_db: Database) -> None:
    rows: list[AnyRecord] = [make.application("A1"), make.case("D1"), make.registration("T1")]
    await file(any_db, *rows)
    async with any_db.read() as uow:
        found = [await uow.records.get(row.reference) for row in rows]
        assert await uow.records.get("X1") is None
    assert [type(row) for row in found] == [type(row) for row in rows]


async def test_a_taken_reference_is_refused_and_the_transaction_goes_on(any_db: Database) -> None:
    await file(any_db, make.case("D1"))
    async with any_db.write() as uow:
        with pytest.raises(ReferenceTaken):
            await uow.records.add(make.application("d-1"))
        await uow.records.add(make.application("A1"))
    async with any_db.read() as uow:
        assert await uow.records.get("A1") is not None


async def test_a_reference_taken_meanwhile_is_refused(any_db: Database) -> None:
    row, same = make.case("D1"), make.case("D-1")
    async with any_db.write() as uow:
        await uow.records.add(row)
        blind = uow.records.get
        uow.records.get = _finds_nothing  # type: ignore[method-assign, assignment]
        with pytest.raises(ReferenceTaken):
            await uow.records.add(same)
        uow.records.get = blind  # type: ignore[method-assign]
        assert await uow.records.get("D1") is row


async def _finds_nothing(reference: str) -> None:
    """As if the other had not committed yet when we looked."""


async def test_what_a_person_filed_comes_newest_first(any_db: Database) -> None:
    async with any_db.write() as uow:
        me = (await make.conversation(uow, "a")).person_id
        other = (await make.conversation(uow, "b")).person_id
    await file(
        any_db,
        make.case("D1", person_id=me, opened_at=later(days=2)),
        make.application("A1", person_id=me, opened_at=later(days=3), status="paid"),
        make.registration("T1", person_id=me, opened_at=later(days=1)),
        make.case("E1", person_id=me, kind="escalation", status="open"),
        make.case("D2", person_id=other),
    )
    async with any_db.read() as uow:
        mine = await uow.records.of_person(me)
        open_ones = await uow.records.of_person(me, open_only=True)
        some = await uow.records.of_person(me, ("dropout_case", "aid_application"))
    assert [row.reference for row in mine] == ["A1", "D1", "T1", "E1"]
    assert [row.reference for row in open_ones] == ["D1", "T1", "E1"]
    assert [row.reference for row in some] == ["A1", "D1"]


async def test_the_same_child_is_an_open_record_of_that_name_and_place(any_db: Database) -> None:
    same = {"name_key": "surina", "region_code": "152222103201"}
    await file(
        any_db,
        make.case("D1", **same),
        make.case("D2", **{**same, "status": "closed"}),
        make.case("D3", **{**same, "name_key": "surin"}),
        make.case("D4", **{**same, "region_code": "152223000000"}),
        make.case("E1", **{**same, "kind": "escalation", "status": "open"}),
        make.application("A1", **same),
    )
    async with any_db.read() as uow:
        found = await uow.records.same_child("dropout_case", "surina", "152222000000")
    assert [row.reference for row in found] == ["D1"]


async def test_overdue_records_are_open_and_the_longest_waiting_come_first(
    any_db: Database,
) -> None:
    await file(
        any_db,
        make.case("D1", due_at=later(hours=2)),
        make.application("A1", due_at=later(hours=1)),
        make.registration("T1", due_at=later(hours=3)),
        make.case("D2", due_at=later(hours=1), status="closed"),
        make.case("D3"),
    )
    async with any_db.read() as uow:
        all_due = await uow.records.overdue(later(hours=2), 10)
        first = await uow.records.overdue(later(hours=9), 1)
    assert [row.reference for row in all_due] == ["A1", "D1"]
    assert [row.reference for row in first] == ["A1"]


async def test_a_reporter_is_kept_apart(any_db: Database) -> None:
    row, anonymous = make.case("D1"), make.case("D2")
    await file(any_db, row, anonymous)
    async with any_db.write() as uow:
        await uow.records.add_reporter(row, "乌兰", "15247900000")
    async with any_db.read() as uow:
        reporter = await uow.records.reporter(row)
        assert await uow.records.reporter(anonymous) is None
    assert reporter is not None
    assert (reporter.name, reporter.phone) == ("乌兰", "15247900000")


async def test_a_record_knows_whether_somebody_must_act() -> None:
    assert make.case("D1").is_open
    assert not make.case("D1", status="closed").is_open


async def test_slots_survive_with_all_json_types(any_db: Database) -> None:
    slots = {"age": 14, "hardship": ["dibao"], "consent": True, "annual_income": None}
    await file(any_db, make.application("A1", slots=slots, level_reasons=["低保"]))
    async with any_db.write() as uow:
        row = await uow.records.get("A1", lock=True)
        assert row is not None and row.slots == slots
        row.slots["age"] = 15
    async with any_db.read() as uow:
        (again,), _ = await uow.records.page(RecordQuery(reference="a1"))
    assert again.slots["age"] == 15
    assert again.updated_at == NOW


@pytest.mark.postgres
async def test_a_locked_row_is_read_anew(postgres_url: str, keyring: Keyring) -> None:
    """Only PostgreSQL lets another write in between; on SQLite the second writer waits."""
    db = await Database.open(postgres_url, keyring)
    async with db.write() as uow:
        talk = await make.conversation(uow)
        await uow.records.add(make.case("D1"))
    async with db.write() as uow:
        case = await uow.records.get("D1")
        seen = await uow.conversations.get(talk.id)
        assert case is not None and seen is not None
        async with db.write() as other:
            (await other.conversations.lock(talk.id)).officer_reference = "D1"
            changed = await other.records.get("D1", lock=True)
            assert changed is not None
            changed.status = "verified"
        assert (case.status, seen.officer_reference) == ("reported", None)
        assert await uow.records.get("D1", lock=True) is case
        assert await uow.conversations.lock(talk.id) is seen
        assert (case.status, seen.officer_reference) == ("verified", "D1")
    await db.close()
