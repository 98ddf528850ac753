"""Reminders: made once, claimed when due, and told what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event

from storage.db import Database
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork
from tests.storage import make
from tests.storage.make import NOW, later


async def plan(
    uow: UnitOfWork,
    key: str,
    due_at: datetime = NOW,
    reference: str | None = None,
    address: str = "p1",
) -> Reminder | None:
    talk = await make.conversation(uow, address)
    return await uow.reminders.add(
        "own", talk.person_id, talk.id, due_at, f"记得 {key}", reference, dedupe_key=key
    )


async def claim(db: Database, now: datetime, limit: int = 20) -> list[str]:
    """What waits for the people with something due, locked for a moment."""
    async with db.write() as uow:
        people = await uow.reminders.claim_people(now, limit)
        return [row.dedupe_key for row in await uow.reminders.waiting_of(people, now, now)]


async def test_the_same_reminder_is_planned_once(any_db: Database) -> None:
    async with any_db.write() as uow:
        first = await plan(uow, "a")
        assert first is not None
        assert await plan(uow, "a", later(days=1)) is None
        values = {"kind": "own", "person_id": first.person_id, "text": "", "due_at": NOW}
        values |= {"conversation_id": first.conversation_id, "status": "waiting"}
        await uow.reminders.add_each([{**values, "dedupe_key": key} for key in "ab"])
    assert sorted(await claim(any_db, NOW)) == ["a", "b"]


async def test_people_are_claimed_with_all_that_waits_for_them(any_db: Database) -> None:
    async with any_db.write() as uow:
        for key, hours, who in (("c", 3, "p1"), ("a", 1, "p1"), ("b", 2, "p2"), ("d", 9, "p3")):
            await plan(uow, key, later(hours=hours), address=who)
    assert await claim(any_db, later(hours=2), 1) == ["a"]
    assert await claim(any_db, later(hours=4)) == ["a", "b", "c"]


async def test_one_put_aside_comes_after_the_others(any_db: Database) -> None:
    async with any_db.write() as uow:
        row = await plan(uow, "a")
        assert row is not None
        uow.reminders.set_aside(row, later(minutes=5))
        await plan(uow, "b", address="p2")
    assert await claim(any_db, NOW) == ["b"]
    assert await claim(any_db, later(minutes=5)) == ["a", "b"]


async def test_what_is_done_does_not_come_again(any_db: Database) -> None:
    async with any_db.write() as uow:
        rows = [await plan(uow, key, reference="T1") for key in "abcd"]
        fired, silent, postponed, cancelled = rows
        assert fired is not None and silent is not None
        assert postponed is not None and cancelled is not None
        uow.reminders.tell(fired, 1, NOW)
        uow.reminders.drop(silent, "已退订" * 100, NOW)
        uow.reminders.put_off(postponed, later(hours=8))
    assert await claim(any_db, later(hours=7)) == ["d"]
    async with any_db.write() as uow:
        assert await uow.reminders.cancel_for("T1") == 2
        assert await uow.reminders.cancel_for("T2") == 0
    assert await claim(any_db, later(days=9)) == []
    async with any_db.read() as uow:
        found = await uow.reminders.of_person(fired.person_id)
        waiting = await uow.reminders.of_person(fired.person_id, waiting_only=True)
    assert [row.status for row in found] == ["fired", "suppressed", "cancelled", "cancelled"]
    assert found[1].reason is not None and found[1].reason.startswith("已退订")
    assert waiting == []


async def test_reminders_page_by_page(any_db: Database) -> None:
    async with any_db.write() as uow:
        rows = [await plan(uow, key, reference=key.upper()) for key in "abc"]
        assert rows[0] is not None
        person = await uow.people.get(rows[0].person_id)
        assert person is not None
        person.home_region = "152222"
        uow.reminders.tell(rows[0], 1, NOW)
        assert (await uow.reminders.get(rows[0].id, lock=True)) is rows[0]
        first, cursor = await uow.reminders.page(scope="1522", limit=2)
        rest, end = await uow.reminders.page(scope="1522", limit=2, cursor=cursor)
        assert [row.dedupe_key for row in first + rest] == ["c", "b", "a"]
        assert end is None
        assert (await uow.reminders.page(scope="1523"))[0] == []
        assert len((await uow.reminders.page(status="waiting"))[0]) == 2
        assert len((await uow.reminders.page(reference="A"))[0]) == 1


async def test_what_waits_for_some_is_found_without_looking_at_all_that_is_due(
    db: Database,
) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        seen.append((statement, parameters))

    async with db.read() as uow:
        event.listen(Engine, "before_cursor_execute", note)
        try:
            await uow.reminders.waiting_of([1, 2], NOW, NOW)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        statement, parameters = seen[-1]
        connection = await uow.session.connection()
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        assert "(person_id=? AND due_at<?)" in str(plan.all())
