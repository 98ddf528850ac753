"""A form without a file is small: a stranger's huge one is refused before it is taken apart."""

from typing import Any

import pytest

from bot.web.door.plain_bodies import LARGEST, PlainBodies, TooLarge
from tests.web.conftest import Client, FakeService
from tests.web.test_chat import open_page, say

FORM = {"content-type": "application/x-www-form-urlencoded"}
PATHS = (
    "/chat/messages",
    "/chat/forget",
    "/desk/notices",
    "/desk/me/password",
    "/desk/import/lists",
)


@pytest.mark.parametrize("kind", [FORM, {"content-type": "application/json"}, {}])
async def test_a_huge_form_is_refused_by_what_it_says_of_its_length(
    client: Client, kind: dict[str, str]
) -> None:
    for path in PATHS:
        answer = await client.post(path, content=b"a=1&" * (LARGEST // 3), headers=kind)
        assert answer.status_code in (404, 413), path
        assert "content-security-policy" in answer.headers


async def test_a_huge_form_that_does_not_say_its_length_is_read_no_further() -> None:
    read: list[int] = []

    async def receive() -> Any:
        read.append(1)
        return {"type": "http.request", "body": b"a=1&" * 10_000, "more_body": True}

    async def reads_all(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass

    scope: Any = {"type": "http", "method": "POST", "path": "/chat/messages", "headers": []}
    with pytest.raises(TooLarge):
        await PlainBodies().handle(scope, receive, receive, reads_all)  # type: ignore[arg-type]
    assert len(read) == LARGEST // 40_000 + 1


async def test_what_people_write_and_send_fits(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    assert await say(client, headers, "长" * 10_000) == 202
    assert len("长" * 10_000 * 9) < LARGEST, "as a form it grows to nine letters each"
    files = {"photos": ("a.pdf", b"%PDF-1.4" + bytes(2 * LARGEST), "application/pdf")}
    form = {"id": "photo-0001", "text": "", "value": ""}
    answer = await client.post("/chat/messages", data=form, headers=headers, files=files)
    assert answer.status_code == 202
