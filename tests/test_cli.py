"""The command line: what each command does, and that it refuses in words."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

import bot.cli.check
from bot.app import open_database
from bot.cli.main import cli
from bot.config import NAMED_VARIABLES, load_config
from nlu.types import Context, Engine, Intent, Understanding
from storage.db import Database
from storage.kinds import ReminderKind

ROOT = Path(__file__).parent.parent
DUE = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
Found = TypeVar("Found")


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMED_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def call(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(words), input=text)


def ask(data: Path, work: Callable[[Database], Coroutine[Any, Any, Found]]) -> Found:
    """Run something on the records of a data directory."""

    async def run() -> Found:
        db = await open_database(load_config(None, data))
        try:
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())


def add_officer(data: Path, name: str = "王老师", *more: str) -> Result:
    words = ["officer", "add", "--name", name, "--role", "officer", "--region", "152222"]
    return call(*words, "--data", str(data), *more)


# --- help ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["chat"],
        ["check"],
        ["migrate"],
        ["tick"],
        ["import"],
        ["export"],
        ["officer", "add"],
        ["officer", "list"],
        ["officer", "passwd"],
    ],
)
def test_every_command_shows_an_example_and_accepts_config_and_data(words: list[str]) -> None:
    result = call(*words, "--help")
    assert result.exit_code == 0
    assert "例：" in result.output
    assert "--config" in result.output
    assert "--data" in result.output


def test_bad_settings_end_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("web: {prot: 1}", "utf-8")
    result = call("migrate", "--config", str(path), "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "web.prot" in result.output
    assert "Traceback" not in result.output


# --- officers --------------------------------------------------------------------------------


def test_token_is_the_only_thing_on_stdout_and_opens_the_api(data: Path) -> None:
    result = add_officer(data, "王老师", "--print-token")
    assert result.exit_code == 0
    assert re.fullmatch(r"[\w-]{40,}\n", result.stdout)

    async def owner(db: Database) -> tuple[str, str, str]:
        async with db.read() as uow:
            officer = await uow.officers.by_token(result.stdout.strip())
            assert officer is not None
            return officer.name, officer.role, officer.region_code

    assert ask(data, owner) == ("王老师", "officer", "152222")


def test_password_is_shown_once_and_kept_as_argon2(data: Path) -> None:
    from argon2 import PasswordHasher

    result = add_officer(data)
    [password] = re.findall(r"：([a-z2-9]{4}(?:-[a-z2-9]{4}){3})\n", result.stdout)

    async def stored(db: Database) -> str:
        async with db.read() as uow:
            officer = await uow.officers.by_name("王老师")
            assert officer is not None
            return officer.password_hash or ""

    assert PasswordHasher().verify(ask(data, stored), password)
    changed = call("officer", "passwd", "--name", "王老师", "--data", str(data))
    [other] = re.findall(r"：([a-z2-9-]{19})\n", changed.stdout)
    assert other != password
    assert PasswordHasher().verify(ask(data, stored), other)


def test_officers_are_listed_with_place_and_role(data: Path) -> None:
    add_officer(data)
    listed = call("officer", "list", "--data", str(data)).stdout
    assert "王老师" in listed
    assert "经办人" in listed
    assert "科尔沁右翼中旗 152222" in listed


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["add", "--name", "甲", "--role", "clerk", "--region", "999999"], "没有区划代码 999999"),
        (["add", "--name", "甲", "--role", "clerk", "--region", "中旗"], "没有区划代码 中旗"),
        (["add", "--name", " ", "--role", "clerk", "--region", "15"], "不能是空的"),
        (["passwd", "--name", "没这个人"], "没有叫“没这个人”的账号"),
    ],
)
def test_officer_commands_refuse_in_words(data: Path, words: list[str], reason: str) -> None:
    result = call("officer", *words, "--data", str(data))
    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_name_is_given_once(data: Path) -> None:
    add_officer(data)
    again = add_officer(data, "王老师", "--print-token")
    assert again.exit_code == 1
    assert again.stdout == ""
    assert "已经有叫“王老师”的账号" in again.stderr


def test_making_an_account_leaves_a_trace_without_the_password(data: Path) -> None:
    add_officer(data)

    async def trace(db: Database) -> list[dict[str, Any] | None]:
        async with db.read() as uow:
            from sqlalchemy import select

            from storage.models.audit import AuditEntry

            entries = (await uow.session.scalars(select(AuditEntry))).all()
            return [entry.detail for entry in entries if entry.action == "officer.add"]

    assert ask(data, trace) == [{"officer": 1, "role": "officer", "region": "152222"}]


# --- migrate, check --------------------------------------------------------------------------


def test_migrate_can_be_repeated_and_keeps_the_key_private(data: Path) -> None:
    for _ in range(2):
        assert call("migrate", "--data", str(data)).exit_code == 0
    assert (data / "key").stat().st_mode & 0o077 == 0
    assert data.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("YULU_KEY", "short", "密钥"),
        ("DATABASE_URL", "mysql://u:hush@h/d", "只支持"),
        ("DATABASE_URL", "hush", "只支持"),
        ("DATABASE_URL", "postgresql://u:hush@127.0.0.1:1/d", "打不开"),
    ],
)
def test_what_cannot_be_opened_is_said_in_words(
    data: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    result = call("migrate", "--data", str(data))
    assert result.exit_code == 1
    assert words in result.stderr
    assert "hush" not in result.output


def test_check_passes_and_says_what_it_looked_at() -> None:
    result = call("check")
    assert result.exit_code == 0, result.output
    for title in bot.cli.check.CHECKS:
        assert f"✓ {title}" in result.stdout


def test_check_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.yaml"
    path.write_text('office: {home_region: "159999"}', "utf-8")
    monkeypatch.setitem(bot.cli.check.CHECKS, "政策数据", lambda _config: ["政策 qe 没有文号。"])
    result = call("check", "--config", str(path))
    assert result.exit_code == 1
    assert "✗ 政策数据" in result.stdout
    assert "政策 qe 没有文号。" in result.stdout
    assert "区划代码 159999" in result.stdout
    assert "共 2 处" in result.stderr


def test_check_notices_a_poor_region_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.cli.check, "FEWEST_UNITS", {6: 10_000})
    result = call("check")
    assert result.exit_code == 1
    assert "6 位代码只有" in result.stdout


# --- tick ------------------------------------------------------------------------------------


def remind(data: Path) -> None:
    async def add(db: Database) -> None:
        async with db.write() as uow:
            talk = await uow.conversations.get_or_create("web", "a", DUE)
            await uow.reminders.add(
                ReminderKind.OWN, talk.person_id, talk.id, DUE, "交户口本", dedupe_key="r1"
            )

    ask(data, add)


def queued(data: Path) -> int:
    async def count(db: Database) -> int:
        async with db.read() as uow:
            talk = await uow.conversations.find("web", "a")
            assert talk is not None
            return len(await uow.outbox.unsent(talk.id))

    return ask(data, count)


def test_dry_run_says_what_would_be_sent_and_changes_nothing(data: Path) -> None:
    remind(data)
    words = ["tick", "--data", str(data), "--now", "2026-12-01T10:30"]
    result = call(*words, "--dry-run")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    [line] = [line for line in lines if "交户口本" in line["text"]]
    assert line["to"]
    assert line["why"]
    assert queued(data) == 0
    assert call(*words).exit_code == 0
    assert queued(data) == 1
    assert call(*words).exit_code == 0
    assert queued(data) == 1


def test_until_steps_through_the_time_between(data: Path) -> None:
    remind(data)
    words = ["tick", "--data", str(data), "--dry-run", "--now", "2026-11-30T10:00"]
    assert "交户口本" not in call(*words).stdout
    assert "交户口本" in call(*words, "--until", "2026-12-02T10:00:00+08:00").stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--now", "明天"], "看不懂时间 明天"),
        (["--now", "2026-12-02", "--until", "2026-12-01"], "不能早于"),
    ],
)
def test_tick_refuses_in_words(data: Path, words: list[str], reason: str) -> None:
    result = call("tick", "--data", str(data), *words)
    assert result.exit_code == 1
    assert reason in result.stderr


# --- import, export --------------------------------------------------------------------------

SESSIONS = """title,organiser,audience,level,mode,region,venue,starts_on,seats,fee,apply_by
基础班,中旗教育局,群众,零基础,线下,科尔沁右翼中旗,文化馆,2026-12-10,30,免费,2026-12-08
坏的班,中旗教育局,群众,零基础,线下,科尔沁右翼中旗,文化馆,不知道,,,
"""


def test_good_rows_go_in_and_bad_ones_are_named(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "培训.csv"
    file.write_bytes(SESSIONS.encode("gb18030"))
    first = call("import", "sessions", str(file), "--data", str(data))
    assert first.exit_code == 0, first.output
    assert "新增 1 行" in first.stdout
    assert "有问题 1 行" in first.stdout
    assert re.search(r"\b3\b", first.stdout)
    second = call("import", "sessions", str(file), "--data", str(data))
    assert "新增 0 行，更新 0 行，没有变化 1 行" in second.stdout


def test_import_and_export_refuse_in_words(data: Path, tmp_path: Path) -> None:
    missing = call("import", "people", str(tmp_path / "x.csv"), "--data", str(data))
    assert (missing.exit_code, "找不到文件" in missing.stderr) == (1, True)
    strange = tmp_path / "x.doc"
    strange.write_bytes(b"x")
    wrong = call("import", "officers", str(strange), "--data", str(data))
    assert (wrong.exit_code, "导入不了" in wrong.stderr) == (1, True)
    out = str(tmp_path / "o.xlsx")
    month = call("export", "dropout", "--month", "十一月", "-o", out, "--data", str(data))
    assert (month.exit_code, "看不懂月份" in month.stderr) == (1, True)


def test_export_writes_a_workbook(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "台账.xlsx"
    result = call("export", "dropout", "--month", "2026-11", "-o", str(out), "--data", str(data))
    assert result.exit_code == 0, result.output
    assert "已导出 0 条" in result.stdout
    assert out.read_bytes()[:2] == b"PK"


# --- chat ------------------------------------------------------------------------------------


class Deaf(Engine):
    """Understands nothing, which is enough to be answered."""

    def understand(self, text: str, context: Context) -> Understanding:
        return Understanding(text, Intent.GREET, 1.0)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.open_engine", lambda _config: Deaf())


def test_piped_lines_are_answered_in_order(data: Path, deaf: None) -> None:
    result = call("chat", "--data", str(data), text="你好\n\n  你好  \n/exit\n不再读\n")
    assert result.exit_code == 0, result.output
    assert "机器" in result.stdout  # the first contact says that it is a machine

    async def lines(db: Database) -> int:
        async with db.read() as uow:
            talk = await uow.conversations.find("console", "local")
            assert talk is not None
            assert await uow.outbox.unsent(talk.id) == []
            return len(await uow.outbox.after(talk.id, 0))

    assert ask(data, lines) >= 2


def test_photo_line_sends_a_photo_or_says_why_not(data: Path, tmp_path: Path, deaf: None) -> None:
    from PIL import Image

    photo = tmp_path / "户口本.png"
    Image.new("RGB", (30, 30)).save(photo)
    words = ["chat", "--data", str(data), "--name", "张"]
    assert call(*words, text=f"/photo {photo}\n").exit_code == 0
    refused = call(*words, text=f"/photo {__file__}\n/photo {tmp_path / 'none.jpg'}\n")
    assert "打不开" in refused.stderr
    assert "读不了这个文件" in refused.stderr

    async def files(db: Database) -> int:
        async with db.read() as uow:
            talk = await uow.conversations.find("console", "张")
            assert talk is not None
            return len(await uow.attachments.of_person(talk.person_id))

    assert ask(data, files) == 1


# --- run -------------------------------------------------------------------------------------


def test_taken_port_is_said_kindly(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = call("run", "--data", str(data), "--port", str(port))
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert "--port" in result.stderr
    assert not data.exists()


def test_run_serves_prints_the_first_login_once_and_stops_gently(data: Path) -> None:
    first = served(data)
    assert re.search(r"http://127\.0\.0\.1:\d+/", first)
    assert "admin" in first
    second = served(data)
    assert "admin" not in second


def served(data: Path) -> str:
    """Start the service, see it answer, stop it as an operator does; what it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--data", str(data), "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    printed = ""
    while "/api/v1" not in printed:
        line = process.stdout.readline()
        assert line, printed
        printed += line
    [port] = re.findall(r"http://127\.0\.0\.1:(\d+)/desk", printed)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
        assert answer.status == 200
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0, rest
    assert time.monotonic() - began < 15
    return printed + rest
