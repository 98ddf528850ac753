"""The rectification ledger: entered, worked on, closed by a second person, the late ones first."""

from typing import Any

from storage.kinds import Role
from tests.web.conftest import Client, FakeService, add_officer
from tests.web.test_desk import post, sign_in

PATH = "/desk/rectifications"
FAULT: dict[str, Any] = {
    "problem": "劝返记录不全",
    "measure": "补齐记录",
    "inspection": "秋季督导",
    "owner": "白音",
    "region": "152222",
    "found_on": "2026-09-10",
    "deadline": "2026-10-31",
}


async def test_a_fault_is_closed_by_a_second_person(client: Client, service: FakeService) -> None:
    await add_officer(service, "主管", Role.SUPERVISOR)
    await add_officer(service, "另一位", Role.SUPERVISOR)
    await add_officer(service, "乌云")
    await add_officer(service, "外旗", Role.SUPERVISOR, region="152221")
    await sign_in(client, "主管")
    later = {**FAULT, "problem": "档案缺页", "deadline": "2026-12-31"}
    assert (await post(client, PATH, **later)).status_code == 303
    assert (await post(client, PATH, **FAULT)).status_code == 303
    page = (await client.get(PATH)).text
    assert page.index("劝返记录不全") < page.index("档案缺页") and "1 条超期" in page
    progress = f"{PATH}/2/progress"
    await post(client, progress, evidence="补了十份", done="yes", version="1")
    stale = await post(client, progress, evidence="又补了", version="1")
    assert stale.status_code == 409
    own = await post(client, f"{PATH}/2/close", version="2")
    assert own.status_code == 422 and "不能自己销号" in own.text
    await sign_in(client, "乌云")
    assert (await post(client, f"{PATH}/2/close", version="2")).status_code == 422
    await sign_in(client, "外旗")
    assert "劝返记录不全" not in (await client.get(PATH)).text
    assert (await post(client, f"{PATH}/2/close", version="2")).status_code == 404
    await sign_in(client, "另一位")
    assert (await post(client, f"{PATH}/2/close", version="2")).status_code == 303
    page = (await client.get(PATH)).text
    assert "已销号" in page and page.index("档案缺页") < page.index("劝返记录不全")
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(limit=50)
    wanted = {"rectification_add", "rectification_done", "rectification_close"}
    assert wanted <= {entry.action for entry in entries}


async def test_what_is_refused_keeps_what_was_typed(client: Client, service: FakeService) -> None:
    await add_officer(service, "乌云")
    await sign_in(client, "乌云")
    for wrong, why in (
        ({"owner": " "}, "请填责任人"),
        ({"deadline": "2026-09-01"}, "不能早于"),
        ({"found_on": "2027-01-01", "deadline": "2027-02-01"}, "不能晚于今天"),
        ({"region": "152221"}, "不归您管"),
        ({"region": "999999"}, "没有这个地方"),
    ):
        refused = await post(client, PATH, **{**FAULT, **wrong})
        assert refused.status_code == 422 and why in refused.text
        assert "劝返记录不全" in refused.text
