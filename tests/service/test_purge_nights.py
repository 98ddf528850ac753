"""The purge goes a bit at a time: it may be cut off, shared and put off, and nothing is missed."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.retention import step as steps
from bot.workers import retention
from bot.workers.events import Rules
from bot.workers.retention import purge_at_night, purge_old
from bot.workers.tick import tick
from storage.db import Database
from storage.models.audit import AuditEntry
from storage.models.message import InboxMessage
from storage.models.purge import Purge
from tests.service import support as s

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
OLD = s.NOW - 800 * DAY
MANY = 450


async def heard(db: Database, many: int, at: datetime = OLD, first: int = 0) -> None:
    who = await s.person(db)
    async with db.write() as uow:
        for number in range(first, first + many):
            key = f"m{number}"
            await uow.inbox.accept(who.conversation_id, "web", key, {"text": "话"}, at, at, at)
            row = await uow.inbox.by_external("web", key)
            assert row is not None
            await uow.inbox.mark_handled(row, at)


async def with_words(db: Database) -> int:
    async with db.read() as uow:
        return sum(bool(row.payload) for row in await uow.session.scalars(select(InboxMessage)))


async def ledger(db: Database, name: str = "inbox") -> tuple[int, date | None, bool]:
    async with db.read() as uow:
        row = await uow.session.scalar(select(Purge).where(Purge.step == name))
        assert row is not None
        return row.count, row.oldest, row.done_at is not None


async def audited(db: Database) -> list[dict[str, Any]]:
    async with db.read() as uow:
        found = select(AuditEntry).where(AuditEntry.action == "retention").order_by(AuditEntry.id)
        return [dict(row.detail or {}) for row in await uow.session.scalars(found)]


async def test_a_night_is_audited_table_by_table(any_db: Database) -> None:
    await heard(any_db, 3)
    await purge_old(any_db, s.NOW)
    (night,) = await audited(any_db)
    assert night == {"counts": {"inbox": 3}, "oldest": {"inbox": "2024-09-14"}}
    assert await ledger(any_db) == (3, date(2024, 9, 14), True)


async def test_each_transaction_is_short(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await heard(db, MANY)
    sizes: list[int] = []
    took = retention._some

    async def watched(*given: Any) -> bool:
        if given[1].name == "inbox":
            sizes.append(len(given[3]))
        return await took(*given)

    monkeypatch.setattr(retention, "_some", watched)
    await purge_old(db, s.NOW)
    assert sizes == [steps.AT_ONCE, steps.AT_ONCE, MANY - 2 * steps.AT_ONCE]


@pytest.mark.parametrize("parts", [1, 2])
async def test_one_that_is_cut_off_goes_on(
    any_db: Database, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    await heard(any_db, MANY)
    took, left = retention._some, [parts]

    async def dying(*given: Any) -> bool:
        if not left[0]:
            raise asyncio.CancelledError
        left[0] -= given[1].name == "inbox"
        return await took(*given)

    with monkeypatch.context() as patch:
        patch.setattr(retention, "_some", dying)
        with pytest.raises(asyncio.CancelledError):
            await purge_old(any_db, s.NOW)
    assert await with_words(any_db) == MANY - parts * steps.AT_ONCE
    assert await audited(any_db) == []
    events = await purge_old(any_db, s.NOW + timedelta(minutes=5))
    assert [event.text for event in events] == [f"清理过期的来信{MANY}份"]
    assert await with_words(any_db) == 0
    assert await purge_old(any_db, s.NOW + timedelta(minutes=6)) == []


async def test_who_dies_inside_a_transaction_has_done_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await heard(db, 3)

    async def dying(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr("storage.repositories.purges.Purges.note", dying)
        with pytest.raises(asyncio.CancelledError):
            await purge_old(db, s.NOW)
    assert (await with_words(db), await ledger(db)) == (3, (0, None, False))
    await purge_old(db, s.NOW)
    assert (await with_words(db), (await ledger(db))[0]) == (0, 3)


async def test_several_processes_share_a_night(any_db: Database) -> None:
    await heard(any_db, MANY)
    done = await asyncio.gather(*(purge_old(any_db, s.NOW) for _ in range(3)))
    while not any(done):  # all stood back for each other: the next tick goes on
        done = [await purge_old(any_db, s.NOW)]
    assert sum(len(events) for events in done) == 1
    assert (await with_words(any_db), (await ledger(any_db))[0]) == (0, MANY)
    assert len(await audited(any_db)) == 1


async def test_a_tick_spends_only_so_long_on_it(db: Database) -> None:
    await heard(db, MANY)
    hurried = Rules(purge_seconds=0)
    left = [MANY]
    while not await purge_old(db, s.NOW, hurried):
        left.append(await with_words(db))
    some = steps.AT_ONCE
    assert left == [MANY, MANY, MANY - some, MANY - 2 * some, 0]  # the drafts came first


@pytest.mark.parametrize(
    ("clock", "last", "runs"),
    [
        ("2026-11-23T01:30", "2026-11-22", True),
        ("2026-11-23T01:30", "2026-11-23", False),
        ("2026-11-23T10:00", "2026-11-22", False),
        ("2026-11-23T10:00", "2026-11-21", True),  # the machine is off at night
        ("2026-11-23T10:00", None, True),
    ],
)
async def test_it_runs_at_night_unless_a_night_was_missed(
    db: Database, clock: str, last: str | None, runs: bool
) -> None:
    now = datetime.fromisoformat(f"{clock}+08:00").astimezone(UTC)
    if last is not None:
        async with db.write() as uow:
            day = date.fromisoformat(last)
            await uow.purges.begin(day, now - 9 * DAY, {"inbox": OLD - DAY})
            assert await uow.purges.finish(day, now)
    await heard(db, 1)
    await purge_at_night(db, now)
    assert await with_words(db) == (0 if runs else 1)


async def test_a_shorter_period_reaches_what_the_longer_one_left(db: Database) -> None:
    await heard(db, 1, s.NOW - 400 * DAY)
    await purge_old(db, s.NOW)
    assert await with_words(db) == 1
    await purge_old(db, s.NOW + DAY, Rules(messages=365 * DAY))
    assert await with_words(db) == 0


async def test_a_rehearsal_of_the_night_leaves_everything(db: Database) -> None:
    await heard(db, 2)
    events = await tick(db, s.NOW, dry_run=True)
    assert "清理过期的来信2份" in [event.text for event in events]
    assert await with_words(db) == 2
    async with db.read() as uow:
        assert await uow.session.scalar(select(func.count(Purge.id))) == 0
