"""Measures Rasa the same way, when its environment and its model are there."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nlu.bench.machine import resident
from nlu.bench.spans import Reader, Speed, take_turns
from nlu.classify.rasa import MODEL
from nlu.classify.rasa_check import is_serving
from nlu.rasa_training import FOLDER, rasa_program
from nlu.report.engines import Contestant, rasa
from nlu.types import Context

_NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
_PATIENCE = 180.0  # seconds a cold Rasa may take
_FAREWELL = 20.0  # seconds it may take to end
_WARM = 10  # of so many sentences one is read before anything is measured


class MissingRasa(Exception):
    """Rasa cannot be measured; the message says why, and what to do."""


@dataclass(frozen=True)
class Served:
    """Seconds from process start until the first answer, MB of server alone, speed, silences."""

    ready: float
    memory: float | None
    speed: Speed
    silent: int


def measure(sentences: Sequence[str], folder: Path = FOLDER) -> Served:
    """Serve, measure and stop again; raises MissingRasa."""
    _look_for(folder)
    began = time.perf_counter()
    with _server(folder) as (process, url, token):
        contestant = _first_answer(process, url, token, began + _PATIENCE)
        ready = time.perf_counter() - began
        read = _reader(contestant)
        for sentence in sentences[::_WARM]:
            read(sentence)
        found = take_turns({"rasa": read}, sentences)["rasa"]
        return Served(ready, resident(process.pid), found, contestant.silence.count)


@contextmanager
def running(folder: Path = FOLDER) -> Iterator[tuple[str, str]]:
    """The address and the token of a server that answers; raises MissingRasa."""
    _look_for(folder)
    with _server(folder) as (process, url, token):
        _first_answer(process, url, token, time.perf_counter() + _PATIENCE)
        yield url, token


def _look_for(folder: Path) -> None:
    if rasa_program(folder) is None:
        raise MissingRasa("Rasa 没有一起量：没有它的环境 nlu/rasa/.venv，先运行 make rasa-setup。")
    if not (folder / "models" / MODEL).is_file():
        raise MissingRasa("Rasa 没有一起量：还没有训练，先运行 make rasa-train。")


@contextmanager
def _server(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_urlsafe()
    process = subprocess.Popen(  # noqa: S603  our own script
        [str(folder / "serve.sh")],
        env={**os.environ, "RASA_PORT": str(port), "RASA_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process, f"http://127.0.0.1:{port}", token
    finally:
        process.terminate()
        try:
            process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(process: subprocess.Popen[bytes], url: str, token: str, end: float) -> Contestant:
    while time.perf_counter() < end and process.poll() is None:
        if is_serving(url, token):
            contestant = rasa(url, token)
            _reader(contestant)("我想给孩子申请助学金")  # loads its dictionary
            if not contestant.silence.count:
                return contestant
        time.sleep(0.1)
    raise MissingRasa("Rasa 没有一起量：启动不了，用 make rasa-run 看看它说什么。")


def _reader(contestant: Contestant) -> Reader:
    return lambda text: contestant.engine.understand(text, Context(_NOW))
