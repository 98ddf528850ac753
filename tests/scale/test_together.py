"""Real processes at one PostgreSQL: started at one moment, one killed, one with another key."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.config import NAMED_VARIABLES
from tests.channels.conftest import until
from tests.storage.postgres import PostgresServer

ROOT = Path(__file__).parent.parent.parent
TOKEN = "token-of-the-processes"
KEY = bytes(range(32)).hex()
PATIENCE = 150.0

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@dataclass
class Started:
    """One process, what it has printed so far, and where it answers."""

    process: Process
    printed: list[str]
    url: str

    @property
    def has_login(self) -> bool:
        """Whether it made the first account, which it says after its addresses."""
        return any("密码只显示这一次" in line for line in self.printed)


async def start(url: str, folder: Path, role: str, key: str = KEY) -> Process:
    clean = {name: value for name, value in os.environ.items() if name not in NAMED_VARIABLES}
    own = {"DATABASE_URL": url, "YULU_KEY": key, "REST_CHANNEL_TOKEN": TOKEN}
    words = ("run", "--role", role, "--port", "0", "--data", str(folder))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=ROOT,
        env={**clean, **own, "PYTHONUNBUFFERED": "1"},
        stdout=PIPE,
        stderr=STDOUT,
    )


async def ready(process: Process, printed: list[str]) -> Started:
    """Wait until it says that it runs and answers people."""
    address = re.compile(r"(http://127\.0\.0\.1:\d+)/(desk|health)")
    while not (found := address.search("".join(printed))):
        assert process.returncode is None, printed
        await asyncio.sleep(0.05)
    async with httpx.AsyncClient(timeout=10) as http:
        while (await http.get(f"{found[1]}/health")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    return Started(process, printed, found[1])


async def read(process: Process, printed: list[str]) -> None:
    """Keep what it prints, to its end."""
    assert process.stdout is not None
    async for line in process.stdout:
        printed.append(line.decode())


@pytest.fixture
async def three(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[list[Started]]:
    with postgres_server.new_database() as url:
        roles = ("all", "all", "worker")
        begun = [await start(url, tmp_path / str(n), role) for n, role in enumerate(roles)]
        printed: list[list[str]] = [[] for _ in begun]
        reading = [asyncio.create_task(read(*each)) for each in zip(begun, printed, strict=True)]
        try:
            async with asyncio.timeout(PATIENCE):
                both = zip(begun, printed, strict=True)
                yield await asyncio.gather(*(ready(*each) for each in both))
            other = await start(url, tmp_path / "other", "all", key="ab" * 32)
            out, _ = await asyncio.wait_for(other.communicate(), PATIENCE)
            assert other.returncode == 1
            assert "另一把密钥" in out.decode()
        finally:
            for each in begun:
                if each.returncode is None:
                    each.send_signal(signal.SIGTERM)
            await asyncio.gather(*(asyncio.wait_for(each.wait(), 60) for each in begun))
            await asyncio.gather(*reading)


async def say(url: str, number: int) -> str:
    async with httpx.AsyncClient(base_url=url, timeout=40) as http:
        answer = await http.post(
            "/webhooks/rest/webhook",
            json={"sender": "u1", "message": "你好", "metadata": {"message_id": str(number)}},
            headers={"authorization": f"Bearer {TOKEN}"},
        )
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0]["text"])


async def test_they_start_together_and_go_on_without_the_one_that_is_killed(
    three: list[Started],
) -> None:
    assert "机器" in await say(three[0].url, 1)
    await until(lambda: any(each.has_login for each in three), PATIENCE)
    await asyncio.sleep(0.5)  # in which a second one would be told
    assert sum(each.has_login for each in three) == 1
    three[0].process.kill()
    await three[0].process.wait()
    assert await say(three[1].url, 2)
    async with httpx.AsyncClient(timeout=10) as http:
        assert (await http.get(f"{three[2].url}/health")).status_code == 200
