"""The terminal chat, and the service in the foreground."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from nlu.classify.rasa_check import UnusableServer
from nlu.types import Context, Engine, Intent, Understanding
from storage.db import Database
from tests.cli.conftest import ask, call

ROOT = Path(__file__).parent.parent.parent


class Deaf(Engine):
    """Understands nothing, which is enough to be answered."""

    def understand(self, text: str, context: Context) -> Understanding:
        return Understanding(text, Intent.GREET, 1.0)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.app.open_engine", lambda _config: Deaf())


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


def test_a_first_answer_waits_for_an_engine_that_is_slow_to_load(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_config: object) -> Engine:
        time.sleep(0.5)
        return Deaf()

    monkeypatch.setattr("bot.service.app.open_engine", load)
    monkeypatch.setattr("bot.turns.intake.ANSWER_WITHIN", 0.4)
    result = call("chat", "--data", str(data), text="你好\n")
    assert "机器" in result.stdout
    assert result.exit_code == 0


def test_an_answer_that_takes_too_long_is_said_kindly(
    data: Path, monkeypatch: pytest.MonkeyPatch, deaf: None
) -> None:
    monkeypatch.setattr("bot.turns.intake.ANSWER_WITHIN", 0.0)
    result = call("chat", "--data", str(data), text="你好\n")
    assert "还在办" in result.stderr
    assert result.exit_code == 0


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


@pytest.mark.parametrize("command", ["run", "chat"])
def test_a_rasa_with_another_model_is_an_error(
    data: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    asked: list[tuple[str, ...]] = []

    def refuse(*server: str) -> bool:
        asked.append(server)
        raise UnusableServer("Rasa 用的不是 mine.tar.gz")

    monkeypatch.setattr("nlu.classify.rasa_check.is_serving", refuse)
    monkeypatch.setenv("NLU_ENGINE", "rasa")
    monkeypatch.setenv("RASA_TOKEN", "hush")
    monkeypatch.setenv("YULU__NLU__RASA_MODEL", "mine.tar.gz")
    result = call(command, "--data", str(data), text="你好\n")
    assert result.exit_code == 1
    assert "mine.tar.gz" in result.stderr
    assert asked == [("http://127.0.0.1:5005", "hush", "mine.tar.gz")]


def test_a_rasa_that_is_silent_is_replaced(
    data: Path, monkeypatch: pytest.MonkeyPatch, deaf: None
) -> None:
    monkeypatch.setattr("nlu.classify.rasa_check.is_serving", lambda *_: False)
    monkeypatch.setenv("NLU_ENGINE", "rasa")
    result = call("chat", "--data", str(data), text="你好\n")
    assert result.exit_code == 0
    assert "机器" in result.stdout


def test_taken_port_is_said_kindly(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = call("run", "--data", str(data), "--port", str(port))
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert "--port" in result.stderr
    assert not data.exists()


@pytest.mark.slow
def test_run_serves_prints_the_first_login_once_and_stops_gently(data: Path) -> None:
    first = served(data)
    assert re.search(r"http://127\.0\.0\.1:\d+/", first)
    assert "admin" in first
    second = served(data)
    assert "admin" not in second


def healthy(url: str) -> bool:
    """Whether it can answer; 503 says that the language engine is still loading."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        assert error.code == 503
        return False


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
    while not healthy(f"http://127.0.0.1:{port}/health"):
        time.sleep(0.1)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    rest = process.stdout.read()
    process.wait(timeout=20)
    assert process.returncode == 0, rest
    assert time.monotonic() - began < 15
    return printed + rest
