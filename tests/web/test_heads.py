"""HEAD is answered like GET, without the page: who watches over the service asks that way."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient
from litestar import Litestar

from bot.service.serving import QuietServer, listen
from tests.web.conftest import FakeService, add_officer, add_record, bearer

A1 = "A26-0000-013"


@pytest.fixture
async def site(server: Litestar) -> AsyncIterator[AsyncClient]:
    """The server behind a socket, as it is in service; a client of its own."""
    socket = listen("127.0.0.1", 0)
    serving = QuietServer(server)
    task = asyncio.create_task(serving.serve(sockets=[socket]))
    await serving.ready.wait()
    async with AsyncClient(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}") as client:
        yield client
    serving.should_exit = serving.force_exit = True
    await task


async def test_a_head_says_what_a_get_says(site: AsyncClient, service: FakeService) -> None:
    _, token = await add_officer(service, "王芳")
    await add_record(service, A1)
    pages = ("/", "/desk", "/desk/login", "/health", "/static/base.css", "/nothing")
    for path in (*pages, "/webhooks/rest", "/api/v1/applications", f"/api/v1/applications/{A1}"):
        got = await site.get(path, headers=bearer(token))
        asked = await site.head(path, headers=bearer(token))
        assert (path, asked.status_code) == (path, got.status_code)
        assert asked.content == b""
        for name in ("content-type", "content-security-policy", "location"):
            assert asked.headers.get(name) == got.headers.get(name)
    assert (await site.get("/health")).json() == {"status": "ok"}


async def test_a_head_of_what_never_ends_ends(site: AsyncClient, server: Litestar) -> None:
    await site.get("/")
    asked = await asyncio.wait_for(site.head("/chat/events"), 5)
    assert asked.content == b"" and asked.headers["content-type"].startswith("text/event-stream")
    streams = server.state["site"].streams
    for _ in range(250):
        if not any(streams.values()):
            break
        await asyncio.sleep(0.02)
    assert not any(streams.values()), "the page is written to although nobody reads it"
