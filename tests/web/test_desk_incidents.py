"""The page of incidents: administrators write down, are told what to do, and tell families."""

import pytest

from bot.web.desk.incidents import CHANGES
from storage.kinds import Role
from tests.web.conftest import Client, FakeService, add_officer, add_record
from tests.web.test_desk import A1, desk_of, post, sign_in

URL = "/desk/incidents"
NEW = {
    "found_at": "2026-11-23T09:30",
    "what": "导出的台账发错了群",
    "kind": "wrong_recipient",
    "data": "names",
    "people": "12",
}
TYPED: dict[str, dict[str, str]] = {
    "facts": {**NEW, "people": "200"},
    "done": {"duty": "stop", "at": "2026-11-23T09:45", "note": "撤回了"},
    "look": {"account": "王芳", "first": "2026-11-23T09:00", "last": "2026-11-23T10:00"},
    "tell": {"text": "您家的姓名可能被别人看到"},
    "note": {"text": "群主已经删了"},
    "close": {"text": "都删了"},
}


async def test_one_incident_from_beginning_to_end(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN)
    await add_record(service, A1, address="mother")
    answer = await post(client, URL, **NEW)
    assert answer.headers["location"] == f"{URL}/1"
    page = (await client.get(f"{URL}/1")).text
    for words in ("导出的台账发错了群", "未成年人网络保护条例第35条", "约 12 人", "没有查到"):
        assert words in page
    await client.get(f"/desk/records/{A1}")
    for name in ("facts", "done", "look", "tell", "note", "close"):
        answer = await post(client, f"{URL}/1/{name}", **TYPED[name])
        assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/1?said={name}")
    page = (await client.get(f"{URL}/1?said=close")).text
    for words in (
        "撤回了",
        A1,
        "群主已经删了",
        "了结：都删了",
        "已经了结",
        "通知了 1 家",
        "约 200 人",
    ):
        assert words in page
    assert 'action="/desk/incidents/1/note"' not in page
    assert "了结" in (await client.get(URL)).text


async def test_what_is_wrong_is_said_on_the_page(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN)
    for wrong in ({"what": " "}, {"kind": "x"}, {"people": "很多"}, {"found_at": "昨天"}):
        answer = await post(client, URL, **{**NEW, **wrong})
        assert answer.status_code == 422 and 'role="alert"' in answer.text
    await post(client, URL, **NEW)
    for name, wrong in (
        ("look", {"account": "没有这个人"}),
        ("tell", {"text": "（请填写）"}),
        ("done", {"duty": "none"}),
        ("nothing", {}),
    ):
        typed = {**TYPED.get(name, {}), **wrong}
        assert (await post(client, f"{URL}/1/{name}", **typed)).status_code == 422, name


def test_every_form_of_an_incident_is_tried() -> None:
    assert CHANGES.keys() == TYPED.keys()


@pytest.mark.parametrize(
    ("role", "region", "expected"),
    [
        (Role.CLERK, "152222", 403),
        (Role.OFFICER, "152222", 403),
        (Role.SUPERVISOR, "152222", 403),
        (Role.ADMIN, "150422", 404),
        (Role.ADMIN, "152222103", 404),
        (Role.ADMIN, "150000", 303),
    ],
)
async def test_who_may_do_what(
    client: Client, service: FakeService, role: Role, region: str, expected: int
) -> None:
    await desk_of(client, service, Role.ADMIN)
    await post(client, URL, **NEW)
    await post(client, "/desk/logout")
    await add_officer(service, "另一个", role, region)
    assert await sign_in(client, "另一个") == 303
    for name, typed in TYPED.items():
        answer = await post(client, f"{URL}/1/{name}", **typed)
        assert answer.status_code == expected or (name == "close" and expected == 303), name
    seen = await client.get(f"{URL}/1")
    assert seen.status_code == (200 if expected == 303 else expected)
    assert ("安全事件" in (await client.get("/desk")).text) is (role is Role.ADMIN)
