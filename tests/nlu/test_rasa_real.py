"""A real Rasa server, trained from our sentences; our script starts it, or RASA_URL names it."""

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from nlu.classify.rasa import RasaClassifier
from nlu.classify.rasa_check import UnusableServer, is_serving
from nlu.evaluate import evaluate, read_labelled
from nlu.rasa_training import FOLDER, rasa_program, train_rasa
from nlu.types import Classified, Context, Engine, Intent
from nlu.understand import LocalEngine, make_engine

_START = 180.0  # seconds a cold Rasa may take
_DEV = Path(__file__).parent / "fresh_dev.jsonl"
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_FALLBACK = Classified(((Intent.HELP, 0.5),))

pytestmark = pytest.mark.rasa


class NoFallback:
    """Any use of it is a failure of the server under test."""

    def classify(self, text: str) -> Classified:
        raise AssertionError("the Rasa server did not answer")


class Fallback:
    """Answers in the place of a server that is slow or down."""

    def classify(self, text: str) -> Classified:
        return _FALLBACK


@dataclass(frozen=True)
class Server:
    """A Rasa server; the process only when we started it."""

    url: str
    token: str
    process: subprocess.Popen[bytes] | None = None

    def classifier(self, timeout: float = 10) -> RasaClassifier:
        """Ours, and no other may answer."""
        return RasaClassifier(self.url, timeout=timeout, fallback=NoFallback(), token=self.token)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    named = os.environ.get("RASA_URL", "")
    if named:
        yield Server(named, os.environ.get("RASA_TOKEN", ""))
        return
    assert rasa_program() is not None, "set RASA_URL or run make rasa-setup"
    if not (FOLDER / "models" / "yulu.tar.gz").exists():
        assert train_rasa(print) == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_urlsafe()
    process = subprocess.Popen(
        [str(FOLDER / "serve.sh")],
        env={**os.environ, "RASA_PORT": str(port), "RASA_TOKEN": token},
    )
    try:
        server = Server(f"http://127.0.0.1:{port}", token, process)
        _await(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _await(server: Server) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        assert server.process is None or server.process.poll() is None, "Rasa ended"
        if is_serving(server.url, server.token):
            server.classifier(timeout=60).classify("你好啊")  # loads its dictionary
            return
        time.sleep(0.5)
    raise AssertionError("Rasa did not start")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我想给苏日娜申请助学金", Intent.APPLY_AID),
        ("我们班有个学生辍学了", Intent.REPORT_DROPOUT),
        ("我想报名普通话培训", Intent.FIND_TRAINING),
        ("查一下我的申请进度", Intent.CHECK_STATUS),
    ],
)
def test_it_is_understood(server: Server, text: str, intent: Intent) -> None:
    ranking = server.classifier().classify(text).ranking
    assert ranking[0][0] is intent
    assert ranking[0][1] > 0.3


@pytest.mark.parametrize("text", ['/greet{"a":1}', '／greet{"a":1}', '\u2003/greet{"a":1}'])
def test_a_slash_forces_nothing(server: Server, text: str) -> None:
    assert server.classifier().classify(text).ranking[0][1] < 1.0
    forced = httpx.post(
        f"{server.url}/model/parse",
        params={"token": server.token},
        json={"text": text.replace("／", "/")},
        timeout=10,
    ).json()
    assert forced["intent"] == {"name": "greet", "confidence": 1.0}  # so the guard is ours


def test_its_lookups_and_patterns_find_entities(server: Server) -> None:
    text = "孩子在科尔沁右翼中旗二中，家里是低保户，电话13947512345"
    answer = httpx.post(
        f"{server.url}/model/parse",
        params={"token": server.token},
        json={"text": text},
        timeout=10,
    ).json()
    found = {(e["entity"], e["value"]) for e in answer["entities"]}
    assert {
        ("region", "科尔沁右翼中旗"),
        ("school", "二中"),
        ("hardship", "低保户"),
        ("phone", "13947512345"),
    } <= found


def test_without_the_token_it_says_nothing(server: Server) -> None:
    answer = httpx.post(f"{server.url}/model/parse", json={"text": "你好"}, timeout=10)
    assert answer.status_code == 401
    with pytest.raises(UnusableServer, match="RASA_TOKEN"):
        is_serving(server.url, "another")


def test_another_model_is_refused(server: Server) -> None:
    with pytest.raises(UnusableServer, match=r"yulu\.tar\.gz"):
        is_serving(server.url, server.token, "another.tar.gz")


def test_stopped_it_is_replaced_in_the_same_turn_and_used_again_when_it_goes_on(
    server: Server,
) -> None:
    if server.process is None:
        pytest.skip("the server is not ours to stop")
    now = [0.0]
    classifier = RasaClassifier(
        server.url, timeout=1.5, fallback=Fallback(), clock=lambda: now[0], token=server.token
    )
    assert classifier.classify("我想给孩子申请助学金") != _FALLBACK
    server.process.send_signal(signal.SIGSTOP)
    try:
        for _ in range(3):
            began = time.monotonic()
            assert classifier.classify("我想给孩子申请助学金") == _FALLBACK
            assert time.monotonic() - began < 3
    finally:
        server.process.send_signal(signal.SIGCONT)
    _await(server)
    now[0] = 31.0
    assert classifier.classify("我想给孩子申请助学金") != _FALLBACK


def test_both_engines_side_by_side(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    rows = read_labelled(_DEV, _NOW)
    ours = make_engine()
    rasa = LocalEngine(server.classifier())
    alone = server.classifier()
    reports = {"ours": evaluate(ours, rows), "Rasa with our rules": evaluate(rasa, rows)}
    hits = sum(alone.classify(row.text).ranking[0][0] == row.intent for row in rows)
    lines = [f"\nfresh_dev.jsonl, {len(rows)} sentences      accuracy   macro-F1   p50 ms"]
    for name, report in reports.items():
        speed = _median_milliseconds(ours if name == "ours" else rasa, [r.text for r in rows[::16]])
        lines.append(f"{name:36} {report.accuracy:8.3f} {report.macro_f1:10.3f} {speed:8.1f}")
    lines.append(f"{'Rasa alone':36} {hits / len(rows):8.3f}")
    with capsys.disabled():
        print("\n".join(lines))
    assert reports["ours"].accuracy > reports["Rasa with our rules"].accuracy
    assert hits / len(rows) > 0.6


def _median_milliseconds(engine: Engine, texts: list[str]) -> float:
    spans = []
    for text in texts:
        began = time.perf_counter()
        engine.understand(text, Context(_NOW))
        spans.append(time.perf_counter() - began)
    return 1000 * sorted(spans)[len(spans) // 2]
