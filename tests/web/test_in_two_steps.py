"""The desk and the API are put together after the chat; nobody who asks early is turned away."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from bot.web import in_two_steps
from bot.web.in_two_steps import InTwoSteps
from bot.web.server import Served, create_server
from tests.web.conftest import FakeService


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Served]:
    """What was put together, in order."""
    found: list[Served] = []
    make = create_server

    def noted(service: FakeService, served: Served, site: object) -> object:
        found.append(served)
        return make(service, served, site)  # type: ignore[arg-type]

    monkeypatch.setattr(in_two_steps, "create_server", noted)
    return found


@pytest.fixture
async def early(service: FakeService, made: list[Served]) -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(InTwoSteps(service))
    async with AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def test_the_chat_does_not_wait_for_the_desk(early: AsyncClient, made: list[Served]) -> None:
    assert (await early.get("/")).status_code == 200
    assert (await early.get("/health")).status_code == 200
    assert made == [Served.CHAT]


async def test_who_asks_early_for_the_desk_or_the_api_waits_for_it(
    early: AsyncClient, made: list[Served]
) -> None:
    asked = ("/desk/login", "/api/v1/openapi.json", "/desk/login")
    answers = await asyncio.gather(*(early.get(path) for path in asked))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert made == [Served.CHAT, Served.ALL]
    assert (await early.get("/")).status_code == 200


async def test_limits_count_on_when_the_rest_is_there(service: FakeService) -> None:
    pages = InTwoSteps(service)
    first = pages._app.state["site"]  # type: ignore[attr-defined]
    await pages.complete()
    assert pages._app.state["site"] is first  # type: ignore[attr-defined]


async def test_every_page_of_the_second_step_is_waited_for(service: FakeService) -> None:
    first, whole = (create_server(service, served) for served in (Served.CHAT, Served.ALL))
    later = {route.path for route in whole.routes} - {route.path for route in first.routes}
    assert len(later) > 100
    assert [path for path in later if not path.startswith(in_two_steps._LATER)] == []
