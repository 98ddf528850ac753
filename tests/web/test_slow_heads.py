"""Connections that never finish asking are ended; what is no request is answered like all else."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.service.serving import QuietServer, listen
from bot.web.door.headers import ALWAYS
from bot.web.door.slow_heads import Impatient
from bot.web.server import create_server
from tests.web.conftest import FakeService

PATIENCE = 0.25
ASKED = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.fixture
async def port(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(Impatient, "patience", PATIENCE)
    socket = listen("127.0.0.1", 0)
    server = QuietServer(create_server(service))
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    await server.ready.wait()
    yield socket.getsockname()[1]
    server.should_exit = server.force_exit = True
    await serving


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nhost: x\r\n", ASKED])
async def test_who_does_not_finish_asking_is_let_go(port: int, first: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(first)
    if first == ASKED:
        assert b" 200 " in await reader.readline()
        writer.write(b"GET / HTTP/1.1\r\n")  # and then a second one, slowly
    began = time.monotonic()

    async def trickle() -> None:
        while first:
            writer.write(b"x: y\r\n")
            await asyncio.sleep(0.05)

    trickling = asyncio.create_task(trickle())
    await asyncio.wait_for(reader.read(), 5)
    trickling.cancel()
    writer.close()
    assert time.monotonic() - began > PATIENCE / 2


async def test_an_answer_may_take_longer_than_the_question(
    port: int, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = service.db.read

    def slow() -> object:
        time.sleep(PATIENCE * 2)
        return real()

    monkeypatch.setattr(service.db, "read", slow)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASKED)
    assert b" 200 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x00\xff\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x" * 70_000,
    ],
    ids=["no text", "no host", "too long"],
)
async def test_what_is_no_request_is_answered_with_every_header(port: int, raw: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    answer = (await asyncio.wait_for(reader.read(), 5)).decode("ascii")
    writer.close()
    assert answer.startswith("HTTP/1.1 400 ")
    for name, value in ALWAYS.items():
        assert f"\r\n{name}: {value}\r\n" in answer


async def test_a_stranger_who_wants_another_protocol_fills_no_log(
    port: int, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from bot import logs

    logs.configure("info")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    upgrade = b"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: x\r\n\r\n"
    writer.write(b"GET /health HTTP/1.1\r\nhost: x\r\n" + upgrade)
    assert b" 200 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    _, broken = await asyncio.open_connection("127.0.0.1", port)
    broken.write(b"\x00\r\n\r\n")
    await asyncio.sleep(0.1)
    broken.close()
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
    assert "Unsupported upgrade" not in capsys.readouterr().err
