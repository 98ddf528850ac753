"""Measures the in-process engine: fresh processes until ready, then one that reads sentences."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.bench.probe import READY
from nlu.bench.spans import Speed, within

STARTS = 3
_PROBE = (sys.executable, "-m", "nlu.bench.probe")
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""As the units and the image in deploy/ start the service: the encoder's weights, read from end to
end for each text, lie in few large pages."""
_EMPTY = (sys.executable, "-c", f"print('{READY}', flush=True)")


@dataclass(frozen=True)
class Embedded:
    """Seconds from process start until ready, those of an empty Python, MB, and speeds by part."""

    ready: float
    empty: float
    memory: float | None
    speeds: dict[str, Speed]


def measure(file: Path) -> Embedded:
    """Start and measure; raises RuntimeError when a fresh process does not get ready."""
    _start(_PROBE)  # compiled files and the disk's cache are there after it
    ready = [_start(_PROBE)[0] for _ in range(STARTS)]
    empty = [_start(_EMPTY)[0] for _ in range(STARTS)]
    figures = json.loads(_start((*_PROBE, str(file)))[1])
    speeds = {name: Speed(**found) for name, found in figures["speeds"].items()}
    return Embedded(within(ready, 0.5), within(empty, 0.5), figures["memory"], speeds)


def _start(command: Sequence[str]) -> tuple[float, str]:
    """Seconds until a fresh process says that it is ready, and what it says afterwards."""
    environment = {**os.environ, **HUGE_PAGES, "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  our own command
        command, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101  it is a pipe
        try:
            said = process.stdout.readline().strip()
            seconds = time.perf_counter() - began
            rest = process.stdout.read()
        except BaseException:  # stopped by hand: nothing of ours goes on
            process.kill()
            raise
    if said != READY or process.returncode:
        raise RuntimeError("a fresh process did not get ready")
    return seconds, rest
