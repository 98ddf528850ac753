"""Administrators see the yearly audit of minors' data and take it with them."""

import io

from docx import Document

from storage.kinds import Role
from tests.web.conftest import Client, FakeService, add_record
from tests.web.test_desk import A1, desk_of


async def test_an_administrator_sees_a_year_and_takes_the_file(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.ADMIN)
    await add_record(service, A1, age=7)
    assert "2026年" in (await client.get("/desk/minors-audit")).text
    page = (await client.get("/desk/minors-audit?year=2026")).text
    assert "各类记录和年龄" in page and "未成年人网络保护条例第37条" in page
    answer = await client.get("/desk/minors-audit/file?year=2026&format=docx")
    assert answer.status_code == 200
    words = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    assert "合规审计底稿" in words and "没有个人信息" in words
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(action="export_minors")
    assert len(entries) == 1


async def test_others_do_not(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    for path in ("", "?year=2026", "/file?year=2026"):
        assert (await client.get(f"/desk/minors-audit{path}")).status_code == 403
    assert "合规审计" not in (await client.get("/desk")).text


async def test_a_year_that_is_none_is_refused(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN)
    assert (await client.get("/desk/minors-audit?year=1999")).status_code == 422
