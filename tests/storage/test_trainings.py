"""Training sessions: imported twice without change, found by place and day, booked by seats."""

from datetime import date
from typing import Any

from storage.db import Database
from storage.repositories.trainings import Standing, TrainingQuery
from storage.uow import UnitOfWork
from tests.storage import make

BANNER = "152222"


def values(key: str, **other: Any) -> dict[str, Any]:
    """An imported row."""
    basic = {"source_key": key, "reference": f"S26-{key}", "title": f"普通话 {key}"}
    return {**basic, "starts_on": date(2026, 12, 1), "region_code": BANNER, **other}


async def found(uow: UnitOfWork, **query: Any) -> str:
    rows = await uow.trainings.search(TrainingQuery(**query))
    return " ".join(row.source_key for row in rows)


async def test_the_same_row_twice_is_one_session_that_keeps_its_reference(any_db: Database) -> None:
    async with any_db.write() as uow:
        first, new = await uow.trainings.upsert(values("1", seats=20))
    async with any_db.write() as uow:
        again, new_again = await uow.trainings.upsert(values("1", seats=30, reference="S26-9"))
    assert (new, new_again) == (True, False)
    assert (again.id, again.reference, again.seats) == (first.id, "S26-1", 30)
    async with any_db.read() as uow:
        assert [row.seats for row in (await uow.trainings.page())[0]] == [30]


async def test_search(any_db: Database) -> None:
    async with any_db.write() as uow:
        for row in (
            values("town", region_code="152222103", level="初级", mode="面授"),
            values("late", starts_on=date(2026, 12, 24), apply_by=date(2026, 12, 5)),
            values("far", region_code="150102", audience="教师", starts_on=date(2026, 11, 30)),
            values("online", region_code=None, mode="线上"),
        ):
            await uow.trainings.upsert(row)
        assert await found(uow) == "far town online late"
        assert await found(uow, region_prefixes=[BANNER]) == "town late"
        assert await found(uow, region_prefixes=["152222103000", "1501"]) == "far town"
        assert await found(uow, region_prefixes=["150000"]) == "far town online late"
        assert await found(uow, on_or_after=date(2026, 12, 1)) == "town online late"
        assert await found(uow, level="初级") == "town"
        assert await found(uow, mode="线上") == "online"
        assert await found(uow, audience="教师") == "far"
        assert await found(uow, open_for_registration_on=date(2026, 12, 1)) == "town online late"
        assert await found(uow, open_for_registration_on=date(2026, 12, 5)) == "late"
        assert await found(uow, open_for_registration_on=date(2026, 12, 6)) == ""
        assert await found(uow, limit=1) == "far"


async def test_places_and_the_waiting_list(any_db: Database) -> None:
    async with any_db.write() as uow:
        session, _ = await uow.trainings.upsert(values("1"))
        other, _ = await uow.trainings.upsert(values("2"))
        statuses = ("booked", "waitlisted", "cancelled", "booked", "waitlisted")
        for number, status in enumerate(statuses):
            row = make.registration(f"T{number}", session_id=session.id, status=status)
            await uow.records.add(row)
        await uow.records.add(make.registration("T9", session_id=other.id))
        assert await uow.trainings.next_waiting(other.id, 2) is None
        assert [await uow.trainings.booked(one.id) for one in (session, other)] == [2, 1]
        assert await uow.trainings.taken(session.id) == 2
        assert len(await uow.trainings.registrations(session.id)) == 5
        standing = await uow.trainings.standing([session.id, other.id])
        assert standing == {session.id: Standing(2, 2), other.id: Standing(1)}
        assert await uow.trainings.standing([]) == {}


async def test_a_session_is_found_by_reference_and_id(any_db: Database) -> None:
    async with any_db.write() as uow:
        row, _ = await uow.trainings.upsert(values("1"))
        assert await uow.trainings.get("s261", lock=True) == row
        assert await uow.trainings.by_id(row.id, lock=True) == row
        assert await uow.trainings.get("S26-2") is None


async def test_sessions_page_by_page(any_db: Database) -> None:
    async with any_db.write() as uow:
        for number in range(3):
            await uow.trainings.upsert(values(str(number)))
        await uow.trainings.upsert(values("far", region_code="150102"))
        first, cursor = await uow.trainings.page(region=BANNER, limit=2)
        rest, end = await uow.trainings.page(region=BANNER, limit=2, cursor=cursor)
    assert [row.source_key for row in first + rest] == ["2", "1", "0"]
    assert end is None
