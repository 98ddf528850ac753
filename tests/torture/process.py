"""The processes of the service as an operator sees them: started, killed, started again."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import SHANGHAI

BEGIN = datetime(2026, 11, 23, 23, 30, tzinfo=SHANGHAI)
"""Half an hour before midnight: whoever turns the clock comes into another day."""

KILLED = -9
STOPS_WITHIN = 20.0
MOST_FALLS = 50


class TurnedClock:
    """The time that the service is told: that of the story, not of the machine."""

    def __init__(self) -> None:
        self._base = (BEGIN - datetime.now(UTC)).total_seconds()
        self.turned = 0.0

    @property
    def seconds(self) -> float:
        """How far it is from the machine's."""
        return self._base + self.turned

    def now(self) -> datetime:
        """What the service believes."""
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


def free_port() -> int:
    """One that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Nursery:
    """Starts processes, and hears of their end."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._running: asyncio.subprocess.Process | None = None
        self._births: asyncio.Queue[int] = asyncio.Queue()
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._hearing: asyncio.Task[None] | None = None
        self._one_by_one = asyncio.Lock()

    async def open(self) -> None:
        """Read the program, which takes some seconds."""
        with self._log.open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.torture.nursery"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
            )
        self._hearing = asyncio.create_task(self._hear())
        await self._births.get()

    async def close(self) -> None:
        """End it; what it started ends when its commands end."""
        if self._running is not None:
            self._running.kill()
            await self._running.wait()
        if self._hearing is not None:
            self._hearing.cancel()

    async def start(self, order: dict[str, Any]) -> tuple[int, "asyncio.Future[int]"]:
        """A new process: its number, and what it will have ended with."""
        assert self._running is not None and self._running.stdin is not None
        async with self._one_by_one:
            self._running.stdin.write(f"{json.dumps(order)}\n".encode())
            pid = await self._births.get()
        return pid, self._end_of(pid)

    def _end_of(self, pid: int) -> "asyncio.Future[int]":
        return self._ends.setdefault(pid, asyncio.get_running_loop().create_future())

    async def _hear(self) -> None:
        assert self._running is not None and self._running.stdout is not None
        async for line in self._running.stdout:
            match line.decode().split():
                case ["ended", pid, code]:
                    self._end_of(int(pid)).set_result(int(code))
                case ["born" | "awake", pid]:
                    self._births.put_nowait(int(pid))


@dataclass
class Process:
    """One process at one port; as soon as it has died it may be started again."""

    nursery: Nursery
    data: Path
    environment: Mapping[str, str]
    clock: TurnedClock
    log: Path
    port: int = field(default_factory=free_port)
    fell: int = 0
    """How often it ended although nobody killed it."""
    pid: int = 0
    _end: "asyncio.Future[int] | None" = None
    _commands: int = -1

    @property
    def base(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Begin; `ready` says when it serves."""
        if self._commands >= 0:
            os.close(self._commands)
        way = self.log.with_suffix(f".{self.port}")
        way.unlink(missing_ok=True)
        os.mkfifo(way)
        self._commands = os.open(way, os.O_RDWR | os.O_NONBLOCK)
        arguments = [str(self.data), str(self.port), str(self.clock.seconds)]
        order = {"commands": str(way), "log": str(self.log), "arguments": arguments}
        self.pid, self._end = await self.nursery.start({**order, "environment": self.environment})

    async def ready(self, http: aiohttp.ClientSession, within: float = 120.0) -> None:
        """Return when it serves and understands; what ended by itself is started again."""
        async with asyncio.timeout(within):
            while True:
                if await self._is_healthy(http):
                    return
                await asyncio.sleep(0.05)

    async def _is_healthy(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"{self.base}/health") as response:
                return response.status == 200
        except (aiohttp.ClientError, OSError, TimeoutError):
            if self._end is not None and self._end.done():
                self.fell += 1
                if self.fell > MOST_FALLS:
                    raise RuntimeError(f"it does not start, see {self.log}") from None
                await self.start()
            return False

    def tell(self, *words: object) -> None:
        """One order."""
        os.write(self._commands, f"{' '.join(map(str, words))}\n".encode())

    async def ended(self, within: float) -> int | None:
        """Wait for its end; what it ended with, None when it lives on."""
        assert self._end is not None
        try:
            async with asyncio.timeout(within):
                return await asyncio.shield(self._end)
        except TimeoutError:
            return None

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self._end is not None and not self._end.done():
            os.kill(self.pid, signal.SIGKILL)
            await self._end

    async def stop(self) -> bool:
        """SIGTERM; whether it ended by itself, and well."""
        assert self._end is not None
        if not self._end.done():
            os.kill(self.pid, signal.SIGTERM)
        code = await self.ended(STOPS_WITHIN)
        await self.kill()
        return code == 0

    def resident(self) -> float:
        """Its memory, in MB."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        except OSError:
            return 0.0
        size = next((line.split()[1] for line in lines if line.startswith("VmRSS")), "0")
        return int(size) / 1024
