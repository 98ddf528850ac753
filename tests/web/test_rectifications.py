"""The rectification ledger: entered, worked on, closed by a second person, the late ones first."""

import io
from typing import Any

from python_calamine import CalamineWorkbook

from storage.kinds import Role
from tests.web.conftest import Client, FakeService, add_officer, bearer
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
    assert (await post(client, f"{PATH}/2/close", version="2")).status_code == 403
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


async def test_a_progress_that_came_late_keeps_what_was_typed(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "乌云")
    await sign_in(client, "乌云")
    await post(client, PATH, **FAULT)
    await post(client, f"{PATH}/1/progress", evidence="别人写的", version="1")
    for version in ("1", "", "x"):
        late = await post(
            client, f"{PATH}/1/progress", evidence="我写了很久", done="yes", version=version
        )
        assert late.status_code == 409
        assert "别人写的" in late.text and "required>我写了很久</textarea>" in late.text
        assert 'value="yes" checked' in late.text and 'value="2"' in late.text
    assert "required>劝返记录不全" not in late.text


async def test_a_fault_is_worked_by_the_api(client: Client, service: FakeService) -> None:
    _, officer = await add_officer(service, "乌云")
    _, first = await add_officer(service, "主管", Role.SUPERVISOR)
    _, second = await add_officer(service, "另一位", Role.SUPERVISOR)

    async def change(who: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        url = f"/api/v1/rectifications{path}"
        answer = await client.post(url, json=body, headers=bearer(who))
        return answer.status_code, answer.json()

    status, entered = await change(officer, "", **FAULT)
    assert status == 201 and (entered["status"], entered["version"]) == ("open", 1)
    path = f"/{entered['id']}"
    for wrong, why in (
        ({"deadline": "2026-09-01"}, "不能早于"),
        ({"found_on": "2027-01-01", "deadline": "2027-02-01"}, "不能晚于今天"),
        ({"region": "152221"}, "不归您管"),
        ({"region": "999999"}, "没有这个地方"),
        ({"owner": " "}, "owner"),
        ({"more": "x"}, "more"),
    ):
        status, problem = await change(officer, "", **{**FAULT, **wrong})
        assert status in (400, 422) and why in problem["detail"], problem
    assert (await change(second, f"{path}/close"))[0] == 422  # nobody says yet that it is done
    status, done = await change(first, f"{path}/progress", evidence="补了十份", done=True)
    assert status == 200 and (done["status"], done["done_by"]) == ("done", "主管")
    late = await change(officer, f"{path}/progress", evidence="又补了", expected_version=1)
    assert late[0] == 409
    status, own = await change(first, f"{path}/close", expected_version=2)
    assert status == 422 and "不能自己销号" in own["detail"]
    assert (await change(officer, f"{path}/close", expected_version=2))[0] == 403
    status, closed = await change(second, f"{path}/close", expected_version=2)
    assert status == 200 and (closed["status"], closed["closed_by"]) == ("closed", "另一位")
    status, refused = await change(officer, f"{path}/progress", evidence="还有")
    assert status == 422 and "已经销号" in refused["detail"]
    read = await client.get(f"/api/v1/rectifications{path}", headers=bearer(officer))
    assert read.json() == closed
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(limit=50)
    told = [entry.action for entry in entries if entry.action.startswith("rectification")]
    assert sorted(told) == ["rectification_add", "rectification_close", "rectification_done"]


async def test_the_ledger_by_the_api(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "主管", Role.SUPERVISOR)
    _, away = await add_officer(service, "外旗", region="152221")
    _, league = await add_officer(service, "盟里", region="152200")
    await sign_in(client, "主管")
    await post(client, PATH, **FAULT)
    await post(client, PATH, **{**FAULT, "problem": "档案缺页", "deadline": "2026-12-31"})

    async def problems(who: str, query: str = "") -> list[str]:
        url = f"/api/v1/rectifications{query}"
        answer = await client.get(url, headers=bearer(who))
        assert answer.status_code == 200, answer.text
        return [item["problem"] for item in answer.json()["items"]]

    assert await problems(token) == await problems(league) == ["档案缺页", "劝返记录不全"]
    assert await problems(token, "?overdue=true") == ["劝返记录不全"]
    assert await problems(token, "?status=closed") == await problems(away) == []
    assert await problems(league, "?region=152221") == []
    first = await client.get("/api/v1/rectifications?limit=1", headers=bearer(token))
    assert await problems(token, f"?limit=1&cursor={first.json()['next']}") == ["劝返记录不全"]
    [item] = first.json()["items"]
    assert (item["status"], item["deadline"], item["owner"]) == ("open", "2026-12-31", "白音")
    bad = await client.get("/api/v1/rectifications?status=gone", headers=bearer(token))
    assert bad.status_code == 422


async def test_the_ledger_as_a_file(client: Client, service: FakeService) -> None:
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    told = "=1+1 家长电话 13800001111"
    await post(client, PATH, **{**FAULT, "problem": told})

    async def sheet(query: str = "") -> list[list[Any]]:
        answer = await client.get(f"/desk/ledgers/rectifications/file?month=2026-11{query}")
        assert answer.status_code == 200, answer.text
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        return book.get_sheet_by_index(0).to_python()

    heads, line = await sheet()
    assert heads[3:6] == ["问题", "哪次检查发现的", "发现日期"]
    assert line[3] == "=1+1 家长电话 138****1111"
    assert (await sheet("&full=1"))[1][3] == told
    assert len((await client.get(f"{PATH}")).text.split("Excel 文件")) == 2
    before = await client.get("/desk/ledgers/rectifications/file?month=2026-08")
    book = CalamineWorkbook.from_filelike(io.BytesIO(before.content))
    assert len(book.get_sheet_by_index(0).to_python()) == 1
    await add_officer(service, "办事员", Role.CLERK)
    await sign_in(client, "办事员")
    refused = await client.get("/desk/ledgers/rectifications/file?month=2026-11")
    assert refused.status_code == 403
