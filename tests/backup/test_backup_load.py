"""A backup while others write is one moment: all that was told before it, no half of anything."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.backup.reading import keys_for
from bot.backup.restoring import restore
from bot.backup.seal import Lock, Opener, new_pair
from bot.backup.taking import take
from bot.config import Config
from bot.service.app import open_database
from storage.keys import Keyring
from storage.models.audit import AuditEntry
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from tests.backup.filled import NOW, config_of, quiet
from tests.storage.postgres import PostgresServer

WRITERS = ("a", "b", "c")
BEFORE = 40
"""Every writer has so many turns behind it when the backup begins."""


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


def begin(config: Config, name: str) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "tests.backup.writer", config.database_url]
    return subprocess.Popen(
        [*words, str(config.key_file), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: "subprocess.Popen[str]", count: int = 0) -> list[int]:
    """The numbers that a writer told of: the next ones, or all that are left at its end."""
    assert process.stdout is not None
    if count:
        return [int(process.stdout.readline()) for _ in range(count)]
    rest, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return [int(line) for line in rest.splitlines()]


async def turns(config: Config) -> dict[str, list[set[int]]]:
    """Which turns of each writer there are: in its counter, the inbox, the outbox, the log."""
    db = await open_database(config)
    found = {name: [set[int](), set[int](), set[int](), set[int]()] for name in WRITERS}
    async with db.read() as uow:
        talks = (await uow.session.scalars(select(Conversation))).all()
        by_id = {talk.id: talk.address for talk in talks}
        for talk in talks:
            found[talk.address][0] |= set(range(1, int(talk.state["count"]) + 1))
        for message in await uow.session.scalars(select(InboxMessage)):
            found[by_id[message.conversation_id]][1].add(int(message.payload["number"]))
        for reply in await uow.session.scalars(select(OutboxMessage)):
            found[by_id[reply.conversation_id]][2].add(int(reply.text))
        entries = select(AuditEntry).where(AuditEntry.action == "turn")
        for entry in await uow.session.scalars(entries):
            assert entry.detail is not None
            found[entry.detail["by"]][3].add(int(entry.detail["number"]))
    await db.close()
    return found


@pytest.mark.slow
def test_a_backup_under_load_is_one_moment(config: Config, tmp_path: Path) -> None:
    asyncio.run(_closed(config))
    writers = {name: begin(config, name) for name in WRITERS}
    before = {name: told(process, BEFORE) for name, process in writers.items()}
    secret, public = new_pair()
    file = tmp_path / "b.yulu"
    ring = Keyring.load(None, config.key_file)
    lock = Lock(recipients=(public,))
    asyncio.run(take(config, ring, file, lock, NOW, quiet, Path("config.yaml")))
    after = {name: told(process) for name, process in writers.items()}
    fresh = config_of(tmp_path / "fresh")
    asyncio.run(restore(fresh, file, keys_for(file, Opener(key_text=secret)), NOW, quiet))
    for name, everywhere in asyncio.run(turns(fresh)).items():
        last = len(everywhere[0])
        assert everywhere == [set(range(1, last + 1))] * 4, name  # no half turn, no gap
        assert before[name][-1] <= last <= after[name][-1]
    assert any(len(some[0]) < after[name][-1] for name, some in asyncio.run(turns(fresh)).items())


async def _closed(config: Config) -> None:
    """Make the schema and the key."""
    await (await open_database(config)).close()
