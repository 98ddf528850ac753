"""The database as a whole: transactions, versions, moments."""

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from storage import engine
from storage.db import Database
from storage.errors import NotMigrated, Stale
from storage.keys import Keyring
from storage.models.case import Case
from tests.storage import make


async def test_a_write_commits_on_normal_exit(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
    async with any_db.read() as uow:
        again = await uow.conversations.get(talk.id)
    assert again is not None
    assert again.channel == "web"


async def test_a_write_leaves_nothing_after_an_exception(any_db: Database) -> None:
    with pytest.raises(RuntimeError, match="in the middle"):
        async with any_db.write() as uow:
            await make.conversation(uow)
            raise RuntimeError("in the middle")
    async with any_db.read() as uow:
        assert await uow.conversations.find("web", "a") is None


async def test_a_change_inside_a_read_fails_instead_of_vanishing(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        async with any_db.read() as uow:
            row = await uow.conversations.get(talk.id)
            assert row is not None
            row.gone_at = make.NOW


async def test_a_connection_can_write_again_after_it_read(any_db: Database) -> None:
    for address in "abc":
        async with any_db.read() as uow:
            assert await uow.conversations.find("web", address) is None
        async with any_db.write() as uow:
            await make.conversation(uow, address)


async def test_a_task_cancelled_in_the_middle_keeps_no_lock(any_db: Database) -> None:
    async def long_work() -> None:
        async with any_db.write() as uow:
            await make.conversation(uow)
            while True:
                await uow.session.execute(text("SELECT count(*) FROM conversations"))

    for number in range(20):
        task = asyncio.create_task(long_work())
        await asyncio.sleep(0.01 + number / 1000)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5), any_db.write() as uow:
            assert await uow.conversations.find("web", "a") is None


async def test_rows_stay_readable_after_the_transaction(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
        talk.state = {"flow": "aid"}
    assert talk.state == {"flow": "aid"}
    assert talk.updated_at == make.NOW


async def test_a_top_level_change_of_state_is_noticed(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)
    async with any_db.write() as uow:
        row = await uow.conversations.lock(talk.id)
        row.state["flow"] = "dropout"
    async with any_db.read() as uow:
        again = await uow.conversations.get(talk.id)
    assert again is not None
    assert again.state == {"flow": "dropout"}


async def test_moments_come_back_aware_and_exact(any_db: Database) -> None:
    there = timezone(timedelta(hours=8))
    moment = datetime(2026, 11, 23, 0, 30, 1, 234567, tzinfo=there)
    async with any_db.write() as uow:
        talk = await uow.conversations.get_or_create("web", "a", moment)
    async with any_db.read() as uow:
        again = await uow.conversations.get(talk.id)
    assert again is not None
    assert again.updated_at == moment
    assert again.updated_at.utcoffset() == timedelta(0)


async def test_a_naive_moment_is_refused(any_db: Database) -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001
    with pytest.raises(StatementError, match="naive datetime refused"):
        async with any_db.write() as uow:
            await uow.conversations.get_or_create("web", "a", naive)


async def _file_case(db: Database) -> None:
    async with db.write() as uow:
        await uow.records.add(make.case("D26-0001-000"))


async def _the_case(db: Database) -> Case:
    async with db.read() as uow:
        row = await uow.records.get("D26-0001-000")
    assert isinstance(row, Case)
    return row


async def test_whoever_changes_an_outdated_record_is_told(any_db: Database) -> None:
    await _file_case(any_db)
    outdated = await _the_case(any_db)
    async with any_db.write() as uow:
        row = await uow.records.get("D26-0001-000", lock=True)
        assert row is not None
        row.status = "verified"
    with pytest.raises(Stale):
        async with any_db.write() as uow:
            uow.session.add(outdated)
            outdated.status = "closed"
    now = await _the_case(any_db)
    assert (now.status, now.version) == ("verified", 2)


async def test_the_version_counts_changes(any_db: Database) -> None:
    await _file_case(any_db)
    assert (await _the_case(any_db)).version == 1
    for _ in range(3):
        async with any_db.write() as uow:
            row = await uow.records.get("D26-0001-000", lock=True)
            assert row is not None
            row.ladder_level += 1
    assert (await _the_case(any_db)).version == 4


async def test_locked_changes_of_many_tasks_are_all_kept(any_db: Database) -> None:
    async with any_db.write() as uow:
        talk = await make.conversation(uow)

    async def add_one() -> None:
        async with any_db.write() as uow:
            row = await uow.conversations.lock(talk.id)
            row.state = {"count": row.state.get("count", 0) + 1}

    await asyncio.gather(*(add_one() for _ in range(10)))
    async with any_db.read() as uow:
        again = await uow.conversations.get(talk.id)
    assert again is not None
    assert again.state == {"count": 10}


async def test_locking_what_does_not_exist_says_so(any_db: Database) -> None:
    with pytest.raises(LookupError):
        async with any_db.write() as uow:
            await uow.conversations.lock(4711)


async def test_many_tasks_create_one_conversation_and_one_person(any_db: Database) -> None:
    async def meet() -> int:
        async with any_db.write() as uow:
            return (await make.conversation(uow)).id

    ids = await asyncio.gather(*(meet() for _ in range(6)))
    assert len(set(ids)) == 1
    async with any_db.read() as uow:
        people, _ = await uow.people.page()
    assert len(people) == 1


async def test_sqlite_is_set_up_to_lose_nothing(
    sqlite_url: str, keyring: Keyring, durability: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SYNCHRONOUS", durability)
    db = await Database.open(sqlite_url, keyring)
    async with db.write() as uow:
        found = {
            name: await uow.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await db.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
    }


async def test_foreign_keys_hold(any_db: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        async with any_db.write() as uow:
            await uow.outbox.add(4711, "to nobody", [], {}, make.NOW)


async def test_ids_of_deleted_rows_are_not_given_again(any_db: Database) -> None:
    async with any_db.write() as uow:
        notice_to = await uow.officers.add(name="王", role="clerk", region_code="15", now=make.NOW)
        first = await uow.notices.add(notice_to.id, None, "one", make.NOW)
        await uow.session.delete(first)
        await uow.session.flush()
        second = await uow.notices.add(notice_to.id, None, "two", make.NOW)
    assert second.id > first.id


async def test_an_empty_database_is_recognised(tmp_path: Path, keyring: Keyring) -> None:
    with pytest.raises(NotMigrated):
        await Database.open(f"sqlite:///{tmp_path / 'new.db'}", keyring)
