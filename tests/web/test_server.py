"""What holds for every answer: headers, health, errors in the caller's language, static files."""

import pytest

from tests.web.conftest import Client, FakeService


async def test_health_answers_when_the_database_does(client: Client) -> None:
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_health_says_when_the_database_does_not(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError

    monkeypatch.setattr(service.db, "read", broken)
    assert (await client.get("/health")).status_code == 503


async def test_health_says_while_the_language_engine_is_loading(
    client: Client, service: FakeService
) -> None:
    service.is_ready = False
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "loading"})


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/chat.css", "/api/v1/cases"])
async def test_every_answer_has_the_security_headers(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


async def test_people_get_a_kind_page_and_programs_a_document(client: Client) -> None:
    page = await client.get("/nothing")
    assert page.status_code == 404
    assert "没有找到这一页" in page.text
    document = await client.get("/api/v1/nothing")
    assert document.headers["content-type"] == "application/problem+json"
    assert document.json()["status"] == 404
    assert document.json()["title"] == "Not Found"


async def test_a_failure_tells_people_nothing_of_its_inside(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("secret detail")

    await client.get("/")
    monkeypatch.setattr(service.db, "read", broken)
    page = await client.get("/")
    assert page.status_code == 500
    assert "secret" not in page.text
    assert "不是您的错" in page.text


async def test_scripts_and_styles_are_served_from_here(client: Client) -> None:
    htmx = await client.get("/static/htmx/htmx.min.js")
    assert htmx.status_code == 200
    assert "htmx" in htmx.text
    for name in ("base.css", "chat.css", "chat.js", "mark.svg"):
        answer = await client.get(f"/static/{name}")
        assert answer.status_code == 200
        assert "max-age" in answer.headers["cache-control"]
    assert (await client.get("/static/../server.py")).status_code == 404


async def test_pages_hold_no_inline_script_or_style(client: Client) -> None:
    page = (await client.get("/")).text
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count("<script src=")
