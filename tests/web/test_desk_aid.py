"""An application at the desk and over the API: the checklist, paper by paper."""

from typing import Any

import pytest

from bot.documents import fill
from storage.kinds import Role
from storage.models.record import Record
from tests.documents.test_aid_form import words
from tests.web.conftest import (
    OTHER_BANNER,
    Client,
    FakeService,
    add_officer,
    add_record,
    bearer,
)
from tests.web.test_chat import photo
from tests.web.test_desk import A1, D1, desk_of, post, sign_in

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
    papers = {paper["document"]: paper for paper in back.json()["recognition"]["papers"]}
    assert (papers[BOOK]["state"], papers[BOOK]["reason"]) == ("sent_back", "看不清")
    taken = await send(f"{BOOK}/accept", expected_version=version)
    assert taken.json()["status"] == "submitted"
    assert (await send(f"{BOOK}/accept", expected_version=version)).status_code == 409
    assert (await send("nothing/accept")).status_code == 422
    assert (await send(f"{BOOK}/return")).status_code == 422
    assert (await send(f"{BOOK}/return", fault="ugly")).status_code == 422


async def test_from_the_level_to_the_money(client: Client, service: FakeService) -> None:
    slots: dict[str, Any] = {
        "grade": "小学二年级",
        "school": "高力板中心小学",
        "hardship": ["dibao"],
        "id_number": "152222201801011234",
        "phone": "13948123456",
    }
    await add_record(service, A1, status="under_review", **slots)
    await desk_of(client, service)
    url = f"/desk/records/{A1}"
    page = await page_of(client)
    assert "还没有定" in page and "机器人的建议" in page and "低保家庭" in page
    assert f'action="{url}/publish"' not in page
    await post(client, f"{url}/level", level="moderate", reason="去年丰收")
    await post(client, f"{url}/publish", place="学校门口")
    page = await page_of(client)
    up = page.split('class="public"', 1)[1].split("</p>", 1)[0]
    assert "苏**" in up and "比较困难" in up
    assert "低保" not in up and "1234" not in up and "苏日娜" not in up
    assert "2026-11-23 到 2026-11-30，还没满" in page
    early = await post(client, f"{url}/approve")
    assert early.status_code == 422 and "还在公示，公示到11月30日" in early.text
    await post(client, f"{url}/object", text="听说他家有车")
    assert "听说他家有车" in await page_of(client)
    await post(client, f"{url}/settle-objection", objection="1", finding="是旧三轮")
    assert "是旧三轮" in await page_of(client)
    service.wait(days=8)
    assert (await post(client, f"{url}/approve")).is_redirect
    wrong = await post(client, f"{url}/pay", paid_on="2026-12-01", amount="六百", period="秋")
    assert wrong.status_code == 422 and "比如 625" in wrong.text
    sent = {"paid_on": "2026-12-01", "amount": "625", "other_programme": "生活费补助"}
    assert (await post(client, f"{url}/pay", period="2026年秋季学期", **sent)).is_redirect
    page = await page_of(client)
    assert "已发放" in page and ">625<" in page and "2026年秋季学期" in page
    payment = page.split('name="payment" value="', 1)[1].split('"', 1)[0]
    assert (await post(client, f"{url}/correct-payment", payment=payment)).status_code == 422
    sent = {"payment": payment, "reason": "记到别家了"}
    assert (await post(client, f"{url}/correct-payment", **sent)).is_redirect
    page = await page_of(client)
    assert "记错了，已更正" in page and "correct-payment" not in page


async def test_publication_over_the_api(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, A1, status="under_review")

    async def send(command: str, **body: Any) -> Any:
        url = f"/api/v1/applications/{A1}/{command}"
        return await client.post(url, json=body, headers=bearer(token))

    assert (await send("publish")).status_code == 422
    assert (await send("level", level="general")).status_code == 200
    up = (await send("publish", days=5)).json()
    assert up["status"] == "published"
    assert (await send("approve")).status_code == 422
    assert up["recognition"]["published_until"] == "2026-11-30"
    assert up["recognition"]["public"]["child_name"] == "苏**"
    assert (await send("object", text="不对")).status_code == 200
    assert (await send("settle-objection", finding="对的")).status_code == 200
    assert (await send("pay", paid_on="2026-11-23", amount=1, programme="a", period="b")).is_error
    for amount in (0, "0.001", "NaN", "1e9"):
        body = {"paid_on": "2026-11-23", "amount": amount, "programme": "a", "period": "b"}
        assert (await send("pay", **body)).status_code == 422


async def test_what_tells_of_health_is_covered(client: Client, service: FakeService) -> None:
    await add_record(service, A1, hardship=["dibao", "disabled_student"], grade="小学二年级")
    await add_officer(service, "录入", Role.CLERK)
    await sign_in(client, "录入")
    page = await page_of(client)
    assert "低保" in page and "残疾" not in page
    await desk_of(client, service)
    page = await page_of(client)
    assert "孩子的残疾人证" in page  # who has to look at the paper is told which it is
    assert "残疾" not in page.split('id="recognition"', 1)[1].split("</section>", 1)[0]


async def test_the_form_as_a_file(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fill, "office_program", lambda: None)
    await add_record(service, A1, id_number="152222201801011234", grade="小学二年级")
    await desk_of(client, service)
    url = f"/desk/records/{A1}/form"
    assert f'href="{url}/docx"' in await page_of(client)
    word = await client.get(f"{url}/docx")
    assert word.status_code == 200 and word.content.startswith(b"PK")
    assert "attachment" in word.headers["content-disposition"]
    assert "王芳" in words(word.content) and "15222220180101" not in words(word.content)
    pdf = await client.get(f"{url}/pdf")
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    assert (await client.get(f"{url}/docx?full=yes")).status_code == 403
    assert (await client.get(f"{url}/exe")).status_code == 422
    assert (await client.get(f"/desk/records/{D1}/form/docx")).status_code == 404
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    full = await client.get(f"{url}/docx?full=yes")
    assert "152222201801011234" in words(full.content)
    async with service.db.read() as uow:
        entries = [e for e in await uow.audit.of(A1) if e.action == "export_form"]
    assert [(e.detail or {}).get("full") for e in entries] == [None, None, True]


async def test_the_form_over_the_api_and_who_may_not(
    client: Client, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fill, "office_program", lambda: None)
    await add_record(service, A1)
    _, token = await add_officer(service, "乌云")
    _, clerk = await add_officer(service, "录入", Role.CLERK)
    _, other = await add_officer(service, "外旗", region=OTHER_BANNER)
    url = f"/api/v1/applications/{A1}/form"
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        made = await client.get(f"{url}.{kind}", headers=bearer(token))
        assert made.status_code == 200 and made.content.startswith(start)
    assert (await client.get(f"{url}.docx", headers=bearer(clerk))).status_code == 403
    assert (await client.get(f"{url}.docx", headers=bearer(other))).status_code == 404
    assert (await client.get(f"{url}.pdf?full=true", headers=bearer(token))).status_code == 403
