"""Sessions at the desk: each has a secret of its own, an end, and somebody who can end it."""

from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from bot.cli.accounts import change_password, switch
from bot.config import Security
from bot.web.door import session_life
from storage.kinds import Role
from tests.web.conftest import PASSWORD, Client, FakeService, add_officer, form_token
from tests.web.test_desk import post, sign_in

NEW = "骆驼 搪瓷 二十七 柳条"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


async def is_in(client: Client) -> bool:
    return (await client.get("/desk", follow_redirects=False)).status_code == 200


@pytest.fixture
async def other(server: Any) -> Any:
    async with AsyncTestClient(server, raise_server_exceptions=False) as client:
        yield client


async def test_every_sign_in_has_a_new_secret_and_the_old_one_is_void(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    client.cookies.set(
        "yulu_desk", "chosen-by-an-attacker", domain="testserver.local", path="/desk"
    )
    await sign_in(client, "王芳")
    first = _secret(client)
    assert first != "chosen-by-an-attacker" and len(first) >= 43
    await sign_in(client, "王芳")
    assert _secret(client) != first
    async with service.db.read() as uow:
        assert await uow.desk_sessions.by_token(first) is None
        assert len(await uow.desk_sessions.all()) == 1


async def test_a_kept_cookie_opens_nothing_after_signing_out(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    kept = _secret(client)
    await post(client, "/desk/logout")
    client.cookies.set("yulu_desk", kept, domain="testserver.local", path="/desk")
    assert not await is_in(client)


async def test_a_session_of_a_clock_that_was_wrong_does_not_last_until_then(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    service.wait(minutes=-5)
    assert await is_in(client), "a little is no harm"
    service.wait(days=-300)
    assert not await is_in(client)


async def test_a_session_ends_when_nobody_is_there_and_after_a_day_of_work(
    client: Client, service: FakeService
) -> None:
    rules = Security(session_hours=12, idle_minutes=120)
    service.config = service.config.model_copy(update={"security": rules})
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    service.wait(minutes=119)
    assert await is_in(client)
    service.wait(minutes=120)
    assert not await is_in(client)
    await sign_in(client, "王芳")
    for _ in range(11):
        service.wait(hours=1)
        assert await is_in(client)
    service.wait(hours=1)
    assert not await is_in(client)


async def test_reading_pages_writes_at_most_every_few_minutes(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    writes: list[Any] = []
    write = service.db.write

    def counted() -> Any:
        writes.append(1)
        return write()

    monkeypatch.setattr(service.db, "write", counted)
    for _ in range(10):
        service.wait(seconds=59)
        assert (await client.get("/desk/me")).status_code == 200
    assert len(writes) == 1


async def test_the_page_lists_the_devices_and_ends_the_others(
    client: Client, other: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    other.headers["user-agent"] = FIREFOX
    assert await sign_in(other, "王芳") == await sign_in(client, "王芳") == 303
    page = (await client.get("/desk/me")).text
    assert "Firefox · Linux 电脑" in page and page.count("就是这台") == 1
    await post(client, "/desk/me/end-others")
    assert await is_in(client) and not await is_in(other)


async def test_one_device_is_ended_by_its_owner_or_the_administrator_and_nobody_else(
    client: Client, other: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_officer(service, "李明", Role.SUPERVISOR)
    await sign_in(other, "王芳")
    async with service.db.read() as uow:
        [(row, _)] = await uow.desk_sessions.all()
    await sign_in(client, "李明")
    assert (await client.get("/desk/logins")).status_code == 403
    assert (await post(client, f"/desk/me/sessions/{row.id}/end")).status_code == 404
    assert await is_in(other)
    await add_officer(service, "管理员", Role.ADMIN, "150000")
    await sign_in(client, "管理员")
    assert "王芳" in (await client.get("/desk/logins")).text
    assert (await post(client, f"/desk/me/sessions/{row.id}/end")).status_code == 303
    assert not await is_in(other)


async def test_a_new_password_ends_every_other_session_and_renews_this_one(
    client: Client, other: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await sign_in(other, "王芳")
    await sign_in(client, "王芳")
    kept = _secret(client)
    answer = await post(client, "/desk/me/password", old=PASSWORD, new=NEW, again=NEW)
    assert answer.headers["location"] == "/desk/me?done=password"
    assert await is_in(client) and not await is_in(other)
    assert _secret(client) != kept
    assert await sign_in(other, "王芳") == 401
    assert await sign_in(other, "王芳", NEW) == 303


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"old": "wrong"}, "现在的密码不对"),
        ({"again": "别的"}, "不一样"),
        ({"new": "short", "again": "short"}, "太短"),
        ({"new": "password1234", "again": "password1234"}, "太好猜"),
    ],
)
async def test_a_bad_new_password_is_refused_in_words(
    client: Client, service: FakeService, form: dict[str, str], said: str
) -> None:
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    answer = await post(
        client, "/desk/me/password", **{"old": PASSWORD, "new": NEW, "again": NEW, **form}
    )
    assert answer.status_code == 422 and said in answer.text
    assert await is_in(client)


async def test_the_old_password_cannot_be_guessed_from_an_open_desk(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    forms = [{"old": f"wrong {number}", "new": NEW, "again": NEW} for number in range(6)]
    found = [(await post(client, "/desk/me/password", **form)).status_code for form in forms]
    assert found == [422] * 5 + [429]
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(limit=20)
    assert [entry.action for entry in entries].count("password_failed") == 5


async def test_the_technician_ends_sessions_with_a_password_or_the_account(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await sign_in(client, "王芳")
    await change_password(service.db, "王芳", NEW)
    assert not await is_in(client)
    await sign_in(client, "王芳", NEW)
    await switch(service.db, "王芳", active=False)
    assert not await is_in(client)
    assert await sign_in(client, "王芳", NEW) == 401


def test_a_browser_is_named_as_its_owner_would() -> None:
    wechat = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537 Chrome/86 MicroMessenger/8.0"
    assert session_life.device_of(wechat) == "微信 · 安卓手机"
    assert session_life.device_of("<script>") == "不认识的设备"


async def test_the_login_leads_nowhere_else(client: Client, service: FakeService) -> None:
    await add_officer(service, "王芳")
    token = form_token((await client.get("/desk/login?next=https://evil.example")).text)
    form = {"_csrf_token": token, "name": "王芳", "password": PASSWORD, "next": "//evil.example"}
    answer = await client.post("/desk/login?next=//evil.example", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/desk"


def _secret(client: Client) -> str:
    found = [cookie.value for cookie in client.cookies.jar if cookie.name == "yulu_desk"]
    assert len(found) == 1
    return found[0] or ""
