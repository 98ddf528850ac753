"""An application at the desk and over the API: the checklist, paper by paper."""

from typing import Any

from storage.models.record import Record
from tests.web.conftest import Client, FakeService, add_officer, add_record, bearer
from tests.web.test_chat import photo
from tests.web.test_desk import A1, desk_of, post

BOOK = "household_register"


async def add_photo(service: FakeService, row: Record, document: str) -> int:
    prepared = await service.files.prepare(photo(), "户口.jpg")
    assert row.person_id is not None and row.conversation_id is not None
    async with service.db.write() as uow:
        kept = await service.files.keep(
            uow, prepared, person_id=row.person_id, conversation_id=row.conversation_id,
            now=service.now(),
        )  # fmt: skip
        await uow.attachments.attach(kept.attachment, row.reference, document)
    return kept.attachment


async def page_of(client: Client) -> str:
    return (await client.get(f"/desk/records/{A1}")).text


async def test_each_paper_is_accepted_or_sent_back_where_it_stands(
    client: Client, service: FakeService
) -> None:
    row = await add_record(service, A1, grade="小学二年级", hardship=["dibao"])
    await add_photo(service, row, BOOK)
    await desk_of(client, service)
    page = await page_of(client)
    assert "收到，待看" in page and "还没交" in page and "可以不交" in page and "看不清" in page
    back = await post(
        client, f"/desk/records/{A1}/return-for-correction", document=BOOK, fault="page_missing"
    )
    assert back.status_code == 303
    page = await page_of(client)
    assert "已退回，等重拍" in page and "退回原因：缺页" in page and "（已退回）" in page
    assert (await post(client, f"/desk/records/{A1}/accept-document", document=BOOK)).is_redirect
    page = await page_of(client)
    assert "已收下" in page and "收下一张材料" in page  # the second is in the story
    assert f"/desk/records/{A1}/accept-document" in page  # the form is still missing


async def test_a_reason_is_needed_and_one_may_write_ones_own(
    client: Client, service: FakeService
) -> None:
    row = await add_record(service, A1)
    await add_photo(service, row, BOOK)
    await desk_of(client, service)
    url = f"/desk/records/{A1}/return-for-correction"
    refused = await post(client, url, document=BOOK, reason="")
    assert refused.status_code == 422 and "请写明原因" in refused.text
    await post(client, url, document=BOOK, reason="少了爷爷那一页")
    assert "退回原因：少了爷爷那一页" in await page_of(client)


async def test_papers_over_the_api(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, A1)

    async def send(path: str, **body: Any) -> Any:
        url = f"/api/v1/applications/{A1}/documents/{path}"
        return await client.post(url, json=body, headers=bearer(token))

    back = await send(f"{BOOK}/return", fault="blurred")
    assert back.status_code == 200 and back.json()["status"] == "returned"
    version = back.json()["version"]
    taken = await send(f"{BOOK}/accept", expected_version=version)
    assert taken.json()["status"] == "submitted"
    assert (await send(f"{BOOK}/accept", expected_version=version)).status_code == 409
    assert (await send("nothing/accept")).status_code == 422
    assert (await send(f"{BOOK}/return")).status_code == 422
    assert (await send(f"{BOOK}/return", fault="ugly")).status_code == 422
