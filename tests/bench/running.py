"""The real service in a process of its own: started, timed, weighed and stopped."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.senders import TOKEN
from tests.bench.weighing import processor

PATIENCE = 60.0
_LOOK = 0.01
_LOOKING = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True)
class Running:
    """A service that answers; seconds from its start until its first page and until it is ready.

    `ready_cpu` are the seconds of processor that took: on a busy machine they say more.
    """

    pid: int
    url: str
    first_page: float
    ready: float
    ready_cpu: float


@contextmanager
def service(
    data: Path, url: str = "", module: str = "bot", more: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Serve with the settings of a production machine until the block ends."""
    port = _free_port()
    environment = {**os.environ, **_LOOKING, "REST_CHANNEL_TOKEN": TOKEN, **(more or {})}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", module, "run", "--port", str(port), "--data", str(data)]
    log = data / f"service-{port}.log"
    data.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            first, ready = _wait(process, port, began, log)
            used = processor(process.pid)
            yield Running(process.pid, f"http://127.0.0.1:{port}", first, ready, used)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(
    process: "subprocess.Popen[bytes]", port: int, began: float, log: Path
) -> tuple[float, float]:
    """Seconds until the first page is served, and until `/health` says that people are answered."""
    first = 0.0
    while time.perf_counter() - began < PATIENCE and process.poll() is None:
        status = _status(port)
        passed = time.perf_counter() - began
        first = first or (passed if status else 0.0)
        if status == 200:
            return first, passed
        time.sleep(_LOOK)
    raise RuntimeError(f"the service did not get ready: {log.read_text('utf-8')[-2000:]}")


def _status(port: int) -> int:
    """What `/health` answers; 0 for nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
