"""The Rasa client against a stub server: whatever the server does, there is an answer in time."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml

from nlu.classify.rasa import RasaClassifier
from nlu.classify.rasa_check import UnusableServer, is_serving
from nlu.classify.training import ENTITY_TYPES
from nlu.rasa_training import FOLDER, train_rasa
from nlu.types import Classified, Intent
from nlu.understand import LocalEngine

FALLBACK = Classified(((Intent.HELP, 0.5),))
GOOD = {
    "text": "x",
    "intent": {"name": "apply_aid", "confidence": 0.9},
    "intent_ranking": [
        {"name": "apply_aid", "confidence": 0.9},
        {"name": "ask_policy", "confidence": 0.05},
    ],
    "entities": [{"entity": "age", "start": 0, "end": 1, "value": 3}],
}


class Fallback:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def classify(self, text: str) -> Classified:
        self.asked.append(text)
        return FALLBACK


@dataclass
class Stub:
    """A server that answers whatever the test sets."""

    url: str = ""
    body: bytes = b"{}"
    status: int = 200
    delay: float = 0.0
    drip: bool = False
    model: object = "models/yulu.tar.gz"
    token: str = ""
    heard: list[Any] = field(default_factory=list)

    def answer(self, value: object) -> None:
        self.body = json.dumps(value).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers as its stub says; /status names the model."""

    state: Stub

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.state.heard.append((self.path, json.loads(self.rfile.read(length))))
        time.sleep(self.state.delay)
        self._begin(self.state.status, len(self.state.body))
        self._write()

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        known = parse_qs(query).get("token", [""]) == [self.state.token]
        body = json.dumps({"model_file": self.state.model}).encode() if path == "/status" else b""
        self._begin(self.state.status if known else 401, len(body))
        self.wfile.write(body)

    def _begin(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _write(self) -> None:
        try:
            for byte in self.state.body if self.state.drip else ():
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)
            if not self.state.drip:
                self.wfile.write(self.state.body)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Stub]:
    state = Stub()
    handler = type("StubHandler", (Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def client(
    stub: Stub, fallback: Fallback, clock: Callable[[], float] = time.monotonic
) -> RasaClassifier:
    return RasaClassifier(stub.url, timeout=0.3, fallback=fallback, clock=clock)


def test_a_good_answer_is_used(stub: Stub) -> None:
    stub.answer(GOOD)
    fallback = Fallback()
    ranking = client(stub, fallback).classify("我想给孩子申请助学金").ranking
    assert ranking == ((Intent.APPLY_AID, 0.9), (Intent.ASK_POLICY, 0.05))
    assert stub.heard == [("/model/parse", {"text": "我想给孩子申请助学金"})]
    assert fallback.asked == []


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\xa0", "\u2003\x1f", "\u200a/ "])
@pytest.mark.parametrize("text", ["/delete_my_data", "／delete_my_data", " //delete_my_data"])
def test_nobody_can_force_an_intent(stub: Stub, text: str, blank: str) -> None:
    stub.answer(GOOD)
    client(stub, Fallback()).classify(blank + text)
    assert stub.heard[0][1] == {"text": "delete_my_data"}


def test_the_guess_behind_a_fallback_is_used(stub: Stub) -> None:
    ranking = [{"name": "nlu_fallback", "confidence": 0.3}, {"name": "complain", "confidence": 0.2}]
    stub.answer({"intent": ranking[0], "intent_ranking": ranking})
    assert client(stub, Fallback()).classify("嗯哼").ranking == ((Intent.COMPLAIN, 0.2),)


def test_a_bare_fallback_is_out_of_scope(stub: Stub) -> None:
    stub.answer({"intent": {"name": "nlu_fallback", "confidence": 0.3}, "intent_ranking": []})
    assert client(stub, Fallback()).classify("嗯哼").ranking == ((Intent.OUT_OF_SCOPE, 0.0),)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"intent": "apply_aid"},
        {"intent": {"name": "book_flight", "confidence": 0.9}, "intent_ranking": []},
        {"intent": {"name": "apply_aid", "confidence": "high"}},
        {"intent": {"name": "apply_aid", "confidence": 7}},
        {"intent": {"name": "apply_aid", "confidence": True}},
        {"intent": {"name": "apply_aid", "confidence": None}, "intent_ranking": "no"},
    ],
)
def test_an_odd_answer_is_replaced(stub: Stub, answer: object) -> None:
    stub.answer(answer)
    assert client(stub, Fallback()).classify("你好啊") == FALLBACK


def test_errors_and_rubbish_are_replaced(stub: Stub) -> None:
    stub.status = 500
    assert client(stub, Fallback()).classify("你好啊") == FALLBACK
    stub.status, stub.body = 200, b"<html>"
    assert client(stub, Fallback()).classify("你好啊") == FALLBACK
    stub.body = b"\xff\xfe"
    assert client(stub, Fallback()).classify("你好啊") == FALLBACK
    stub.body = b'"' + b"x" * 300_000 + b'"'
    assert client(stub, Fallback()).classify("你好啊") == FALLBACK


