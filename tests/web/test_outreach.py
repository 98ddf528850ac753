"""Lists at the desk: taken in with a report, compared, looked through by role, noted, printed."""

import io
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from bot.cases.records import index
from bot.spreadsheets.lists import COLUMNS
from storage.kinds import RecordKind, Role
from tests.service.lists import CHILD, csv_of
from tests.web.conftest import Client, FakeService, add_officer, add_record, form_token
from tests.web.test_desk import post, sign_in

PATH = "/desk/outreach"
FRESH: dict[str, Any] = {"guardian": "高娃", "phone": "13911111111", "id_number": ""}
CHILDREN: list[Mapping[str, str]] = [
    CHILD,
    {**CHILD, **FRESH, "name": "娜仁", "birth": "2017"},
    {**CHILD, **FRESH, "name": "巴特尔", "birth": "2012", "region": "巴彦呼舒镇"},
]


async def upload(client: Client, content: bytes, **form: str) -> httpx.Response:
    token = form_token((await client.get("/desk")).text)
    data = {"_csrf_token": token, "kind": "dibao", "title": "低保名单", **form}
    files = {"file": ("名单.csv", content, "text/csv")}
    return await client.post(PATH, data=data, files=files)


async def filed(service: FakeService, reference: str, **told: Any) -> None:
    """A record that is found by the sound of its name and by its phone."""
    await add_record(service, reference, **told)
    async with service.db.write() as uow:
        record = await uow.records.get(reference)
        assert record is not None
        index(record, uow)


@pytest.fixture
async def boss(client: Client, service: FakeService) -> Client:
    """A supervisor at the desk, beside an application and two of lower role."""
    school = "高力板中心小学"
    await filed(service, "A26-0000-013", child_name="苏日娜", age=8, school=school)
    await add_officer(service, "主管", Role.SUPERVISOR)
    await add_officer(service, "经办")
    await add_officer(service, "录入", Role.CLERK)
    await add_officer(service, "外旗", Role.SUPERVISOR, region="152221")
    await sign_in(client, "主管")
    return client


async def compare(client: Client) -> None:
    assert (await post(client, f"{PATH}/1/compare")).status_code == 303


async def test_a_list_is_taken_in_with_a_report_and_twice_is_once(boss: Client) -> None:
    bad = {**CHILD, "phone": "12"}
    first = await upload(boss, csv_of(*CHILDREN, bad))
    assert first.status_code == 200
    assert "新增 3 行，更新 0 行，没有变化 0 行，有问题 1 行" in first.text
    assert '<th scope="row">5</th><td>“电话”不是11位手机号' in first.text
    second = await upload(boss, csv_of(*CHILDREN))
    assert "新增 0 行，更新 0 行，没有变化 3 行，有问题 0 行" in second.text
    assert second.text.count('href="/desk/outreach/1"') == 2, "one card, one link to it"
    refused = await upload(boss, b"", kind="dibao")
    assert refused.status_code == 422 and "没有导入" in refused.text
    unknown = await upload(boss, csv_of(*CHILDREN), kind="rich")
    assert unknown.status_code == 422 and "请选是什么名单" in unknown.text


async def test_the_numbers_the_filters_and_the_rows(boss: Client) -> None:
    await upload(boss, csv_of(*CHILDREN))
    before = (await boss.get(f"{PATH}/1")).text
    assert "正在比对：0 / 3 行" in before and "还没有导入在校花名册" in before
    await compare(boss)
    await upload(boss, csv_of(*CHILDREN[:2]), kind="enrolment", title="花名册")
    await compare(boss)
    page = (await boss.get(f"{PATH}/1")).text
    assert "正在比对" not in page
    assert "已申请 1，可能已申请 0，没申请 2" in page
    assert "在册 2，可能在册 0，不在册 1" in page
    assert "不在册，也不在失学台账：1 人" in page
    missing = (await boss.get(f"{PATH}/1?show=missing")).text
    assert "巴特尔" in missing and "娜仁" not in missing
    town = (await boss.get(f"{PATH}/1?place=152222101")).text
    assert "娜仁" in town and "巴特尔" not in town
    elsewhere = (await boss.get(f"{PATH}/1?place=152221&state=visited")).text
    assert "没有符合条件的孩子" in elsewhere


async def test_what_each_role_sees(boss: Client) -> None:
    await upload(boss, csv_of(*CHILDREN))
    await compare(boss)
    seen = {}
    for name in ("主管", "经办", "录入"):
        await sign_in(boss, name)
        seen[name] = [(await boss.get(path)).text for path in (f"{PATH}/1", f"{PATH}/rows/1")]
    for page in seen["主管"]:
        assert "苏日娜" in page and "乌云" in page
    assert "13948123456" in seen["主管"][1] and "139****3456" in seen["主管"][0]
    for page in seen["经办"]:
        assert "苏日娜" in page and "139****3456" in page and "13948123456" not in page
    for page in seen["录入"]:
        told = page.replace(form_token(page), "")  # any three digits may stand in a token
        assert "苏**" in told and not re.search("苏日娜|乌云|139|1234<", told)
        assert "记结果" not in page and "给家里" not in page.replace("<h2>给家里发消息", "")
    await sign_in(boss, "外旗")
    for path in (f"{PATH}/1", f"{PATH}/rows/1", f"{PATH}/1/visits"):
        assert (await boss.get(path)).status_code == 404
    assert "低保名单" not in (await boss.get(PATH)).text


