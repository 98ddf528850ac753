"""A campaign at the desk: written, looked at, tried, approved by another, watched, stopped."""

import html
from collections.abc import AsyncIterator

import pytest

from bot.workers.reminders import fire_due
from storage.kinds import Role
from tests.service.lists import CHILD, csv_of
from tests.web.conftest import Client, FakeService, add_officer, bearer
from tests.web.test_desk import post, sign_in
from tests.web.test_outreach import PATH, compare, upload

CAMPAIGNS = f"{PATH}/campaigns"
WORDS = {"template": "school_matter", "blank-问谁": "白老师", "audience": "not_applied"}
PHONES = ("13900000001", "13900000002")


async def family(service: FakeService, phone: str) -> int:
    """A parent in the web chat; the conversation."""
    async with service.db.write() as uow:
        talk = await uow.conversations.get_or_create("web", phone, service.now())
        person = await uow.people.get(talk.person_id)
        assert person is not None
        uow.people.set_phone(person, phone)
        return talk.id


@pytest.fixture
async def desk(client: Client, service: FakeService) -> AsyncIterator[Client]:
    """A list of four children, two of whose families can be written to; 经办 is signed in."""
    await add_officer(service, "主管", Role.SUPERVISOR)
    await add_officer(service, "经办")
    child = {**CHILD, "id_number": "", "birth": "2016"}
    names = zip(("娜仁", "巴特尔", "哈斯", "牧仁"), (*PHONES, "13911111111", ""), strict=True)
    for phone in PHONES:
        await family(service, phone)
    await sign_in(client, "主管")
    await upload(client, csv_of(*({**child, "name": name, "phone": p} for name, p in names)))
    await compare(client)
    await sign_in(client, "经办")
    yield client


async def test_from_the_words_to_the_stop(desk: Client, service: FakeService) -> None:
    made = await post(desk, f"{PATH}/1/campaigns", **WORDS)
    assert made.headers["location"] == f"{CAMPAIGNS}/1"
    page = html.unescape((await desk.get(f"{CAMPAIGNS}/1")).text)
    assert "2 个人会收到" in page and "也可以问白老师" in page and "低保" not in words_of(page)
    assert "没跟机器人说过话 <b>1</b>" in page and "名单上没有电话 <b>1</b>" in page
    tried = await post(desk, f"{CAMPAIGNS}/1/try", version="1")
    assert "还没有绑定聊天" in tried.text and "【试发，只有您收到】您好" in tried.text
    assert (await post(desk, f"{CAMPAIGNS}/1/approve", version="2")).status_code == 403
    await sign_in(desk, "主管")
    assert (await post(desk, f"{CAMPAIGNS}/1/approve", version="1")).status_code == 409
    assert (await post(desk, f"{CAMPAIGNS}/1/start", version="2")).status_code == 422
    assert (await post(desk, f"{CAMPAIGNS}/1/approve", version="2")).status_code == 303
    assert (await post(desk, f"{CAMPAIGNS}/1/start", version="3")).status_code == 303
    assert shown(await moving(desk)) == {"要发": 2, "等着发": 2, "发到了": 0}
    service.wait(hours=2)
    await fire_due(service.db, service.now())
    async with service.db.write() as uow:
        (message,) = await uow.outbox.claim_due(service.now(), service.now() - service.now(), 1)
        await uow.outbox.mark_sent(message.id, None, service.now())
    assert shown(await moving(desk)) == {"要发": 2, "等着发": 1, "发到了": 1}
    assert (await post(desk, f"{CAMPAIGNS}/1/stop", version="", reason="")).status_code == 422
    stopped = await post(desk, f"{CAMPAIGNS}/1/stop", reason="话没写好")
    assert stopped.status_code == 303
    page = (await desk.get(f"{CAMPAIGNS}/1")).text
    assert "原因：话没写好" in page and "<dt>停下没发</dt><dd><b>1</b>" in page
    assert 'hx-trigger="every 5s"' not in page and "马上停" not in page


async def moving(desk: Client) -> str:
    answer = await desk.get(f"{CAMPAIGNS}/1/progress")
    assert answer.status_code == 200
    return answer.text


def shown(page: str) -> dict[str, int]:
    """The first three numbers of the moving part."""
    pairs = [part.split("</dt><dd><b>") for part in page.split("<dt>")[1:4]]
    return {name: int(rest.split("<")[0]) for name, rest in pairs}


def words_of(page: str) -> str:
    return page.split("<blockquote", 1)[1].split("</blockquote>", 1)[0]


async def test_who_wrote_it_does_not_approve_it(desk: Client) -> None:
    await sign_in(desk, "主管")
    await post(desk, f"{PATH}/1/campaigns", **WORDS)
    assert "请另一位主管批准" in (await desk.get(f"{CAMPAIGNS}/1")).text
    refused = await post(desk, f"{CAMPAIGNS}/1/approve", version="1")
    assert refused.status_code == 422 and "写的人不能自己批准" in refused.text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"blank-问谁": ""}, "请填“问谁”"),
        ({"blank-问谁": "扶贫办"}, "不能写“贫”"),
        ({"audience": "everybody"}, "请选发给谁"),
        ({"template": "at_school"}, "不是给这些人的"),
    ],
)
async def test_words_that_will_not_do(desk: Client, changed: dict[str, str], why: str) -> None:
    refused = await post(desk, f"{PATH}/1/campaigns", **{**WORDS, **changed})
    assert refused.status_code == 422 and why in refused.text
    assert (await desk.get(f"{CAMPAIGNS}/1")).status_code == 404


async def test_an_unknown_step_and_anothers_place(desk: Client, service: FakeService) -> None:
    await post(desk, f"{PATH}/1/campaigns", **WORDS)
    assert (await post(desk, f"{CAMPAIGNS}/1/burn")).status_code == 404
    await add_officer(service, "外旗", Role.SUPERVISOR, region="152221")
    await add_officer(service, "录入", Role.CLERK)
    for name, expected in (("外旗", 404), ("录入", 403)):
        await sign_in(desk, name)
        for path in (f"{CAMPAIGNS}/1", f"{CAMPAIGNS}/1/progress"):
            assert (await desk.get(path)).status_code == expected
        assert (await post(desk, f"{CAMPAIGNS}/1/stop", reason="x")).status_code == expected


async def test_programs_read_the_numbers_and_no_name(desk: Client, service: FakeService) -> None:
    await post(desk, f"{PATH}/1/campaigns", **WORDS)
    _, token = await add_officer(service, "程序")
    answer = await desk.get("/api/v1/lists", headers=bearer(token))
    (one,) = answer.json()["items"]
    assert (one["title"], one["rows"], one["compared"]) == ("低保名单", 4, 4)
    assert one["applications"] == {"sure": 0, "possible": 0, "none": 4}
    assert one["visits"] == {"open": 4} and "娜仁" not in answer.text
    campaign = (await desk.get("/api/v1/campaigns/1", headers=bearer(token))).json()
    assert (campaign["status"], campaign["planned"], campaign["list"]) == ("draft", 0, 1)
    _, elsewhere = await add_officer(service, "外旗程序", region="152221")
    assert (await desk.get("/api/v1/lists", headers=bearer(elsewhere))).json() == {"items": []}
    for path, token_, expected in (
        ("campaigns/1", elsewhere, 404),
        ("campaigns/9", token, 404),
        ("campaigns/0", token, 422),
    ):
        got = await desk.get(f"/api/v1/{path}", headers=bearer(token_))
        assert (path, got.status_code) == (path, expected)
