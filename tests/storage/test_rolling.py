"""Processes of two versions at one database: the schema only grows, the older one goes on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import migrate
from storage.db import Database
from storage.engine import make_engine
from storage.errors import KeyProblem
from storage.keys import Keyring
from storage.migrate import SchemaBusy, downgrade, upgrade
from storage.revisions import newest
from tests.storage import make
from tests.storage.additive import complaints
from tests.storage.postgres import PostgresServer

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"
SINCE = "0019"
"""From here on processes of two versions may run beside each other."""


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(VERSIONS.glob("[0-9]*.py")) if path.name[:4] >= SINCE],
    ids=lambda path: path.stem,
)
def test_migrations_only_add(path: Path) -> None:
    assert complaints(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_column("people", "name")',
        'op.drop_table("people")',
        'op.alter_column("people", "name", nullable=False)',
        'op.rename_table("people", "persons")',
        'op.create_unique_constraint("uq", "people", ["name"])',
        'op.create_index("ix", "people", ["name"], unique=True)',
        'op.add_column("people", sa.Column("x", sa.Integer(), nullable=False))',
        'op.execute("ALTER TABLE people DROP COLUMN name")',
        'op.execute(sa.text("DELETE FROM people"))',
        'with op.batch_alter_table("people") as batch:\n        batch.drop_column("name")',
    ],
)
def test_what_takes_away_is_noticed(line: str) -> None:
    assert complaints(f"def upgrade() -> None:\n    {line}\n")


@pytest.mark.parametrize(
    "line",
    [
        'op.add_column("people", sa.Column("x", sa.Integer(), nullable=True))',
        'op.add_column("a", sa.Column("x", sa.Integer(), server_default="0", nullable=False))',
        'op.create_index("ix", "people", ["name"])',
        'op.create_table("t", sa.Column("id", ID, nullable=False))\n'
        '    op.create_index("ix", "t", ["id"], unique=True)',
        'op.execute("UPDATE people SET x = 1")',
    ],
)
def test_what_adds_is_let_pass(line: str) -> None:
    assert complaints(f"def upgrade() -> None:\n    {line}\n") == []


async def change(url: str, *statements: str) -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def test_an_older_program_runs_on_a_newer_schema(any_url: str, keyring: Keyring) -> None:
    """Taken back in the middle of an upgrade it starts, reads and writes, and changes no schema."""
    await change(
        any_url,
        "CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY)",
        "ALTER TABLE people ADD COLUMN of_tomorrow INTEGER",
        "ALTER TABLE inbox ADD COLUMN of_tomorrow INTEGER DEFAULT 0 NOT NULL",
        "UPDATE alembic_version SET version_num = '9999'",
    )
    try:
        assert not await upgrade(any_url)
        db = await Database.open(any_url, keyring)
        assert await make.messages(db, "您好")
        async with db.write() as uow:
            assert await uow.inbox.claim_next(make.NOW, make.LEASE)
        await db.close()
    finally:
        await change(
            any_url,
            "DROP TABLE of_tomorrow",
            "ALTER TABLE people DROP COLUMN of_tomorrow",
            "ALTER TABLE inbox DROP COLUMN of_tomorrow",
            f"UPDATE alembic_version SET version_num = '{newest()}'",
        )


@pytest.fixture
def older_url(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.new_database() as url:
        yield url


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_newer_process_starts_while_an_older_one_writes(
    older_url: str, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgrade(older_url)
    await downgrade(older_url, SINCE)
    older = make_engine(older_url)
    written, stop = 0, asyncio.Event()

    async def write() -> None:
        nonlocal written
        while not stop.is_set():
            async with older.begin() as connection:
                await connection.execute(
                    text(
                        "INSERT INTO people (created_at, language, reminders_on)"
                        " VALUES (now(), 'zh', true)"
                    )
                )
            written += 1

    writers = [asyncio.create_task(write()) for _ in range(3)]
    await asyncio.sleep(0.2)
    assert sum(await asyncio.gather(upgrade(older_url), upgrade(older_url))) == 1
    before = written
    await asyncio.sleep(0.2)
    stop.set()
    await asyncio.gather(*writers)
    assert written > before > 0
    db = await Database.open(older_url, keyring)
    await db.close()
    await older.dispose()


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_table_in_long_use_delays_the_upgrade_and_nobody_else(
    older_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrate, "TRIES", 1)
    await upgrade(older_url)
    await downgrade(older_url, "0017")
    older = make_engine(older_url)
    async with older.begin() as connection:
        await connection.execute(text("LOCK TABLE reminders IN ROW EXCLUSIVE MODE"))
        with pytest.raises(SchemaBusy, match="过一会儿再试"):
            await upgrade(older_url)
    assert await upgrade(older_url)
    await older.dispose()


async def test_two_first_starts_agree_on_one_key(any_url: str, keyring: Keyring) -> None:
    await change(any_url, "DELETE FROM key_check")
    rings = [Keyring([bytes([number]) * 32]) for number in range(4)]
    opened = await asyncio.gather(
        *(Database.open(any_url, ring) for ring in rings), return_exceptions=True
    )
    try:
        refused = [each for each in opened if isinstance(each, BaseException)]
        assert len(refused) == 3
        for complaint in refused:
            assert isinstance(complaint, KeyProblem)
            assert "YULU_KEY" in str(complaint)
    finally:
        for each in opened:
            if isinstance(each, Database):
                await each.close()
        await change(any_url, "DELETE FROM key_check")
        await (await Database.open(any_url, keyring)).close()


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_statement_that_takes_too_long_is_ended(
    postgres_url: str, keyring: Keyring
) -> None:
    db = await Database.open(postgres_url, keyring)
    async with db.read() as uow:
        told = [
            await uow.session.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "idle_in_transaction_session_timeout")
        ]
    await db.close()
    assert told == ["1min", "5min"]
