"""Fixtures for every test that needs a database: `db` is SQLite, `any_db` runs on both."""

import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from storage import engine
from storage.db import Database
from storage.keys import Keyring
from tests.storage.postgres import PostgresServer, prepare, run_apart, running_server


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage at every turn takes long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def durability() -> Iterator[str]:
    """How the service writes to disk; the databases of the tests outlive no power cut."""
    with pytest.MonkeyPatch.context() as patch:
        durable = engine.SYNCHRONOUS
        patch.setattr(engine, "SYNCHRONOUS", "OFF")
        yield durable


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """A ring with one fixed key."""
    return Keyring([bytes(range(32))])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, keyring: Keyring) -> Path:
    """A migrated SQLite file, made once and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "yulu.db"
    run_apart(prepare(f"sqlite:///{path}", keyring))
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite database of this test's own."""
    path = tmp_path / "yulu.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server(keyring: Keyring) -> Iterator[PostgresServer]:
    """A real PostgreSQL, started when the first test asks for it."""
    with running_server(keyring) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    with postgres_server.migrated_database() as url:
        yield url


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow])]
)
def any_url(request: pytest.FixtureRequest) -> str:
    """A migrated database: each test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def db(sqlite_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """An open, empty SQLite database."""
    database = await Database.open(sqlite_url, keyring)
    yield database
    await database.close()


@pytest.fixture
async def any_db(any_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """An open, empty database of either kind."""
    database = await Database.open(any_url, keyring)
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command under test sets logging up for streams that end with its test."""
    yield
    structlog.reset_defaults()
