"""Each fault is found and said, and a sound installation has none."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.cli.accounts import first_officer
from bot.clock import utc_now
from bot.config import load_config
from bot.doctor import contents, machine, outside
from bot.doctor.examination import examine
from bot.doctor.finding import Finding, Level
from bot.service.app import open_database
from storage.db import Database
from storage.key_file import replace_keys
from storage.keys import Keyring, generate_key
from storage.models.case import Case
from storage.models.message import InboxMessage
from storage.models.officer import Officer
from storage.uow import UnitOfWork
from tests.cli.conftest import ask, call

LONG_AGO = timedelta(hours=3)


@pytest.fixture(autouse=True)
def port(monkeypatch: pytest.MonkeyPatch, unused_port: int) -> None:
    monkeypatch.setenv("YULU__WEB__PORT", str(unused_port))


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def made(data: Path, sqlite_template: Path, keyring: Keyring) -> Path:
    """An installation that nobody used yet."""
    data.mkdir(mode=0o700)
    shutil.copyfile(sqlite_template, data / "yulu.db")
    replace_keys(data / "key", keyring.keys)
    return data


@pytest.fixture
def sound(made: Path) -> Path:
    """An installation with its first officer and a backup this morning."""

    async def prepare(db: Database) -> None:
        await first_officer(db)
        async with db.write() as uow:
            await uow.audit.add(utc_now(), "system", None, "backup", detail={"file": "b.yulu"})

    ask(made, prepare)
    return made


def look(data: Path) -> dict[str, Finding]:
    async def all_found() -> list[Finding]:
        return [found async for found in examine(load_config(None, data), utc_now())]

    return {found.title: found for found in asyncio.run(all_found())}


def change(data: Path, work: Callable[[UnitOfWork], object]) -> None:
    async def write(db: Database) -> None:
        async with db.write() as uow:
            done = work(uow)
            if asyncio.iscoroutine(done):
                await done

    ask(data, write)


def test_a_sound_installation_has_no_fault(sound: Path) -> None:
    result = call("doctor", "--data", str(sound))
    assert result.exit_code == 0, result.output
    assert "✗" not in result.stdout
    lines = call("doctor", "--data", str(sound), "--json").stdout.splitlines()
    assert {json.loads(line)["level"] for line in lines} <= {"well", "watch"}


def test_nothing_is_made_where_there_is_nothing(data: Path) -> None:
    found = look(data)
    assert found["数据库"].level is Level.WATCH
    assert not data.exists()


def test_the_wrong_key(sound: Path) -> None:
    (sound / "key").write_text(generate_key())
    assert look(sound)["密钥"].level is Level.FAULT
    (sound / "key").unlink()
    assert "不见了" in look(sound)["密钥"].said or "对不上" in look(sound)["密钥"].said
    assert not (sound / "key").exists()


def test_a_key_that_others_can_read(sound: Path) -> None:
    (sound / "key").chmod(0o644)
    result = call("doctor", "--data", str(sound))
    assert result.exit_code == 1
    assert "别的用户也能读" in result.stdout


def test_an_open_data_folder(sound: Path) -> None:
    sound.chmod(0o755)
    assert "chmod 700" in look(sound)["数据目录"].do


def test_a_value_whose_key_is_gone(sound: Path) -> None:
    async def seal(uow: UnitOfWork) -> None:
        talk = await uow.conversations.get_or_create("web", "a", utc_now())
        foreign = Keyring([bytes(32)]).encrypt("x", "people.name")
        connection = await uow.session.connection()
        await connection.exec_driver_sql(
            "UPDATE people SET name = ? WHERE id = ?", (foreign, talk.person_id)
        )

    change(sound, seal)
    assert look(sound)["密钥和内容"].level is Level.FAULT


def test_a_damaged_database(sound: Path) -> None:
    path = sound / "yulu.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name='reminders'")
        number = int(page.fetchone()[0])
    content = bytearray(path.read_bytes())
    content[(number - 1) * 4096 : number * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    found = look(sound)
    assert any("坏" in each.said or "打不开" in each.said for each in found.values())


def test_an_older_schema(data: Path) -> None:
    from storage.migrate import upgrade

    data.mkdir()
    config = load_config(None, data)
    asyncio.run(upgrade(config.database_url, "0021"))

    async def keep_key() -> None:
        db = await Database.open(config.database_url, Keyring.load(None, config.key_file))
        await db.close()

    asyncio.run(keep_key())
    found = look(data)["数据库结构"]
    assert (found.level, "migrate" in found.do) == (Level.FAULT, True)


def test_messages_that_nobody_handles(sound: Path) -> None:
    async def accept(uow: UnitOfWork) -> None:
        then = utc_now() - LONG_AGO
        talk = await uow.conversations.get_or_create("web", "a", then)
        for number, status in enumerate(("new", "parked")):
            uow.session.add(
                InboxMessage(
                    conversation_id=talk.id,
                    channel="web",
                    external_id=str(number),
                    payload={},
                    status=status,
                    sent_at=then,
                    received_at=then,
                    ready_at=then,
                )
            )
        await uow.outbox.add(talk.id, "x", [], {}, then)
        await uow.reminders.add("own", talk.person_id, talk.id, then, "x", dedupe_key="x")

    change(sound, accept)
    found = look(sound)
    titles = ("收到的消息", "要发的消息（web）", "提醒和时限")
    assert [found[title].level for title in titles] == [Level.FAULT] * 3
    assert found["出错的消息"].level is Level.WATCH
    assert "启动服务" in found["收到的消息"].do


def test_an_emergency_that_nobody_took(sound: Path) -> None:
    async def file(uow: UnitOfWork) -> None:
        then = utc_now() - LONG_AGO
        uow.session.add(
            Case(
                reference="E26-0000-001",
                kind="escalation",
                type="emergency",
                status="open",
                opened_at=then,
                updated_at=then,
                due_at=then,
                region_code="150000",
            )
        )

    change(sound, file)
    found = look(sound)["紧急求助"]
    assert (found.level, "110" in found.do) == (Level.FAULT, True)


def test_no_officer(made: Path) -> None:
    assert look(made)["办公人员"].level is Level.FAULT


def test_an_officer_who_is_switched_off_answers_for_nobody(sound: Path) -> None:
    async def switch_off(uow: UnitOfWork) -> None:
        for officer in await uow.officers.all():
            assert isinstance(officer, Officer)
            officer.active = False

    change(sound, switch_off)
    assert look(sound)["办公人员"].level is Level.FAULT


@pytest.mark.parametrize(("days", "level"), [(0, Level.WELL), (3, Level.WATCH), (9, Level.FAULT)])
def test_an_old_backup(made: Path, days: int, level: Level) -> None:
    async def note(uow: UnitOfWork) -> None:
        await uow.audit.add(utc_now() - timedelta(days=days), "system", None, "backup")

    change(made, note)
    assert look(made)["备份"].level is level


def test_a_clock_that_went_back(sound: Path) -> None:
    async def note(uow: UnitOfWork) -> None:
        await uow.audit.add(utc_now() + timedelta(hours=1), "system", None, "backup")

    change(sound, note)
    assert look(sound)["对时"].level is Level.FAULT


def test_a_port_that_somebody_else_has(sound: Path, unused_port: int) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", unused_port), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = look(sound)["端口"]
        server.shutdown()
    assert (found.level, "--port" in found.do) == (Level.FAULT, True)


def test_a_database_that_does_not_answer(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:hidden@127.0.0.1:1/none")
    result = call("doctor", "--data", str(sound))
    assert result.exit_code == 1
    assert "打不开" in result.stdout
    assert "hidden" not in result.output


def test_a_token_is_never_printed(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345:very-secret-token")
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:1")
    result = call("doctor", "--data", str(sound))
    assert result.exit_code == 1
    assert "连不上" in result.stdout
    assert "very-secret" not in result.output


def test_a_token_that_somebody_may_guess(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "令牌" not in look(sound)
    monkeypatch.setenv("REST_CHANNEL_TOKEN", "hush-hush")
    monkeypatch.setenv("METRICS_TOKEN", "m" * 32)
    found = look(sound)["令牌"]
    assert (found.level, "METRICS" in found.said) == (Level.WATCH, False)
    assert "REST_CHANNEL_TOKEN" in found.said and "hush" not in found.said + found.do


def test_root_is_told_to_work_as_the_service(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(sound, 65534, 65534)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "sudo yulu" in look(sound)["用户"].do


def test_rasa_that_does_not_answer(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NLU_ENGINE", "rasa")
    monkeypatch.setenv("RASA_URL", "http://127.0.0.1:1")
    assert look(sound)["Rasa"].level is Level.WATCH


def test_other_packages_and_another_python(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "pydantic==0.1 \\\n    --hash=sha256:00\ncolorama==9 ; sys_platform == 'x' \\\n"
    )
    assert machine.packages(lock).level is Level.FAULT
    lock.write_text("colorama==9 ; sys_platform == 'x' \\\n")
    assert machine.packages(lock).level is Level.WELL
    assert machine.packages().level is Level.WELL
    assert machine.python((3, 10)).level is Level.FAULT


def test_little_room(monkeypatch: pytest.MonkeyPatch, sound: Path) -> None:
    from bot.watch.snapshot import Disk

    monkeypatch.setattr(machine, "disk_of", lambda _: Disk(100 << 20, 1 << 40))
    assert look(sound)["磁盘"].level is Level.FAULT


def test_what_goes_by_the_calendar() -> None:
    later = datetime(2031, 5, 1, tzinfo=UTC).date()
    assert contents.calendar(later).level is Level.WATCH
    assert [found.level for found in contents.policy(later)] == [Level.WATCH]


async def test_it_runs_while_the_service_holds_the_database(made: Path) -> None:
    db = await open_database(load_config(None, made))
    async with db.write() as uow:
        await uow.conversations.get_or_create("web", "a", utc_now())
        found = [each async for each in examine(load_config(None, made), utc_now())]
    await db.close()
    assert not [each for each in found if "打不开" in each.said]


@pytest.mark.parametrize(
    ("hook", "wanted", "level"),
    [
        ({"url": ""}, "", Level.WELL),
        ({"url": ""}, "https://a.example/webhooks/telegram", Level.FAULT),
        ({"url": "https://b.example"}, "", Level.FAULT),
        (
            {"url": "https://a.example", "pending_update_count": 500},
            "https://a.example",
            Level.WATCH,
        ),
        (
            {"url": "https://a.example", "pending_update_count": 5, "last_error_message": "SSL"},
            "https://a.example",
            Level.FAULT,
        ),
    ],
)
def test_where_telegram_sends_to(hook: dict[str, object], wanted: str, level: Level) -> None:
    assert outside._webhook(hook, wanted).level is level


def test_a_clock_that_telegram_does_not_share() -> None:
    there = httpx.Response(200, headers={"date": "Thu, 26 Nov 2026 02:00:00 GMT"})
    near, far = (datetime(2026, 11, 26, 2, minute, 5, tzinfo=UTC) for minute in (0, 5))
    assert outside._their_clock(there, near).level is Level.WELL
    assert outside._their_clock(there, far).level is Level.FAULT


@pytest.mark.postgres
@pytest.mark.slow
def test_a_postgres_that_does_not_wait_for_the_disk(
    made: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)  # the tests switch fsync off
    found = look(made)
    assert found["PostgreSQL"].level is Level.FAULT
    assert "fsync" in found["PostgreSQL"].do
    assert found["对时"].level is Level.WELL
    assert found["密钥和内容"].level is Level.WELL
