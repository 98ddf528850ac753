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
from tests.storage.postgres import PostgresServer

ROOT = Path(__file__).parent.parent.parent
TOKEN = "token-of-the-processes"
KEY = bytes(range(32)).hex()
PATIENCE = 150.0

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@dataclass
class Started:
    """One process, what it printed until it was ready, and where it answers."""

    process: Process
    printed: str
    url: str


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


async def ready(process: Process) -> Started:
    """Wait until it says that it runs and answers people."""
    assert process.stdout is not None
    printed = ""
    while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/(desk|health)", printed)):
        line = (await process.stdout.readline()).decode()
        assert line, printed
        printed += line
    async with httpx.AsyncClient(timeout=10) as http:
        while (await http.get(f"{found[1]}/health")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    for _ in range(20):  # the login comes after the addresses
        try:
            async with asyncio.timeout(0.05):
                printed += (await process.stdout.readline()).decode()
        except TimeoutError:
            break
    return Started(process, printed, found[1])


@pytest.fixture
async def three(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[list[Started]]:
    with postgres_server.new_database() as url:
        roles = ("all", "all", "worker")
        begun = [await start(url, tmp_path / str(n), role) for n, role in enumerate(roles)]
        try:
            async with asyncio.timeout(PATIENCE):
                yield await asyncio.gather(*(ready(each) for each in begun))
            other = await start(url, tmp_path / "other", "all", key="ab" * 32)
            out, _ = await asyncio.wait_for(other.communicate(), PATIENCE)
            assert other.returncode == 1
            assert "另一把密钥" in out.decode()
        finally:
            for each in begun:
                if each.returncode is None:
                    each.send_signal(signal.SIGTERM)
            await asyncio.gather(*(asyncio.wait_for(each.wait(), 60) for each in begun))


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
    logins = [each for each in three if "密码只显示这一次" in each.printed]
    assert len(logins) == 1
    assert "机器" in await say(three[0].url, 1)
    three[0].process.kill()
    await three[0].process.wait()
    assert await say(three[1].url, 2)
    async with httpx.AsyncClient(timeout=10) as http:
        assert (await http.get(f"{three[2].url}/health")).status_code == 200
