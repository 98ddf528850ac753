"""The second factor at the desk: setting it up, signing in with it, losing the telephone."""

import asyncio
from typing import Any

import pyotp
import pytest
from litestar.testing import AsyncTestClient

from bot.cli.accounts import reset_factor
from bot.config import Security
from bot.web.server import create_server
from storage.kinds import Role
from tests.web.conftest import PASSWORD, Client, FakeService, add_officer, form_token
from tests.web.test_desk import sign_in

CONFIRMED = "/desk/factor/confirm"


async def send(client: Client, path: str, page: str = "/desk/factor", **form: str) -> Any:
    data = {"_csrf_token": form_token((await client.get(page)).text), **form}
    return await client.post(path, data=data, follow_redirects=False)


async def password(client: Client, name: str = "王芳") -> Any:
    return await send(client, "/desk/login", "/desk/login", name=name, password=PASSWORD)


async def code(client: Client, typed: str) -> Any:
    return await send(client, "/desk/login/code", "/desk/login/code", code=typed)


async def secret_of(service: FakeService, officer_id: int) -> str:
    async with service.db.read() as uow:
        factor = await uow.second_factors.of(officer_id)
        assert factor is not None
        return factor.secret


def shown(secret: str, service: FakeService) -> str:
    """What the telephone shows now."""
    return pyotp.TOTP(secret).at(int(service.now().timestamp()))


async def actions(service: FakeService) -> list[str]:
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(limit=100)
        return [entry.action for entry in entries]


@pytest.fixture
async def enrolled(client: Client, service: FakeService) -> tuple[str, list[str]]:
    """王芳 has set it up and is signed in: her secret and her recovery codes."""
    officer, _ = await add_officer(service, "王芳")
    assert await sign_in(client, "王芳") == 303
    assert (await send(client, "/desk/factor/begin")).status_code == 303
    secret = await secret_of(service, officer.id)
    page = await send(client, CONFIRMED, code=shown(secret, service))
    assert page.status_code == 200
    codes = [part.split("</code>")[0] for part in page.text.split("<code>")[1:]]
    assert len(set(codes)) == 10
    service.wait(minutes=1)
    return secret, codes


