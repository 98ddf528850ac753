"""Guessing passwords is slowed, by name and by address, and locks out no officer's own browser."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import select

from bot.login import passwords
from bot.login.shared_throttle import SharedThrottle
from bot.login.throttle import Limit
from bot.web import live
from bot.web.door import login_limits
from bot.web.server import create_server
from bot.web.site import Site
from storage.models.audit import AuditEntry
from storage.models.guard import Attempt
from tests.web.conftest import PASSWORD, Client, FakeService, add_officer, bearer
from tests.web.test_desk import sign_in

pytestmark = pytest.mark.slow


def at(server: Litestar, address: str) -> Any:
    """A browser at an address."""
    app: Any = server
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://testserver.local")


async def tries(server: Litestar, address: str, names: list[str]) -> list[int]:
    async with at(server, address) as client:
        return [await sign_in(client, name, "wrong") for name in names]


async def test_a_stranger_cannot_lock_an_officer_out_of_an_own_browser(
    client: Client, server: Litestar, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    assert await sign_in(client, "王芳") == 303
    for number in range(8):  # as many addresses as it takes to use up the name
        found = await tries(server, f"203.0.113.{number}", ["王芳"] * 5)
    assert 429 in found
    async with at(server, "198.51.100.7") as fresh:
        assert await sign_in(fresh, "王芳") == 429
        service.wait(minutes=2)
        assert await sign_in(fresh, "王芳") == 303, "a new browser waits for minutes, not hours"
    assert await sign_in(client, "王芳") == 303


async def test_the_mark_of_one_officer_or_a_made_up_one_helps_nobody_else(
    client: Client, server: Litestar, service: FakeService
) -> None:
    for name in ("王芳", "李明"):
        await add_officer(service, name)
    await sign_in(client, "李明")
    assert [await sign_in(client, "王芳", "wrong") for _ in range(6)] == [401] * 5 + [429]
    site = Site(service)
    assert login_limits.is_known(site, login_limits.new_mark(site, "王芳"), "王芳")
    for made_up in ("", ".", "x.y", login_limits.new_mark(site, "李明")):
        assert not login_limits.is_known(site, made_up, "王芳")


async def test_a_known_browser_is_slowed_as_well(client: Client, service: FakeService) -> None:
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    assert [await sign_in(client, "王芳", "wrong") for _ in range(6)] == [401] * 5 + [429]


async def test_an_address_that_tries_many_names_is_slowed(
    server: Litestar, service: FakeService
) -> None:
    names = [f"name {number}" for number in range(41)]
    assert await tries(server, "203.0.113.9", names) == [401] * 40 + [429]
    assert await tries(server, "203.0.113.10", ["other"]) == [401]


async def test_all_addresses_of_one_home_count_as_one(
    server: Litestar, service: FakeService
) -> None:
    found = []
    for number in range(6):
        found += await tries(server, f"2001:db8:1:2::{number:x}", ["王芳"])
    assert found == [401] * 5 + [429]
    assert await tries(server, "2001:db8:1:3::1", ["王芳"]) == [401]


async def test_a_forwarded_address_is_believed_from_nobody_but_a_proxy(
    server: Litestar, service: FakeService
) -> None:
    found = []
    async with at(server, "203.0.113.9") as client:
        for number in range(6):
            client.headers["x-forwarded-for"] = f"198.51.100.{number}"
            client.headers["forwarded"] = f"for=198.51.100.{number}"
            client.headers["x-real-ip"] = f"198.51.100.{number}"
            found.append(await sign_in(client, "王芳", "wrong"))
    assert found == [401] * 5 + [429]


async def test_a_restart_and_another_process_know_of_the_attempts(
    client: Client, service: FakeService
) -> None:
    for _ in range(5):
        await sign_in(client, "王芳", "wrong")
    async with AsyncTestClient(create_server(service)) as other:
        assert await sign_in(other, "王芳", "wrong") == 429


async def test_no_name_and_no_address_is_kept_of_attempts(
    server: Litestar, service: FakeService
) -> None:
    await tries(server, "203.0.113.9", ["my-password-typed-as-name"] * 2)
    async with service.db.read() as uow:
        callers = [row.caller for row in await uow.session.scalars(select(Attempt))]
        entries = list(await uow.session.scalars(select(AuditEntry)))
    assert all(len(caller) == 64 for caller in callers)
    kept = " ".join(f"{entry.action} {entry.detail}" for entry in entries)
    assert "203.0.*.*" in kept and "203.0.113" not in kept and "typed-as-name" not in kept
    assert [entry.action for entry in entries] == ["login_failed"] * 2
    service.wait(days=1)
    await tries(server, "203.0.113.8", ["x"])
    async with service.db.read() as uow:
        assert len(list(await uow.session.scalars(select(Attempt)))) == 3


async def test_a_right_password_empties_the_measure(client: Client, service: FakeService) -> None:
    await add_officer(service, "王芳")
    for _ in range(3):
        assert [await sign_in(client, "王芳", "wrong") for _ in range(4)] == [401] * 4
        client.cookies.clear()
        assert await sign_in(client, "王芳") == 303


async def test_an_outdated_hash_is_renewed_and_nobody_is_signed_out(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, _ = await add_officer(service, "王芳")
    before = officer.password_hash
    await sign_in(client, "王芳")
    newer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: newer)
    async with AsyncTestClient(client.app) as other:
        assert await sign_in(other, "王芳") == 303
    async with service.db.read() as uow:
        row = await uow.officers.get(officer.id)
        assert row is not None and row.password_hash != before
    assert (await client.get("/desk", follow_redirects=False)).status_code == 200
    client.cookies.clear()
    assert await sign_in(client, "王芳", PASSWORD) == 303


async def test_a_token_and_an_account_may_ask_only_so_often(service: FakeService) -> None:
    rules = service.config.security.model_copy(update={"requests_a_minute": 60})
    service.config = service.config.model_copy(update={"security": rules})
    _, token = await add_officer(service, "王芳")
    async with AsyncTestClient(create_server(service)) as client:
        found = [await _cases(client, token) for _ in range(61)]
        assert [answer.status_code for answer in found] == [200] * 60 + [429]
        assert found[-1].headers["retry-after"] == "1"
        await sign_in(client, "王芳")
        desk = [(await client.get("/desk/pulse?after=0")).status_code for _ in range(61)]
        assert desk[-1] == 429 and 429 not in desk[:60]
        service.wait(seconds=1)
        assert (await _cases(client, token)).status_code == 200


async def _cases(client: Client, token: str) -> Any:
    return await client.get("/api/v1/sessions", headers=bearer(token))


async def test_one_address_may_ask_only_so_often(server: Litestar, service: FakeService) -> None:
    five = SharedThrottle("visits", Limit(5, timedelta(minutes=1)))
    server.state["site"] = Site(service, visits=five)
    async with at(server, "203.0.113.9") as busy, at(server, "203.0.113.10") as calm:
        found = [await busy.get("/") for _ in range(6)]
        assert [answer.status_code for answer in found] == [200] * 5 + [429]
        assert "太快了" in found[-1].text and found[-1].headers["retry-after"] == "12"
        for path in ("/static/base.css", "/health"):
            assert (await busy.get(path)).status_code == 200
        assert (await calm.get("/")).status_code == 200


async def test_one_address_may_hold_only_so_many_streams(
    server: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = server.state["site"]
    site.streams["203.0.113.9"] = live.MOST_OF_A_NETWORK
    async with at(server, "203.0.113.9") as busy:
        busy.cookies.set("yulu_chat", "a" * 43)
        assert (await busy.get("/chat/events")).status_code == 429
    chat = live.stream(server, site, "nobody", 0)
    counted = live._counted(site, "198.51.100.1", chat)
    await anext(counted)
    assert site.streams["198.51.100.1"] == 1
    await counted.aclose()
    assert "198.51.100.1" not in site.streams


async def test_many_passwords_at_once_take_little_memory(
    server: Litestar, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most = 0, 0

    async def slow(_hash: str | None, _password: str) -> bool:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.4)
        running -= 1
        return False

    monkeypatch.setattr(passwords, "is_right", slow)
    found = await asyncio.gather(*(tries(server, f"203.0.113.{n}", [f"n{n}"]) for n in range(5)))
    assert found == [[401]] * 5 and most == 2
