"""A rotation while other processes write, killed twice on its way: nothing is lost or shut out."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.config import Config
from bot.vault.vault import Vault, by_key
from storage.db import Database
from storage.keys import Keyring
from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.rekeying import values_by_key
from tests.backup.filled import NOW, config_of
from tests.storage.postgres import PostgresServer

OLD_ROWS = 700
PHOTOS = 60
WRITERS = ("a", "b")


@pytest.fixture
def postgres_empty(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.new_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    is_server = request.param == "postgres"
    return config_of(
        tmp_path / "data", request.getfixturevalue("postgres_empty") if is_server else ""
    )


async def prepared(config: Config) -> str:
    """A database with rows and photos under the first key; its id."""
    from bot.service.app import open_database

    db = await open_database(config)
    async with db.write() as uow:
        for number in range(OLD_ROWS):
            talk = await uow.conversations.get_or_create("web", f"old-{number}", NOW)
            talk.state = {"said": f"苏日娜 {number}"}
            person = await uow.people.get(talk.person_id)
            assert person is not None
            person.name = f"苏日娜 {number}"
    vault = Vault(config.files_dir, db.keyring)
    for number in range(PHOTOS):
        vault.keep(photo(number))
    await db.close()
    return db.keyring.current


def photo(number: int) -> bytes:
    return f"%PDF-1.4 户口本 {number}".encode()


@contextmanager
def writing(config: Config, name: str) -> Iterator[list[str]]:
    """A writer in a process of its own; afterwards, the numbers it has committed."""
    words = [sys.executable, "-m", "tests.keys.writer", config.database_url]
    process = subprocess.Popen(
        [*words, str(config.key_file), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    try:
        assert process.stdout is not None
        said.append(process.stdout.readline())  # it has begun
        yield said
    finally:
        rest, errors = process.communicate(timeout=300)
        said += rest.splitlines()
        assert process.returncode == 0, errors


def rotating(config: Config, kill_at: str = "") -> int:
    """`keys rotate` in a process of its own, killed as soon as it says this."""
    environment = {**os.environ, "DATABASE_URL": config.database.url.get_secret_value()}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "keys", "rotate", "--data", str(config.data_dir)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if kill_at and kill_at in line:
            process.send_signal(signal.SIGKILL)
    return process.wait(300)


async def assert_nothing_lost(config: Config, said: dict[str, int], first: str) -> None:
    ring = Keyring.load(None, config.key_file)
    db = await Database.open(config.database_url, ring)
    async with db.read() as uow:
        talks = (await uow.session.scalars(select(Conversation))).all()
        names = (await uow.session.scalars(select(Person.name).where(Person.id <= OLD_ROWS))).all()
    expected: dict[str, object] = {f"old-{n}": {"said": f"苏日娜 {n}"} for n in range(OLD_ROWS)}
    for name, last in said.items():
        expected[name] = {"count": last}
        expected |= {f"{name}-{n}": {"said": f"小军 {n}"} for n in range(1, last + 1)}
    assert {talk.address: dict(talk.state) for talk in talks} == expected
    assert set(names) == {f"苏日娜 {n}" for n in range(OLD_ROWS)}
    counts = await values_by_key(db)
    await db.close()
    assert ring.current != first
    assert set(counts) == {ring.current}
    vault = Vault(config.files_dir, ring)
    assert by_key(vault) == {ring.current: PHOTOS}
    assert {vault.read(path) for path in vault.paths()} == {photo(n) for n in range(PHOTOS)}


@pytest.mark.slow
def test_a_rotation_under_load_loses_nothing(config: Config) -> None:
    first = asyncio.run(prepared(config))
    with ExitStack() as stack:
        said = {name: stack.enter_context(writing(config, name)) for name in WRITERS}
        assert rotating(config, kill_at="已经写进") == -signal.SIGKILL
        assert rotating(config, kill_at="conversations") == -signal.SIGKILL
        assert rotating(config) == 0
    last = {name: int(lines[-1]) for name, lines in said.items()}
    assert min(last.values()) > 20
    asyncio.run(assert_nothing_lost(config, last, first))
