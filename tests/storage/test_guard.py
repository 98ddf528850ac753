"""What keeps strangers out: counted attempts, sessions, second factors, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.db import Database
from storage.keys import Keyring
from storage.kinds import Proof
from storage.models.guard import Attempt
from tests.storage.make import NOW, later
from tests.storage.test_officers import add

QUARTER = timedelta(minutes=15)


async def try_once(db: Database, caller: str, minutes: float = 0) -> timedelta | None:
    async with db.write() as uow:
        return await uow.attempts.take(caller, later(minutes=minutes), 5, QUARTER)


async def test_a_full_measure_empties_with_time(any_db: Database) -> None:
    assert [await try_once(any_db, "王") for _ in range(6)] == [None] * 5 + [QUARTER / 5]
    assert await try_once(any_db, "李") is None
    assert await try_once(any_db, "王", 2.9) is not None
    assert await try_once(any_db, "王", 3) is None
    assert await try_once(any_db, "王", 3) is not None
    assert [await try_once(any_db, "王", 60) for _ in range(6)] == [None] * 5 + [QUARTER / 5]


async def test_a_clock_that_was_wrong_locks_nobody_out(any_db: Database) -> None:
    year = 365 * 24 * 60
    assert [await try_once(any_db, "王", year) for _ in range(6)][-1] is not None
    assert [await try_once(any_db, "王") for _ in range(6)] == [None] * 5 + [QUARTER / 5]


MINUTE, LONG = timedelta(minutes=1), timedelta(minutes=10)


async def run_over(db: Database, minutes: float = 0, longest: timedelta = LONG) -> timedelta:
    async with db.write() as uow:
        return await uow.attempts.over("话", later(minutes=minutes), 4, MINUTE, longest)


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_shared_measure_says_by_how_much_it_runs_over(
    postgres_url: str, keyring: Keyring
) -> None:
    db = await Database.open(postgres_url, keyring)
    try:
        quarter, none = MINUTE / 4, timedelta()
        assert sorted(await asyncio.gather(*(run_over(db) for _ in range(6)))) == [
            *[none] * 4,
            quarter,
            2 * quarter,
        ]
        assert await run_over(db, 1) == none, "it empties with time"
        for _ in range(60):
            last = await run_over(db, 1)
        assert last == LONG + quarter, "and runs over by so much at most"
        assert await run_over(db, -60) == none, "the clock was turned back"
        assert await run_over(db, -60, timedelta()) == none
    finally:
        await db.close()


async def test_the_embedded_database_leaves_it_to_its_process(db: Database) -> None:
    assert [await run_over(db) for _ in range(6)] == [timedelta()] * 6


async def test_many_at_once_get_no_more_than_few(any_db: Database) -> None:
    got = await asyncio.gather(*(try_once(any_db, "王") for _ in range(12)))
    assert got.count(None) == 5


async def test_being_forgotten_meanwhile_breaks_no_attempt(any_db: Database) -> None:
    async def forget() -> None:
        async with any_db.write() as uow:
            await uow.attempts.forget("王")
            await uow.attempts.forget_old(later(days=1))

    jobs = [job for _ in range(15) for job in (try_once(any_db, "王"), forget())]
    found = await asyncio.gather(*jobs)
    assert all(wait is None or isinstance(wait, timedelta) for wait in found)


async def test_no_name_is_kept_and_nothing_for_long(any_db: Database) -> None:
    await try_once(any_db, "name 王")
    async with any_db.write() as uow:
        (row,) = (await uow.session.scalars(select(Attempt))).all()
        assert "王" not in row.caller and len(row.caller) == 64
        await uow.attempts.forget_old(later(minutes=3))
        assert (await uow.session.scalars(select(Attempt))).all() == []


async def test_a_genuine_caller_begins_anew(any_db: Database) -> None:
    for _ in range(5):
        await try_once(any_db, "王")
    async with any_db.write() as uow:
        await uow.attempts.forget("王", "李")
    assert await try_once(any_db, "王") is None


async def test_a_session_is_found_by_its_secret_until_it_ends(any_db: Database) -> None:
    async with any_db.write() as uow:
        owner = await add(uow, "王")
        begin = uow.desk_sessions.begin
        tokens = [await begin(owner.id, "s", Proof.PLAIN, "Firefox", "", NOW) for _ in "abc"]
        found = await uow.desk_sessions.by_token(tokens[0])
        assert found is not None and found[1] is owner
        assert tokens[0] not in (found[0].token_hash, found[0].stamp)
        assert await uow.desk_sessions.end_all(owner.id, but=found[0].id) == 2
        assert [row.id for row in await uow.desk_sessions.of_officer(owner.id)] == [found[0].id]
        await uow.desk_sessions.touch(found[0].id, later(hours=1))
        await uow.desk_sessions.forget_old(later(hours=-1), later(minutes=59))
        assert len(await uow.desk_sessions.all()) == 1
        await uow.desk_sessions.forget_old(later(hours=-1), later(minutes=61))
        assert await uow.desk_sessions.by_token(tokens[0]) is None


async def test_a_recovery_code_works_once_and_only_for_its_owner(any_db: Database) -> None:
    async with any_db.write() as uow:
        factors, owner, other = uow.second_factors, await add(uow, "王"), await add(uow, "李")
        await factors.begin(owner.id, "SECRET", NOW)
        await factors.keep_codes(owner.id, ["abcd-efgh", "ijkl-mnop"])
        assert not await factors.use_code(other.id, "abcd-efgh", NOW)
        assert await factors.use_code(owner.id, "ABCD efgh", NOW)
        assert not await factors.use_code(owner.id, "abcd-efgh", NOW)
        assert await factors.codes_left(owner.id) == 1
        assert await factors.remove(owner.id)
        assert await factors.codes_left(owner.id) == 0
        assert not await factors.remove(owner.id)


async def test_a_confirmed_secret_is_not_replaced_and_not_readable_on_disk(
    any_db: Database,
) -> None:
    async with any_db.write() as uow:
        owner = await add(uow, "王")
        assert (await uow.second_factors.begin(owner.id, "FIRST", NOW)).secret == "FIRST"
        row = await uow.second_factors.begin(owner.id, "SECOND", NOW)
        row.confirmed_at = NOW
        await uow.session.flush()
        assert (await uow.second_factors.begin(owner.id, "THIRD", NOW)).secret == "SECOND"
        assert await uow.second_factors.with_one() == {owner.id}
        raw = await uow.session.connection()
        kept = await raw.exec_driver_sql("SELECT secret FROM second_factors")
        assert "SECOND" not in kept.scalar_one()
