"""The commands around backups, as a technician types them."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.backup.taking import ACTION
from bot.cli.backups import PASSPHRASE
from storage.db import Database
from storage.kinds import ReminderKind
from tests.cli.conftest import ask, call

pytestmark = pytest.mark.slow

DUE = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSPHRASE, raising=False)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "secret.txt"


@pytest.fixture
def public(key: Path) -> str:
    result = call("backup-key", "-o", str(key))
    assert key.stat().st_mode & 0o077 == 0
    return result.stdout.strip()


def remind(data: Path) -> None:
    async def add(db: Database) -> None:
        async with db.write() as uow:
            talk = await uow.conversations.get_or_create("web", "a", DUE)
            await uow.reminders.add(
                ReminderKind.OWN, talk.person_id, talk.id, DUE, "交户口本", dedupe_key="r1"
            )

    ask(data, add)


def test_there_and_back(data: Path, tmp_path: Path, key: Path, public: str) -> None:
    remind(data)
    folder = tmp_path / "backups"
    words = ["backup", "-o", str(folder), "--recipient", public, "--data", str(data)]
    for _ in range(2):
        result = call(*words, "--keep", "1")
        assert result.exit_code == 0, result.output
    assert "核对过" in result.stdout
    [file] = folder.iterdir()

    async def noted(db: Database) -> int:
        async with db.read() as uow:
            return len((await uow.audit.page(action=ACTION))[0])

    assert ask(data, noted) == 2
    checked = call("restore", str(file), "--check", "--identity", str(key))
    assert "备份是好的" in checked.stdout
    fresh = tmp_path / "fresh"
    back = call("restore", str(file), "--data", str(fresh), "--identity", str(key))
    assert back.exit_code == 0, back.output
    assert "扣住没发的有 1 条" in back.stdout
    again = call("restore", str(file), "--data", str(fresh), "--identity", str(key))
    assert again.exit_code == 1
    assert "不是空的" in again.stderr
    assert "提醒（own）1 条" in call("held", "--data", str(fresh), "--send").stdout
    assert "没有扣住" in call("held", "--data", str(fresh)).stdout


def test_what_is_missing_is_said(data: Path, tmp_path: Path, public: str) -> None:
    target = str(tmp_path / "b.yulu")
    assert (
        "还没有数据"
        in call("backup", "-o", target, "--recipient", public, "--data", str(data)).stderr
    )
    assert PASSPHRASE in call("backup", "-o", target, "--data", str(data)).stderr
    short = call("backup", "-o", target, "--data", str(data))
    assert short.exit_code == 1
    assert "找不到" in call("restore", target, "--check").stderr
    Path(target).write_text("x")
    assert "已经有" in call("backup", "-o", target, "--data", str(data)).stderr


def test_a_short_passphrase_is_refused(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE, "short")
    result = call("backup", "-o", str(tmp_path / "b.yulu"), "--data", str(data))
    assert "太短" in result.stderr


def test_a_key_file_is_never_overwritten(key: Path, public: str) -> None:
    assert call("backup-key", "-o", str(key)).exit_code == 1
    assert public in key.read_text("utf-8")


@pytest.mark.slow
def test_a_backup_that_is_told_to_end_leaves_nothing_half(
    data: Path, tmp_path: Path, key: Path, public: str
) -> None:
    remind(data)
    folder = tmp_path / "backups"
    words = ["backup", "-o", str(folder), "--recipient", public, "--data", str(data)]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    process.stderr.readline()
    process.terminate()
    process.communicate(timeout=300)
    left = [path for path in folder.iterdir() if process.returncode or path.suffix != ".yulu"]
    assert left == []
