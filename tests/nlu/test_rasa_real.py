"""A real Rasa server: started from its own environment, or the one RASA_URL names."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest

from nlu.classify.rasa import RasaClassifier
from nlu.rasa_training import FOLDER, rasa_program, train_rasa
from nlu.types import Classified, Intent

_START = 90.0  # seconds a cold Rasa may take

pytestmark = pytest.mark.rasa


class NoFallback:
    """Any use of it is a failure of the server under test."""

    def classify(self, text: str) -> Classified:
        raise AssertionError("the Rasa server did not answer")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    named = os.environ.get("RASA_URL", "")
    if named:
        yield named
        return
    assert rasa_program() is not None, "set RASA_URL or run nlu/rasa/setup.sh"
    if not (FOLDER / "models" / "yulu.tar.gz").exists():
        assert train_rasa(print) == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [str(FOLDER / "serve.sh")], env={**os.environ, "RASA_PORT": str(port)}
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _await(address)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _await(address: str) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        try:
            if httpx.get(f"{address}/status", timeout=2).status_code == 200:
                httpx.post(f"{address}/model/parse", json={"text": "你好"}, timeout=30)
                return
        except httpx.HTTPError:
            pass
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
def test_a_real_server_is_understood(url: str, text: str, intent: Intent) -> None:
    ranking = RasaClassifier(url, timeout=5, fallback=NoFallback()).classify(text).ranking
    assert ranking[0][0] is intent
    assert ranking[0][1] > 0.3


def test_a_real_server_is_not_forced_by_a_slash(url: str) -> None:
    classifier = RasaClassifier(url, timeout=5, fallback=NoFallback())
    assert classifier.classify('/greet{"a":1}').ranking[0][1] < 1.0