def test_a_server_that_is_not_there_is_replaced() -> None:
    classifier = RasaClassifier("http://127.0.0.1:9", timeout=0.3, fallback=Fallback())
    assert classifier.classify("你好啊") == FALLBACK


@pytest.mark.parametrize("drip", [False, True])
def test_a_slow_server_is_not_waited_for(stub: Stub, drip: bool) -> None:
    stub.answer(GOOD)
    stub.delay, stub.drip = (0.0 if drip else 1.0), drip
    started = time.perf_counter()
    assert client(stub, Fallback()).classify("你好啊") == FALLBACK
    assert time.perf_counter() - started < 0.95


def test_a_failing_server_is_left_alone_for_a_while(stub: Stub) -> None:
    now = [0.0]
    stub.status = 503
    classifier = client(stub, Fallback(), clock=lambda: now[0])
    for _ in range(5):
        assert classifier.classify("你好啊") == FALLBACK
    stub.status = 200
    stub.answer(GOOD)
    assert classifier.classify("你好啊") == FALLBACK
    assert classifier.stood_in == LocalEngine(classifier).stood_in == 6
    assert stub.heard == []
    now[0] = 31.0
    assert classifier.classify("你好啊").ranking[0][0] is Intent.APPLY_AID


def test_a_slow_server_is_asked_again_when_it_has_recovered(stub: Stub) -> None:
    now = [0.0]
    stub.answer(GOOD)
    classifier = client(stub, Fallback(), clock=lambda: now[0])
    assert classifier.classify("你好啊").ranking[0][0] is Intent.APPLY_AID
    stub.delay = 0.5
    for _ in range(3):
        assert classifier.classify("你好啊") == FALLBACK
    now[0], stub.delay = 31.0, 0.0
    assert classifier.classify("你好啊").ranking[0][0] is Intent.APPLY_AID


@pytest.mark.parametrize("served", ["models/old.tar.gz", "yulu.tar.gz.bak", None, 7])
def test_another_model_is_an_error_and_never_asked(
    stub: Stub, served: object, caplog: pytest.LogCaptureFixture
) -> None:
    stub.answer(GOOD)
    stub.model = served
    classifier = client(stub, Fallback())
    for _ in range(3):
        assert classifier.classify("你好啊") == FALLBACK
    assert stub.heard == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    with pytest.raises(UnusableServer, match=r"yulu\.tar\.gz"):
        is_serving(stub.url)


def test_another_model_after_a_restart_is_noticed(stub: Stub) -> None:
    stub.answer(GOOD)
    classifier = client(stub, Fallback())
    assert classifier.classify("你好啊") != FALLBACK
    stub.status = 503
    assert classifier.classify("你好啊") == FALLBACK
    stub.status, stub.model = 200, "models/other.tar.gz"
    assert classifier.classify("你好啊") == FALLBACK


def test_the_token_is_sent_and_a_wrong_one_is_said(stub: Stub) -> None:
    stub.answer(GOOD)
    stub.token = "a&b=1"
    classifier = RasaClassifier(stub.url, timeout=0.3, fallback=Fallback(), token=stub.token)
    assert classifier.classify("你好啊") != FALLBACK
    assert stub.heard[0][0] == "/model/parse?token=a%26b%3D1"
    assert is_serving(stub.url, stub.token)
    with pytest.raises(UnusableServer, match="RASA_TOKEN"):
        is_serving(stub.url, "another")


def test_a_server_that_does_not_answer_yet_is_no_mistake(stub: Stub) -> None:
    assert not is_serving("http://127.0.0.1:9")
    stub.status = 503
    assert not is_serving(stub.url)


def test_a_success_forgives_earlier_failures(stub: Stub) -> None:
    classifier = client(stub, Fallback())
    for status in (503, 503, 200, 503, 503, 200):
        stub.status = status
        stub.answer(GOOD)
        classifier.classify("你好啊")
    assert classifier.classify("你好啊") != FALLBACK


def test_domain_file_names_our_intents_and_entities() -> None:
    domain = yaml.safe_load((FOLDER / "domain.yml").read_text("utf-8"))
    assert domain["intents"] == [str(intent) for intent in Intent]
    assert set(domain["entities"]) == ENTITY_TYPES


def test_training_without_its_environment_says_what_is_missing(tmp_path: Path) -> None:
    said: list[str] = []
    assert train_rasa(said.append, tmp_path) == 1
    assert "make rasa-setup" in said[1]


def test_training_runs_the_script_of_its_environment(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "rasa").touch()
    script = tmp_path / "train.sh"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    assert train_rasa(print, tmp_path) == 3
