"""Handing a record on at the desk and in the JSON API: one officer offers, the other answers."""

from storage.kinds import RecordKind
from tests.web.conftest import Client, FakeService, add_officer, add_record, bearer
from tests.web.test_api import D1
from tests.web.test_desk import post, sign_in

NEXT = "152221"
PAGE = f"/desk/records/{D1}"


async def test_from_desk_to_desk(client: Client, service: FakeService) -> None:
    await add_officer(service, "乌云")
    await add_officer(service, "李强", region=NEXT)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    await sign_in(client, "李强")
    assert (await client.get(PAGE)).status_code == 404
    await sign_in(client, "乌云")
    assert f'value="place:{NEXT}"' in (await client.get(PAGE)).text
    await post(client, f"{PAGE}/transfer", to=f"place:{NEXT}", reason="搬过去了")
    shown = (await client.get(PAGE)).text
    assert "乌云 想把这条记录转交给" in shown and f"{PAGE}/accept-transfer" not in shown
    await sign_in(client, "李强")
    shown = (await client.get(PAGE)).text
    assert f"{PAGE}/accept-transfer" in shown and f"{PAGE}/note" not in shown
    answer = await post(client, f"{PAGE}/accept-transfer")
    assert answer.headers["location"].startswith(PAGE)
    await sign_in(client, "乌云")
    assert (await client.get(PAGE)).status_code == 404


async def test_given_back_it_is_out_of_sight(client: Client, service: FakeService) -> None:
    _, here = await add_officer(service, "乌云")
    _, there = await add_officer(service, "李强", region=NEXT)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    path = f"/api/v1/cases/{D1}"
    body = {"officer": "李强", "reason": "搬走"}
    offered = await client.post(f"{path}/transfer", json=body, headers=bearer(here))
    assert offered.status_code == 200 and offered.json()["assigned_to"] == "乌云"
    assert offered.json()["offered_to"] == {"officer": "李强", "region": NEXT}
    await sign_in(client, "李强")
    answer = await post(client, f"{PAGE}/reject-transfer", reason="不在这里")
    assert answer.headers["location"] == "/desk?done=reject-transfer"
    assert "已经办好：" in (await client.get(answer.headers["location"])).text
    assert (await client.get(path, headers=bearer(there))).status_code == 404
    again = await client.get(path, headers=bearer(here))
    assert again.json()["offered_to"] is None


async def test_snooze(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    async with service.db.write() as uow:
        row = await uow.records.get(D1)
        assert row is not None
        row.due_at = service.now()
    path = f"/api/v1/cases/{D1}/snooze"
    body = {"until": "2026-11-26", "reason": "家里办白事"}
    answer = await client.post(path, json=body, headers=bearer(token))
    assert answer.json()["due_at"] == "2026-11-26T09:30:00+00:00"
    await sign_in(client, "乌云")
    assert "（已暂缓）" in (await client.get(PAGE)).text