async def test_the_picture_and_the_secret_are_shown_until_they_are_confirmed(
    client: Client, service: FakeService
) -> None:
    officer, _ = await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    assert (await client.get("/desk/factor/qr.svg")).status_code == 404
    await send(client, "/desk/factor/begin")
    picture = await client.get("/desk/factor/qr.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.headers["cache-control"] == "no-store"
    assert (
        picture.text.startswith("<") and "<path" in picture.text and "<script" not in picture.text
    )
    secret = await secret_of(service, officer.id)
    assert secret[:4] in (await client.get("/desk/factor")).text
    assert (await send(client, CONFIRMED, code="000000")).status_code == 422
    assert (await send(client, CONFIRMED, code=shown(secret, service))).status_code == 200
    assert (await client.get("/desk/factor/qr.svg")).status_code == 404
    assert secret[:4] not in (await client.get("/desk/factor")).text


async def test_a_password_alone_opens_nothing(
    client: Client, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    client.cookies.clear()
    assert (await password(client)).headers["location"] == "/desk/login/code"
    for path in ("/desk", "/desk/me", "/desk/factor", "/desk/factor/qr.svg"):
        answer = await client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/login/code")
    assert "logout" not in await actions(service)
    answer = await code(client, shown(enrolled[0], service))
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert (await client.get("/desk", follow_redirects=False)).status_code == 200


async def test_a_code_opens_once(
    client: Client, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    for status in (303, 401):
        client.cookies.clear()
        await password(client)
        assert (await code(client, shown(enrolled[0], service))).status_code == status


async def test_the_same_code_sent_twice_at_once_opens_once(
    server: Any, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    async with AsyncTestClient(server) as one, AsyncTestClient(server) as two:
        for client in (one, two):
            await password(client)
        now = shown(enrolled[0], service)
        answers = await asyncio.gather(code(one, now), code(two, now))
    assert sorted(answer.status_code for answer in answers) == [303, 401]


async def test_an_older_code_is_not_taken_after_a_newer_one(
    client: Client, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    before = shown(enrolled[0], service)
    service.wait(seconds=30)
    await send(client, "/desk/factor/codes", code=shown(enrolled[0], service))
    client.cookies.clear()
    await password(client)
    assert (await code(client, before)).status_code == 401


async def test_a_recovery_code_opens_once(
    client: Client, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    for status in (303, 401):
        client.cookies.clear()
        await password(client)
        assert (await code(client, enrolled[1][3].upper())).status_code == status
        if status == 303:
            assert "还剩 9 个。不是您自己" in (await client.get("/desk")).text
    assert "login_recovery" in await actions(service)
    client.cookies.clear()
    service.wait(minutes=1)
    await password(client)
    await code(client, shown(enrolled[0], service))
    assert "还剩 9 个" in (await client.get("/desk/me")).text


async def test_guessing_codes_is_slowed_and_the_owner_is_told(
    client: Client, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    client.cookies.clear()
    await password(client)
    for _ in range(5):
        assert (await code(client, "000000")).status_code == 401
    answer = await code(client, shown(enrolled[0], service))
    assert answer.status_code == 429 and "分钟再试" in answer.text
    assert (await actions(service)).count("factor_failed") == 5
    service.wait(minutes=4)
    await password(client)
    assert (await code(client, shown(enrolled[0], service))).status_code == 303
    assert "有人用对了您的密码" in (await client.get("/desk")).text


async def test_the_time_between_password_and_code_is_short(
    client: Client, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    client.cookies.clear()
    await password(client)
    service.wait(minutes=10)
    answer = await client.get("/desk/login/code", follow_redirects=False)
    assert answer.headers["location"] == "/desk/login"


async def test_setting_it_up_signs_every_other_browser_out(
    client: Client, server: Any, service: FakeService
) -> None:
    officer, _ = await add_officer(service, "王芳")
    async with AsyncTestClient(server) as other:
        await sign_in(other, "王芳")
        await sign_in(client, "王芳")
        await send(client, "/desk/factor/begin")
        await send(client, CONFIRMED, code=shown(await secret_of(service, officer.id), service))
        assert (await client.get("/desk", follow_redirects=False)).status_code == 200
        assert (await other.get("/desk", follow_redirects=False)).status_code == 303


async def test_it_is_taken_away_with_a_code_or_by_the_technician(
    client: Client, service: FakeService, enrolled: tuple[str, list[str]]
) -> None:
    assert (await send(client, "/desk/factor/remove", code="000000")).status_code == 422
    assert "factor_failed" in await actions(service), "whoever has the session may be a thief"
    answer = await send(client, "/desk/factor/remove", code=shown(enrolled[0], service))
    assert answer.headers["location"] == "/desk/me"
    assert (await password(client)).headers["location"] == "/desk"
    await send(client, "/desk/factor/begin")
    async with service.db.read() as uow:
        officer = await uow.officers.by_name("王芳")
    assert officer is not None
    await send(client, CONFIRMED, code=shown(await secret_of(service, officer.id), service))
    assert await reset_factor(service.db, "王芳")
    assert (await client.get("/desk", follow_redirects=False)).status_code == 303
    assert (await password(client)).headers["location"] == "/desk"
    assert "技术员重设了您的第二步验证" in (await client.get("/desk")).text
    found = await actions(service)
    assert "officer.reset_factor" in found and "factor_removed" in found


async def test_a_role_may_be_led_to_set_it_up_before_anything_else(service: FakeService) -> None:
    security = Security(second_factor=(Role.ADMIN, Role.SUPERVISOR))
    service.config = service.config.model_copy(update={"security": security})
    officer, _ = await add_officer(service, "主管", Role.SUPERVISOR)
    await add_officer(service, "王芳")
    async with AsyncTestClient(create_server(service)) as client:
        assert (await password(client)).headers["location"] == "/desk"
        assert (await client.get("/desk", follow_redirects=False)).status_code == 200
        client.cookies.clear()
        await password(client, "主管")
        for path in ("/desk", "/desk/me", "/desk/import"):
            answer = await client.get(path, follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/factor")
        assert "您的角色要先设好" in (await client.get("/desk/factor")).text
        await send(client, "/desk/factor/begin")
        secret = await secret_of(service, officer.id)
        await send(client, CONFIRMED, code=shown(secret, service))
        assert (await client.get("/desk", follow_redirects=False)).status_code == 200
        service.wait(minutes=1)
        refused = await send(client, "/desk/factor/remove", code=shown(secret, service))
        assert refused.status_code == 422
