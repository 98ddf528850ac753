"""The number of a request: in the headers, in the log, and on what a person reads out to us."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.logs import mask
from bot.web.door.request_trail import area_of
from storage.kinds import Role
from tests.web.conftest import Client, FakeService, add_officer, add_record, bearer
from tests.web.test_desk import post, sign_in

NUMBER = re.compile(r"\d{4}-\d{4}")


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs(processors=[merge_contextvars, mask]) as captured:
        yield captured


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/chat.css", "/api/v1/cases", "/health"])
async def test_every_answer_has_a_number_of_its_own(client: Client, path: str) -> None:
    numbers = {(await client.get(path)).headers["x-request-id"] for _ in range(3)}
    assert len(numbers) == 3
    assert all(NUMBER.fullmatch(number) for number in numbers)


async def test_a_number_from_outside_is_not_believed(client: Client) -> None:
    answer = await client.get("/health", headers={"x-request-id": "evil\tline"})
    assert NUMBER.fullmatch(answer.headers["x-request-id"])


async def test_what_went_wrong_is_found_by_the_number_on_the_page(
    client: Client, service: FakeService, lines: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.get("/")

    def broken() -> None:
        raise OSError("secret detail")

    monkeypatch.setattr(service.db, "read", broken)
    page = await client.get("/")
    document = (await client.get("/api/v1/cases", headers=bearer("any"))).json()
    shown = [NUMBER.findall(page.text), [document["request"]]]
    failures = [line for line in lines if line["event"] == "request failed"]
    assert shown == [[line["request"]] for line in failures]
    assert page.headers["x-request-id"] == shown[0][0]
    assert "问技术员时请报这个号" in page.text


async def test_a_page_that_is_merely_missing_shows_families_no_number(client: Client) -> None:
    assert not NUMBER.search((await client.get("/nothing")).text)
    assert NUMBER.search((await client.get("/desk/nothing")).text)


async def test_what_an_officer_changes_has_a_line_and_what_is_looked_at_has_none(
    client: Client, service: FakeService, lines: list[Any]
) -> None:
    officer, _ = await add_officer(service, "王老师", Role.SUPERVISOR)
    await add_record(service, "A26-0001-001", address="a-secret-address")
    await sign_in(client, "王老师")
    await client.get("/desk?q=苏日娜")
    answer = await post(client, "/desk/notices", last="0")
    told = [line for line in lines if line["log_level"] == "info"]
    assert [(line["event"], line["path"], line["officer"]) for line in told] == [
        ("request.done", "/desk/notices", officer.id)
    ]
    assert told[0]["request"] == answer.headers["x-request-id"]
    assert "苏日娜" not in str(lines) and "王老师" not in str(lines)


def test_areas_are_few() -> None:
    paths = ["/", "/desk", "/desk/x", "/api/v1/cases", "/deskx", "/static/a.css", "/苏日娜"]
    assert [area_of(p) for p in paths] == ["chat", "desk", "desk", "api", "chat", "static", "chat"]
