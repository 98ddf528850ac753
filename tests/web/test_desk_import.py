"""Lists uploaded at the desk: per-row answers, nothing twice, nothing outside one's own place."""

import io

import httpx
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from bot.spreadsheets.imports import IMPORTS, LARGEST
from storage.kinds import Role
from tests.web.conftest import BANNER, Client, FakeService, form_token
from tests.web.test_desk import desk_of

PEOPLE = "姓名,电话,身份,地区\n乌云,13900000001,家长,152222\n高娃,139,家长,152222\n"


async def send(client: Client, name: str, content: bytes, file: str = "表.csv") -> httpx.Response:
    """Upload a file as the page does."""
    token = form_token((await client.get("/desk/import")).text)
    return await client.post(
        f"/desk/import/{name}",
        data={"_csrf_token": token},
        files={"file": (file, content, "application/octet-stream")},
    )


async def test_good_rows_go_in_once_and_bad_ones_are_named(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    first = await send(client, "people", PEOPLE.encode("gb18030"))
    assert first.status_code == 200
    assert "新增 1 行，更新 0 行，没有变化 0 行，有问题 1 行" in first.text
    assert '<th scope="row">3</th><td>“电话”不是11位手机号：139</td>' in first.text
    second = await send(client, "people", PEOPLE.encode())
    assert "新增 0 行，更新 0 行，没有变化 1 行，有问题 1 行" in second.text


@pytest.mark.parametrize("name", IMPORTS)
async def test_a_template_can_be_sent_back_as_it_is(
    client: Client, service: FakeService, name: str
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    file = (await client.get(f"/desk/import/{name}/template")).content
    head, example = (
        CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    )
    assert head == list(IMPORTS[name].columns.values())
    answer = await send(client, name, file, "空表.xlsx")
    assert "新增 0 行，更新 0 行，没有变化 0 行，有问题 0 行" in answer.text
    real = [str(cell).replace("示例：", "") for cell in example]
    answer = await send(client, name, sheet([[str(cell) for cell in head], real]))
    assert "新增 1 行，更新 0 行，没有变化 0 行，有问题 0 行" in answer.text


def sheet(rows: list[list[str]]) -> bytes:
    """A workbook of texts."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("people", "姓名,电话,身份,地区\n乌云,13900000001,家长,150422", "不归您管"),
        ("people", "姓名,电话\n乌云,13900000001", "没有填“地区”"),
        ("sessions", "名称,开始日期,方式\n夜校,2026-12-01,线上", "只有自治区能加"),
        ("sessions", "名称,开始日期,地区\n夜校,2026-12-01,150422", "不归您管"),
        ("officers", "姓名,角色,地区\n王丽,管理员,152222", "更大的角色"),
        ("officers", "姓名,角色,地区\n王丽,负责人,152222", "更大的角色"),
        ("officers", "姓名,角色,地区\n王丽,经办人,152200", "不归您管"),
    ],
)
async def test_nobody_reaches_beyond_their_own(
    client: Client, service: FakeService, name: str, row: str, said: str
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    answer = await send(client, name, row.encode())
    assert "新增 0 行" in answer.text
    assert said in answer.text


async def test_a_person_of_another_place_is_not_changed(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.SUPERVISOR, "150422")
    await send(client, "people", "姓名,电话,地区\n乌云,13900000001,150422".encode())
    await client.post("/desk/logout", data={"_csrf_token": ""})
    async with service.db.write() as uow:
        person = await uow.people.by_phone("13900000001")
        assert person is not None
        person.home_region = BANNER
    answer = await send(client, "people", "姓名,电话,地区\n别人,13900000001,150422".encode())
    assert "登记在别的地区" in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (b"\x89PNG\x00\x00", "只认"),
        (b"PK\x03\x04broken", "打不开"),
        ("一,二\n1,2".encode(), "列名"),
        (b"x" * (LARGEST + 1), "太大"),
    ],
)
async def test_files_that_cannot_be_read_are_refused_in_words(
    client: Client, service: FakeService, content: bytes, said: str
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    answer = await send(client, "people", content, "名单.xlsx")
    assert answer.status_code == 422
    assert said in answer.text


async def test_only_who_leads_may_import(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    assert (await client.get("/desk/import")).status_code == 403
    assert (await client.get("/desk/import/people/template")).status_code == 403
    page = (await client.get("/desk")).text
    answer = await client.post("/desk/import/people", data={"_csrf_token": form_token(page)})
    assert answer.status_code == 403
    assert "/desk/import" not in page


async def test_there_is_nothing_else_to_import(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    assert (await client.get("/desk/import/secrets/template")).status_code == 404
    assert "没有选文件" in (await send(client, "people", b"", "")).text