async def test_a_match_is_judged_and_a_visit_noted(boss: Client, service: FakeService) -> None:
    twin = {
        **CHILD,
        "name": "苏日那",
        "id_number": "",
        "birth": "2018",
        "guardian": "",
        "phone": "",
    }
    await upload(boss, csv_of(twin))
    await compare(boss)
    await sign_in(boss, "经办")
    page = (await boss.get(f"{PATH}/rows/1")).text
    assert "下一个要确认的" not in page
    assert "要您确认" in page and "姓名同音、出生年份对得上、学校一样、同一个旗县" in page
    judged = await post(boss, f"{PATH}/rows/1/match", target="A26-0000-013", same="no")
    assert judged.status_code == 303
    assert "可能已申请 0，没申请 1" in (await boss.get(f"{PATH}/1")).text
    await post(boss, f"{PATH}/rows/1/match", target="A26-0000-013", same="yes")
    assert "已申请 1，可能已申请 0，没申请 0" in (await boss.get(f"{PATH}/1")).text
    gone = await post(boss, f"{PATH}/rows/1/match", target="A26-9999-999", same="yes")
    assert gone.status_code == 422
    noted = await post(
        boss, f"{PATH}/rows/1/note", state="visited", note="奶奶在家", back="1?show="
    )
    assert noted.headers["location"] == f"{PATH}/1?show="
    assert "奶奶在家" in (await boss.get(f"{PATH}/1?state=visited")).text
    assert (await post(boss, f"{PATH}/rows/1/note", state="rich")).status_code == 422
    aside = await post(boss, f"{PATH}/rows/1/note", state="", back="//evil.example/?")
    assert aside.headers["location"] == f"{PATH}/rows/1"
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(limit=100)
    await sign_in(boss, "主管")
    log = (await boss.get("/desk/audit")).text
    assert "看名单里的孩子" in log and "低保名单 第 2 行" in log and "苏日那" not in log
    wanted = {"import_list", "read_list", "read_list_row", "judge_match", "note_outreach"}
    assert wanted <= {entry.action for entry in entries}


async def test_the_visiting_list_is_masked_grouped_and_says_nothing_of_why(
    boss: Client, service: FakeService
) -> None:
    await upload(boss, csv_of(*CHILDREN))
    await compare(boss)
    await sign_in(boss, "经办")
    await post(boss, f"{PATH}/rows/1/note", state="not_needed")
    file = await boss.get(f"{PATH}/1/visits")
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    lines = book.get_sheet_by_index(0).to_python()
    assert [line[2] for line in lines[1:]] == ["巴特尔", "娜仁"], (
        "by place; who needs nothing is out"
    )
    assert lines[1][6] == "139****1111" and lines[1][9:] == ["", "", ""]
    every = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert "低保" not in every and "13911111111" not in every
    assert (await boss.get(f"{PATH}/1/visits?full=1")).status_code == 403
    both = Document(io.BytesIO((await boss.get(f"{PATH}/1/visits?format=docx")).content))
    breaks = [part.paragraph_format.page_break_before for part in both.paragraphs]
    assert breaks.count(True) == 1, "each village's cadre gets a page, and none of the others"
    await sign_in(boss, "录入")
    assert (await boss.get(f"{PATH}/1/visits")).status_code == 403
    await sign_in(boss, "主管")
    printed = await boss.get(f"{PATH}/1/visits?full=1&format=docx&place=152222101")
    document = Document(io.BytesIO(printed.content))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "娜仁" in cells and "13911111111" in cells and "巴特尔" not in cells
    assert "科尔沁右翼中旗高力板镇" in [part.text for part in document.paragraphs]


async def test_a_list_is_dropped_with_a_reason_by_a_leader(boss: Client) -> None:
    await upload(boss, csv_of(*CHILDREN))
    refused = await post(boss, f"{PATH}/1/drop", reason=" ")
    assert refused.status_code == 422 and "原因" in refused.text
    await sign_in(boss, "经办")
    assert (await post(boss, f"{PATH}/1/drop", reason="传错了")).status_code == 403
    await sign_in(boss, "主管")
    assert (await post(boss, f"{PATH}/1/drop", reason="传错了")).status_code == 303
    assert (await boss.get(f"{PATH}/1")).status_code == 404


async def test_the_empty_file_can_be_sent_back_as_it_is(boss: Client) -> None:
    file = (await boss.get(f"{PATH}/template/list.xlsx")).content
    (head, _) = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert head == list(COLUMNS.values())
    assert "新增 0 行" in (await upload(boss, file)).text


async def test_only_leaders_import(boss: Client) -> None:
    await sign_in(boss, "经办")
    assert (await upload(boss, csv_of(*CHILDREN))).status_code == 403
    assert (await boss.get(f"{PATH}/template/list.xlsx")).status_code == 403
    assert 'id="import"' not in (await boss.get(PATH)).text


async def test_a_dropout_case_is_linked_only_inside_ones_place(
    boss: Client, service: FakeService
) -> None:
    case = {"child_name": "巴特尔", "age": 14, "guardian_phone": "13911111111"}
    told = {"kind": RecordKind.DROPOUT_CASE, "status": "reported", "region": "152221", **case}
    await filed(service, "D26-0000-013", **told)
    await upload(boss, csv_of(CHILDREN[2]))
    await compare(boss)
    page = (await boss.get(f"{PATH}/rows/1")).text
    assert "别的地区的一条记录" in page and "D26-0000-013</a>" not in page
