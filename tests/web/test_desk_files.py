"""Files from the desk: by role and place, with a name the browser understands."""

import io
from typing import Any
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook

from storage.kinds import RecordKind, Role
from tests.web.conftest import OTHER_BANNER, Client, FakeService, add_record
from tests.web.test_desk import desk_of

SUSPECTED = "/desk/ledgers/suspected/file?month=2026-11"


async def put(service: FakeService) -> None:
    more = {"status": "reported", "guardian_phone": "13800001111"}
    await add_record(service, "D26-0001-0001", RecordKind.DROPOUT_CASE, **more)
    await add_record(service, "D26-0001-0002", RecordKind.DROPOUT_CASE, region=OTHER_BANNER, **more)


def first_sheet(content: bytes) -> str:
    return str(
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )


async def test_a_ledger_comes_masked_and_only_of_the_place(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    await put(service)
    response = await client.get(SUSPECTED)
    told = unquote(response.headers["content-disposition"])
    assert told.endswith("疑似辍学学生台账-兴安盟科尔沁右翼中旗-2026-11.xlsx")
    sheet = first_sheet(response.content)
    assert "D26-0001-0001" in sheet and "D26-0001-0002" not in sheet
    assert "138****1111" in sheet and "13800001111" not in sheet


async def test_no_code_of_ours_stands_in_a_ledger(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    girl: dict[str, Any] = {"child_name": "娜仁", "age": 9, "grade": "小学三年级"}
    boy: dict[str, Any] = {"child_name": "巴图", "age": 13, "grade": "初中一年级"}
    await add_record(service, "A26-0001-0001", relation="mother", hardship=["dibao"], **girl)
    await add_record(service, "A26-0001-0002", relation="大姨", annual_income="unknown", **boy)
    for ledger in ("applications", "children"):
        answer = await client.get(f"/desk/ledgers/{ledger}/file?month=2026-11")
        sheet = first_sheet(answer.content)
        assert "妈妈" in sheet and "大姨" in sheet
        assert "mother" not in sheet and "unknown" not in sheet and "dibao" not in sheet


@pytest.mark.parametrize(
    ("role", "query", "status"),
    [
        (Role.CLERK, "", 403),
        (Role.OFFICER, "", 200),
        (Role.OFFICER, "&full=1", 403),
        (Role.SUPERVISOR, "&full=1", 200),
    ],
)
async def test_the_role_decides(
    client: Client, service: FakeService, role: Role, query: str, status: int
) -> None:
    await desk_of(client, service, role)
    await put(service)
    response = await client.get(SUSPECTED + query)
    assert response.status_code == status
    if status == 200:
        assert ("13800001111" in first_sheet(response.content)) == bool(query)


async def test_reports_come_as_both_kinds(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    for format in ("xlsx", "docx"):
        response = await client.get(f"/desk/reports/aid/file?format={format}")
        assert response.status_code == 200
        assert response.content[:2] == b"PK"
        assert response.headers["content-disposition"].endswith(f".{format}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/desk/ledgers/secrets/file", 404),
        ("/desk/reports/secrets/file", 404),
        ("/desk/reports/aid/file?format=pdf", 422),
        (f"/desk/reports/aid/file?region={OTHER_BANNER}", 422),
        ("/desk/ledgers/suspected/file?month=2026", 422),
    ],
)
async def test_what_there_is_not_is_said(
    client: Client, service: FakeService, path: str, status: int
) -> None:
    await desk_of(client, service)
    assert (await client.get(path)).status_code == status
