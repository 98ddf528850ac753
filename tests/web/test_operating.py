"""/ready for a load balancer, /metrics for this machine or for whoever has the token."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from pydantic import SecretStr

from bot.config import Metrics
from bot.web.site import Site
from tests.watch.test_snapshot import values
from tests.web.conftest import Client, FakeService, add_officer, bearer
from tests.web.test_desk import sign_in

HERE, ELSEWHERE = ("127.0.0.1", 5), ("203.0.113.9", 5)
TOKEN = "token-of-the-monitoring"


@pytest.fixture
async def asking(server: Litestar) -> AsyncIterator[Any]:
    """Clients at an address of one's choice."""
    import httpx

    async def get(address: tuple[str, int], **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(cast(Any, server), client=address)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await client.get("/metrics", headers=headers)

    async with AsyncTestClient(server):
        yield get


def with_token(service: FakeService, server: Litestar) -> None:
    metrics = Metrics(token=SecretStr(TOKEN))
    service.config = service.config.model_copy(update={"metrics": metrics})
    server.state["site"] = Site(service)


async def test_ready_names_every_part(client: Client, service: FakeService) -> None:
    answer = await client.get("/ready")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "ready")
    assert {"database", "schema", "engine", "workers", "tick", "disk", "inbox"} <= set(
        told["parts"]
    )
    assert set(told["parts"]["database"]) == {"state", "is"}
    assert str(service.config.data_dir) not in answer.text


async def test_ready_says_no_while_loading_and_while_leaving(
    client: Client, service: FakeService
) -> None:
    service.is_ready = False
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    service.is_ready = True
    service.watch.pulse.is_draining = True
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "draining")
    assert (await client.get("/health")).status_code == 200, "it still serves"


async def test_ready_says_no_without_a_database_even_when_it_answered_just_now(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await client.get("/ready")).status_code == 200

    def broken() -> None:
        raise OSError("postgresql://user:password@host")

    monkeypatch.setattr(service.db, "read", broken)
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["parts"]["database"]["state"]) == (503, "failed")
    assert "password" not in answer.text


async def test_figures_are_for_this_machine(asking: Any) -> None:
    assert (await asking(HERE)).status_code == 200
    assert (await asking(("::1", 5))).status_code == 200
    for address in (ELSEWHERE, ("10.0.0.7", 5), ("testclient", 5)):
        assert (await asking(address)).status_code == 404


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
async def test_a_proxy_on_this_machine_lets_nobody_in(asking: Any, name: str) -> None:
    assert (await asking(HERE, **{name: "127.0.0.1"})).status_code == 404


async def test_whoever_has_the_token_reads_from_anywhere(
    asking: Any, service: FakeService, server: Litestar
) -> None:
    with_token(service, server)
    right = {"authorization": f"Bearer {TOKEN}"}
    assert (await asking(ELSEWHERE, **right)).status_code == 200
    assert (await asking(HERE, **right, **{"x-forwarded-for": "1.2.3.4"})).status_code == 200
    for wrong in ({}, {"authorization": "Bearer x"}, {"authorization": f"Basic {TOKEN}"}):
        answer = await asking(ELSEWHERE, **wrong)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_an_empty_token_opens_nothing(asking: Any) -> None:
    assert (await asking(ELSEWHERE, authorization="Bearer ")).status_code == 404


async def test_what_is_asked_over_http_is_counted(
    client: Client, service: FakeService, asking: Any
) -> None:
    await add_officer(service, "王老师")
    await client.get("/nothing")
    await client.get("/api/v1/cases", headers=bearer("wrong"))
    await sign_in(client, "王老师", "wrong")
    await sign_in(client, "王老师")
    answer = await asking(HERE)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    told = values(answer.content)
    assert told["yulu_logins_total{result=failed}"] == 1
    assert told["yulu_logins_total{result=let in}"] == 1
    assert told["yulu_http_requests_total{area=chat,status=4xx}"] == 1
    assert told["yulu_http_requests_total{area=api,status=4xx}"] == 1
    assert told["yulu_http_seconds_count{area=desk}"] >= 4
