"""Migrations lead to exactly the schema that the models describe, and back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from storage.engine import make_engine
from storage.migrate import config, downgrade, upgrade
from storage.revisions import is_newest, newest, revisions
from storage.schema import MODELS, metadata
from tests.storage.postgres import PostgresServer


@pytest.fixture
def sqlite_empty(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'below' / 'empty.db'}"


@pytest.fixture
def postgres_empty(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.new_database() as url:
        yield url


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])]
)
def empty_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_empty")
    return url


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


async def _differences_at(url: str) -> list[object]:
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_differences)
    finally:
        await engine.dispose()


async def _tables_at(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_tables)
    finally:
        await engine.dispose()


async def test_migrations_lead_to_the_models(empty_url: str) -> None:
    assert await upgrade(empty_url)
    assert await _differences_at(empty_url) == []
    assert await _tables_at(empty_url) == {model.__tablename__ for model in MODELS}


async def test_the_comparison_would_notice_a_missing_column(sqlite_empty: str) -> None:
    await upgrade(sqlite_empty)
    engine = make_engine(sqlite_empty)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE people DROP COLUMN role")
    await engine.dispose()
    assert await _differences_at(sqlite_empty) != []


async def test_a_second_upgrade_does_nothing(empty_url: str) -> None:
    assert await upgrade(empty_url)
    assert not await upgrade(empty_url)


async def test_downgrade_removes_everything(empty_url: str) -> None:
    await upgrade(empty_url)
    assert await downgrade(empty_url, "base")
    assert await _tables_at(empty_url) == set()
    assert await upgrade(empty_url)


async def test_several_processes_may_upgrade_at_once(empty_url: str) -> None:
    done = await asyncio.gather(*(upgrade(empty_url) for _ in range(3)))
    assert sorted(done) == [False, False, True]
    assert await _differences_at(empty_url) == []


def test_revisions_are_numbered() -> None:
    assert newest() == "0025"


def test_the_names_of_the_files_say_what_alembic_says() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert newest() == scripts.get_current_head()
    assert revisions() == {script.revision for script in scripts.walk_revisions()}


async def test_a_database_is_newest_only_after_the_last_migration(empty_url: str) -> None:
    assert not await is_newest(empty_url)
    await upgrade(empty_url, "0024")
    assert not await is_newest(empty_url)
    await upgrade(empty_url)
    assert await is_newest(empty_url)
