"""Everything goes from the embedded database to PostgreSQL and is compared, or nothing does."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.moving import MoveError, move
from storage.db import Database
from storage.keys import Keyring
from storage.loading import is_empty
from tests.backup.filled import NOW, fill, lines, quiet
from tests.cli.conftest import call
from tests.storage import make
from tests.storage.postgres import PostgresServer

LATER = NOW + timedelta(hours=1)
KEY = bytes(range(32)).hex()

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def target(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.new_database() as url:
        yield url


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def test_all_rows_arrive_as_they_were_and_numbers_go_on(
    sqlite_url: str, target: str, keyring: Keyring
) -> None:
    await fill(sqlite_url, keyring, rows=4)
    db = await Database.open(sqlite_url, keyring)
    async with db.write() as uow:  # given once and deleted: the number is not given again
        talk = await make.conversation(uow, "gone")
        gone = await uow.reminders.add("own", talk.person_id, talk.id, NOW, "x", dedupe_key="gone")
        assert gone is not None
        await uow.session.delete(gone)
    await db.close()
    before = await lines(sqlite_url)
    said: list[str] = []
    moved = await move(sqlite_url, target, keyring, LATER, said.append)
    after = await lines(target)
    audit = after["audit"].pop()
    assert b'"move"' in audit
    assert after.pop("processes") == []
    assert before.pop("processes")
    assert after == before, "also what is encrypted, byte for byte"
    assert await lines(sqlite_url) | {"processes": []} == before | {"processes": []}
    assert {each.table: each.rows for each in moved}["people"] == len(before["people"])
    assert len({each.sha256 for each in moved}) > len(moved) / 2
    db = await Database.open(target, keyring)
    async with db.write() as uow:
        talk = await make.conversation(uow, "new")
        new = await uow.reminders.add("own", talk.person_id, talk.id, NOW, "x", dedupe_key="new")
    await db.close()
    assert new is not None
    assert new.id == gone.id + 1


async def test_a_target_that_is_not_empty_is_left_alone(
    sqlite_url: str, postgres_url: str, keyring: Keyring
) -> None:
    with pytest.raises(MoveError, match="已经有表"):
        await move(sqlite_url, postgres_url, keyring, LATER, quiet)


async def test_nothing_is_moved_while_the_service_runs(
    sqlite_url: str, target: str, keyring: Keyring
) -> None:
    db = await Database.open(sqlite_url, keyring)
    async with db.write() as uow:
        await uow.processes.is_here("pc:1", ["k"], NOW)
    with pytest.raises(MoveError, match="还在运行"):
        await move(sqlite_url, target, keyring, NOW + timedelta(seconds=20), quiet)
    await db.close()
    await move(sqlite_url, target, keyring, LATER, quiet)


async def test_who_starts_the_service_meanwhile_cannot_write(
    sqlite_url: str, target: str, keyring: Keyring
) -> None:
    await fill(sqlite_url, keyring)
    refused: list[str] = []

    def start(_: str) -> None:
        with sqlite3.connect(file_of(sqlite_url), timeout=0.05) as other:
            try:
                other.execute("UPDATE people SET language = 'mn'")
            except sqlite3.OperationalError as error:
                refused.append(str(error))

    await move(sqlite_url, target, keyring, LATER, start)
    assert refused == ["database is locked"]


async def test_what_postgres_does_not_take_is_named_and_nothing_stays(
    sqlite_url: str, target: str, keyring: Keyring
) -> None:
    await fill(sqlite_url, keyring)
    with sqlite3.connect(file_of(sqlite_url)) as other:
        other.execute("UPDATE training_sessions SET region_code = '1234567890123456'")
    with pytest.raises(MoveError, match="training_sessions"):
        await move(sqlite_url, target, keyring, LATER, quiet)
    assert await is_empty(target)


async def test_a_key_that_does_not_open_the_records_is_refused_first(
    sqlite_url: str, target: str
) -> None:
    with pytest.raises(Exception, match="YULU_KEY"):
        await move(sqlite_url, target, Keyring([b"x" * 32]), LATER, quiet)
    assert await is_empty(target)


def test_the_command_prints_a_table_and_says_what_comes_next(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("YULU_KEY", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    data = str(tmp_path / "data")
    assert "yulu.db" in call("move", "--to", target, "--data", data).stderr
    assert call("migrate", "--data", data).exit_code == 0
    refused = call("move", "--data", data)
    assert refused.exit_code == 1
    assert "DATABASE_URL" in refused.stderr
    result = call("move", "--to", target, "--data", data)
    assert result.exit_code == 0, result.output
    assert re.search(r"key_check\s+│\s+1 ", result.stdout)
    assert "搬完了" in result.stdout
    assert "DATABASE_URL" in result.stdout
    again = call("move", "--to", target, "--data", data)
    assert again.exit_code == 1
    assert "已经有表" in again.stderr
