"""Help, settings, migrate and check: each says in words what is wrong."""

from pathlib import Path

import pytest
from typer import Exit

import bot.cli.check
from bot.cli.options import running
from flows.content import read
from nlu.types import BadContent
from tests.cli.conftest import call


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
        ["officer", "token"],
        ["officer", "reset-factor"],
        ["officer", "off"],
        ["officer", "on"],
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


@pytest.mark.slow
def test_check_notices_a_poor_region_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.cli.check, "FEWEST_UNITS", {6: 10_000})
    result = call("check")
    assert result.exit_code == 1
    assert "6 位代码只有" in result.stdout


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "retention.yaml"
    path.write_text("tables: [", "utf-8")
    checks = {"数据": lambda _: [read(path)], "词语": lambda _: ["还看了别的"]}
    monkeypatch.setattr(bot.cli.check, "CHECKS", checks)
    result = call("check")
    assert result.exit_code == 1
    assert "retention.yaml：格式读不懂（第 2 行附近" in result.output
    assert "还看了别的" in result.output
    assert "Traceback" not in result.output


def test_a_command_that_meets_a_bad_file_ends_in_a_sentence() -> None:
    async def work() -> None:
        raise BadContent("policy/sla.yaml：文件不见了")

    with pytest.raises(Exit):
        running(work())


def test_the_service_does_not_start_on_a_bad_file(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "reasons.yaml"
    path.write_text("work: ['(']", "utf-8")
    monkeypatch.setattr("nlu.word_lists.paths", lambda: [path])
    result = call("run", "--port", "0", "--data", str(data))
    assert result.exit_code == 1
    assert "reasons.yaml：格式读不懂" in result.output
