"""Reminders: made once, claimed when due, and told what became of them."""

from datetime import datetime

from storage.db import Database
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork
from tests.storage import make
from tests.storage.make import LEASE, NOW, later


async def plan(
    uow: UnitOfWork, key: str, due_at: datetime = NOW, reference: str | None = None
) -> Reminder | None:
    talk = await make.conversation(uow)
    return await uow.reminders.add(
        "own", talk.person_id, talk.id, due_at, f"记得 {key}", reference, dedupe_key=key
    )


async def claim(db: Database, now: datetime, limit: int = 20) -> list[str]:
    async with db.write() as uow:
        return [row.dedupe_key for row in await uow.reminders.claim_due(now, LEASE, limit)]


async def test_the_same_reminder_is_planned_once(any_db: Database) -> None:
    async with any_db.write() as uow:
        assert await plan(uow, "a") is not None
        assert await plan(uow, "a", later(days=1)) is None
    assert await claim(any_db, NOW) == ["a"]


async def test_due_reminders_are_claimed_the_longest_due_first(any_db: Database) -> None:
    async with any_db.write() as uow:
        for key, hours in (("c", 3), ("a", 1), ("b", 2)):
            await plan(uow, key, later(hours=hours))
    async with any_db.read() as uow:
        looked_at = [row.dedupe_key for row in await uow.reminders.due(later(hours=2), 10)]
    assert looked_at == ["a", "b"]
    assert await claim(any_db, later(hours=2), 1) == ["a"]
    assert await claim(any_db, later(hours=2)) == ["b"]
    assert await claim(any_db, later(hours=2)) == []
    assert await claim(any_db, later(hours=2, minutes=1)) == ["a", "b"]


async def test_what_is_done_does_not_come_again(any_db: Database) -> None:
    async with any_db.write() as uow:
        rows = [await plan(uow, key, reference="T1") for key in "abcd"]
        fired, silent, postponed, cancelled = rows
        assert fired is not None and silent is not None
        assert postponed is not None and cancelled is not None
        await uow.reminders.mark_fired(fired, NOW)
        await uow.reminders.suppress(silent, "已退订" * 100, NOW)
        await uow.reminders.postpone(postponed, later(hours=8))
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
        await uow.reminders.mark_fired(rows[0], NOW)
        assert (await uow.reminders.get(rows[0].id, lock=True)) is rows[0]
        first, cursor = await uow.reminders.page(scope="1522", limit=2)
        rest, end = await uow.reminders.page(scope="1522", limit=2, cursor=cursor)
        assert [row.dedupe_key for row in first + rest] == ["c", "b", "a"]
        assert end is None
        assert (await uow.reminders.page(scope="1523"))[0] == []
        assert len((await uow.reminders.page(status="waiting"))[0]) == 2
        assert len((await uow.reminders.page(reference="A"))[0]) == 1
