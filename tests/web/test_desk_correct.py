"""The page on which what a family says is wrong gets its answer."""

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows import commands as c
from storage.kinds import Role
from tests.web.conftest import OTHER_BANNER, Client, FakeService, add_officer, add_record, bearer
from tests.web.test_desk import A1, desk_of, post, sign_in

PAGE = f"/desk/records/{A1}/correcting"
FORM = f"/desk/records/{A1}/correct"
NOTE = "看了户口本"


async def contest(service: FakeService, words: str) -> int:
    """A family says that something in its application is wrong; the chat."""
    row = await add_record(service, A1, age=8, relation="mother", id_number="152222201801011234")
    assert row.person_id is not None and row.conversation_id is not None
    by = Actor.person(row.person_id, row.conversation_id)
    async with service.db.write() as uow:
        await handle(uow, c.AmendRecord(A1, note=f"更正：{words}"), by, service.now())
    return row.conversation_id


async def test_from_the_list_to_the_answer(client: Client, service: FakeService) -> None:
    talk = await contest(service, "我是孩子的姥姥")
    await desk_of(client, service, Role.SUPERVISOR)
    assert "我是孩子的姥姥" in (await client.get("/desk/requests")).text
    assert "家里说写得不对：我是孩子的姥姥" in (await client.get(f"/desk/records/{A1}")).text
    page = (await client.get(PAGE)).text
    assert "我是孩子的姥姥" in page and "1234" in page and "152222201801011234" not in page
    shown = (await client.get(f"{PAGE}?field=relation")).text
    assert '<option value="grandparent"' in shown
    answer = await post(client, FORM, field="relation", value="grandparent", note=NOTE)
    assert answer.headers["location"] == f"/desk/records/{A1}?done=correct"
    record = (await client.get(f"/desk/records/{A1}")).text
    assert "更正一项" in record and NOTE in record
    assert "我是孩子的姥姥" not in (await client.get("/desk/requests")).text
    async with service.db.read() as uow:
        assert "改好了" in (await uow.outbox.after(talk, 0))[-1].text


async def test_refused_with_a_reason(client: Client, service: FakeService) -> None:
    talk = await contest(service, "孩子九岁")
    await desk_of(client, service)
    path = f"/desk/records/{A1}/refuse-correction"
    assert (await post(client, path)).status_code == 422
    assert (await post(client, path, reason="户口本上是八岁")).status_code == 303
    async with service.db.read() as uow:
        assert "户口本上是八岁" in (await uow.outbox.after(talk, 0))[-1].text
    assert "家里说写得不对：" not in (await client.get(f"/desk/records/{A1}")).text


async def test_it_is_for_officers_of_the_place(client: Client, service: FakeService) -> None:
    await contest(service, "孩子九岁")
    await desk_of(client, service, Role.CLERK)
    assert (await client.get(PAGE)).status_code == 403
    assert (await post(client, FORM, field="age", value="9", note=NOTE)).status_code == 403
    await add_officer(service, "邻旗", Role.SUPERVISOR, OTHER_BANNER)
    await sign_in(client, "邻旗")
    assert (await client.get(PAGE)).status_code == 404


async def test_the_same_by_the_api(client: Client, service: FakeService) -> None:
    await contest(service, "孩子九岁")
    _, token = await add_officer(service, "乌云")
    url = f"/api/v1/applications/{A1}/correct"
    body = {"field": "age", "value": "9", "note": NOTE}
    answer = await client.post(url, json=body, headers=bearer(token))
    assert (answer.status_code, answer.json()["fields"]["age"]) == (200, 9)
    again = await client.post(url, json=body, headers=bearer(token))
    assert again.status_code == 422
