"""What holds for every address: form tokens, own origin, headers, cookies, who may open it."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from bot.web.door import cookies
from bot.web.door.headers import ALWAYS
from bot.web.server import create_server
from storage.kinds import Role
from tests.web.conftest import BANNER, PASSWORD, Client, FakeService, add_officer, form_token
from tests.web.test_desk import desk_of
from tests.web.walk import addresses, post_with_token

OUTSIDE = ("/api/", "/webhooks/")
OPEN_DESK = {"/desk/login", "/desk/login/code", "/desk/logout"}
HTTPS = "https://yulu.example"


def forms(app: Litestar) -> list[str]:
    """Every address that a form may be sent to."""
    found = [path for path in addresses(app, "POST") if not path.startswith(OUTSIDE)]
    assert len(found) > 25
    return found


async def test_every_form_needs_its_token(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN, "150000")
    await client.get("/desk")
    wrong = []
    for path in forms(client.app):
        for form in ({}, {"_csrf_token": "0" * 128}):
            answer = await client.post(path, data=form, follow_redirects=False)
            if answer.status_code != 403:
                wrong.append((path, answer.status_code))
    assert wrong == []


async def test_no_other_verb_changes_anything(client: Client) -> None:
    for verb in ("PUT", "PATCH", "DELETE"):
        assert addresses(client.app, verb) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.local.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_of_another_site_is_refused_although_it_has_a_token(
    client: Client, service: FakeService, headers: dict[str, str]
) -> None:
    await desk_of(client, service, Role.ADMIN, "150000")
    wrong = []
    for path in forms(client.app):
        answer = await post_with_token(client, path, "/desk", headers=headers)
        if answer.status_code != 403:
            wrong.append((path, answer.status_code))
    assert wrong == []


async def test_our_own_pages_and_the_address_people_open_are_no_other_site(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    own = [{}, {"origin": "http://testserver.local"}, {"origin": service.config.public_url}]
    for headers in [*own, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]:
        answer = await post_with_token(client, "/desk/notices", "/desk", headers=headers)
        assert answer.status_code == 303, headers


@pytest.mark.slow
async def test_every_answer_has_every_header(client: Client, service: FakeService) -> None:
    for signed_in in (False, True):
        if signed_in:
            await desk_of(client, service, Role.ADMIN, "150000")
        for path in [*addresses(client.app, "GET"), "/nothing", "/desk/nothing", "/api/v1/nothing"]:
            if path == "/chat/events":
                continue  # the stream does not end; test_chat.py reads its head
            check_headers(path, await client.get(path, follow_redirects=False))
    for path in addresses(client.app, "POST"):
        check_headers(path, await client.post(path, follow_redirects=False))
    check_headers("too large", await client.post("/desk/login", content=b"x" * 70_000))
    check_headers("wrong verb", await client.delete("/desk"))


def check_headers(path: str, answer: Any) -> None:
    missing = {name for name in ALWAYS if name not in answer.headers}
    assert missing == set(), f"{path} {answer.status_code}"
    assert "unsafe" not in answer.headers["content-security-policy"]
    is_static = path.startswith("/static/") and answer.status_code == 200
    wanted = "max-age" if is_static else "no-store"
    assert wanted in answer.headers["cache-control"], f"{path} {answer.status_code}"
    assert "server" not in answer.headers and "x-powered-by" not in answer.headers


async def test_the_whole_desk_is_closed_without_a_session(client: Client) -> None:
    found = {path for path in addresses(client.app, "GET") if path.startswith("/desk")}
    assert len(found) > 30
    for path in found - OPEN_DESK:
        answer = await client.get(path, follow_redirects=False)
        assert (path, answer.status_code) == (path, 303)
        assert answer.headers["location"] == "/desk/login"
    for path in {path for path in forms(client.app) if path.startswith("/desk")} - OPEN_DESK:
        answer = await post_with_token(client, path, "/desk/login")
        assert (path, answer.headers.get("location")) == (path, "/desk/login")


async def test_over_https_every_cookie_is_kept_to_this_host(service: FakeService) -> None:
    web = service.config.web.model_copy(update={"public_url": HTTPS})
    service.config = service.config.model_copy(update={"web": web})
    await add_officer(service, "王芳", Role.OFFICER, BANNER)
    async with AsyncTestClient(create_server(service), base_url=HTTPS) as client:
        page = await client.get("/")
        assert page.headers["strict-transport-security"].startswith("max-age=")
        set_ = page.headers.get_list("set-cookie")
        login = await client.get("/desk/login")
        form = {"_csrf_token": form_token(login.text), "name": "王芳", "password": PASSWORD}
        answer = await client.post("/desk/login", data=form, follow_redirects=False)
        set_ += answer.headers.get_list("set-cookie")
        assert (await client.get("/desk", follow_redirects=False)).status_code == 200
        out = await post_with_token(client, "/desk/logout", "/desk")
        set_ += out.headers.get_list("set-cookie")
        set_ += (await client.post("/desk/me/password")).headers.get_list("set-cookie")
    names = {cookie.partition("=")[0] for cookie in set_}
    plain = (cookies.SESSION, cookies.DEVICE, cookies.FORM, cookies.TICKET)
    assert names == {f"__Host-{name}" for name in plain}
    for cookie in set_:
        marks = {mark.strip().lower() for mark in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/"} <= marks, cookie
        assert marks & {"samesite=lax", "samesite=strict"}, cookie
        assert not any(mark.startswith("domain") for mark in marks), cookie


async def test_without_https_cookies_are_still_closed_to_scripts_and_other_sites(
    client: Client, service: FakeService
) -> None:
    set_ = (await client.get("/")).headers.get_list("set-cookie")
    await add_officer(service, "王芳")
    form = {"_csrf_token": form_token((await client.get("/desk/login")).text)}
    form |= {"name": "王芳", "password": PASSWORD}
    set_ += (await client.post("/desk/login", data=form, follow_redirects=False)).headers.get_list(
        "set-cookie"
    )
    assert len(set_) >= 4
    for cookie in set_:
        assert "HttpOnly" in cookie and "SameSite=" in cookie and "Secure" not in cookie


async def test_a_talk_of_before_the_site_had_https_goes_on(service: FakeService) -> None:
    web = service.config.web.model_copy(update={"public_url": HTTPS})
    service.config = service.config.model_copy(update={"web": web})
    async with AsyncTestClient(create_server(service), base_url=HTTPS) as client:
        answer = await client.get("/", headers={"cookie": f"yulu_chat={'a' * 43}"})
        [kept] = [c for c in answer.headers.get_list("set-cookie") if "yulu_chat" in c]
        assert kept.startswith(f"__Host-yulu_chat={'a' * 43};")
