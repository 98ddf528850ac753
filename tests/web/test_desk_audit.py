"""Searching the log: by record, officer, action, day and place, and who searched is in it too."""

import pytest

from storage.kinds import RecordKind, Role
from tests.web.conftest import BANNER, OTHER_BANNER, Client, FakeService, add_officer, add_record
from tests.web.conftest import bearer as bearer_of
from tests.web.test_desk import desk_of, post, sign_in

A1, D1, D2 = "A26-0000-013", "D26-0000-013", "D26-0000-026"


def rows(page: str) -> str:
    """The lines of the table, without the form above them."""
    return page.split("<tbody>", 1)[1] if "<tbody>" in page else ""


async def three_reads(client: Client, service: FakeService) -> int:
    """An officer has read two records here, and somebody one elsewhere; then a supervisor."""
    officer = await desk_of(client, service)
    await add_record(service, A1)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    await add_record(service, D2, RecordKind.DROPOUT_CASE, status="reported", region=OTHER_BANNER)
    await client.get(f"/desk/records/{A1}")
    await client.get(f"/desk/records/{D1}")
    await post(client, f"/desk/records/{D1}/note", text="去过了")
    await add_officer(service, "邻旗", Role.SUPERVISOR, OTHER_BANNER)
    await sign_in(client, "邻旗")
    await client.get(f"/desk/records/{D2}")
    service.wait(days=2)
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    return officer


async def test_the_log_is_for_supervisors(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    assert (await client.get("/desk/audit")).status_code == 403
    assert "/desk/audit" not in (await client.get("/desk")).text


async def test_the_log_is_searched(client: Client, service: FakeService) -> None:
    officer = await three_reads(client, service)

    async def found(query: str = "") -> str:
        answer = await client.get(f"/desk/audit?{query}")
        assert answer.status_code == 200, answer.text
        return rows(answer.text)

    everything = await found()
    assert A1 in everything
    assert D1 in everything
    assert D2 not in everything
    assert "看记录" in everything
    assert A1 not in await found(f"reference={D1.lower()}")
    assert "备注" in await found(f"reference={D1}&action=note")
    assert "看记录" not in await found(f"reference={D1}&action=note")
    assert A1 in await found(f"officer={officer}")
    assert A1 in await found("first=2026-11-23&last=2026-11-23")
    assert A1 not in await found("first=2026-11-24")
    assert A1 in await found(f"region={BANNER}")
    assert A1 not in await found(f"region={OTHER_BANNER}")
    assert "查日志" in await found("action=search_audit")


@pytest.mark.parametrize("query", ["first=gestern", "region=abc", "officer=999"])
async def test_a_senseless_search_says_why(
    client: Client, service: FakeService, query: str
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    answer = await client.get(f"/desk/audit?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


async def test_the_log_has_pages(client: Client, service: FakeService) -> None:
    officer = await desk_of(client, service, Role.SUPERVISOR)
    async with service.db.write() as uow:
        for _ in range(60):
            await uow.audit.add(service.now(), "officer", officer, "login")
    page = (await client.get("/desk/audit?action=login")).text
    assert page.count('<td data-label="时间">') == 50
    following = page.split('class="button" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert (await client.get(following)).text.count('<td data-label="时间">') >= 10


@pytest.mark.parametrize(
    "path",
    [
        "/people?status=open",
        "/sessions?overdue=true",
        "/audit?kind=escalation",
        "/cases?staus=open",
    ],
)
async def test_a_filter_that_a_list_does_not_have_is_refused(
    client: Client, service: FakeService, path: str
) -> None:
    _, token = await add_officer(service, "主管", Role.SUPERVISOR)
    answer = await client.get(f"/api/v1{path}", headers=bearer_of(token))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "不能按" in answer.json()["detail"]


async def test_programs_search_the_log_the_same_way(client: Client, service: FakeService) -> None:
    await three_reads(client, service)
    _, token = await add_officer(service, "程序", Role.SUPERVISOR)

    async def found(query: str) -> list[str | None]:
        answer = await client.get(f"/api/v1/audit?{query}", headers=bearer_of(token))
        return [item["reference"] for item in answer.json()["items"]]

    assert D1 in await found("action=note")
    assert A1 not in await found("action=note")
    assert A1 in await found("officer=王芳")
    assert await found("officer=nobody") == []
    assert await found(f"region={OTHER_BANNER}") == []
    assert None in await found("action=search_audit")


async def test_the_page_says_who_looked_at_the_record(client: Client, service: FakeService) -> None:
    await three_reads(client, service)
    await client.get("/desk?view=all")
    for _ in range(2):
        page = (await client.get(f"/desk/records/{D1}")).text
    seen = page.split('id="seen"', 1)[1].split("</details>", 1)[0]
    assert "主管 看记录 2 次" in seen and "主管 在列表里看到" in seen
    assert "王芳 看记录" in seen and "2026-11-23 10:00" in seen
    assert seen.index("主管") < seen.index("王芳"), "the latest comes first"
    assert "邻旗" not in seen
    events = page.split('id="events"', 1)[1].split('id="seen"', 1)[0]
    assert "备注" in events and "看记录" not in events
