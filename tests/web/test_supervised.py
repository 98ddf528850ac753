"""The board of supervised records."""

from storage.kinds import RecordKind, Role
from tests.web.conftest import Client, FakeService, add_officer, add_record, bearer
from tests.web.test_api import D1
from tests.web.test_desk import post, sign_in

PAGE = f"/desk/records/{D1}"


async def test_the_board_and_its_way_back(client: Client, service: FakeService) -> None:
    _, leading = await add_officer(service, "主管", Role.SUPERVISOR)
    await add_officer(service, "外旗", region="152221")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    await sign_in(client, "主管")
    assert "没有督办的事项" in (await client.get("/desk/supervised")).text
    page = (await client.get(PAGE)).text
    assert f"{PAGE}/supervise" in page and f"{PAGE}/lift-supervision" not in page
    await post(client, f"{PAGE}/supervise", demand="三天内上门", until="2026-12-01")
    board = (await client.get("/desk/supervised")).text
    assert D1 in board and "三天内上门" in board
    page = (await client.get(PAGE)).text
    assert "督办（主管）：三天内上门" in page and f"{PAGE}/lift-supervision" in page
    await sign_in(client, "外旗")
    assert D1 not in (await client.get("/desk/supervised")).text
    path = f"/api/v1/cases/{D1}/lift-supervision"
    lifted = await client.post(path, json={"reason": "办好了"}, headers=bearer(leading))
    assert lifted.status_code == 200
    await sign_in(client, "主管")
    assert D1 not in (await client.get("/desk/supervised")).text


async def test_a_deadline_on_a_saturday_is_said_to_be_on_monday(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "主管", Role.SUPERVISOR)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    await sign_in(client, "主管")
    assert "选了不上班的日子，就顺延到下一个上班日" in (await client.get(PAGE)).text
    await post(client, f"{PAGE}/supervise", demand="周末办完", until="2026-11-28")
    page = (await client.get(PAGE)).text
    assert "2026-11-30" in page and "定的是11月28日，那天不上班，顺延到下一个上班日" in page
    await post(client, f"{PAGE}/lift-supervision", reason="改一天")
    await post(client, f"{PAGE}/supervise", demand="周三办完", until="2026-12-02")
    page = (await client.get(PAGE)).text
    assert "周三办完" in page and "定的是" not in page
