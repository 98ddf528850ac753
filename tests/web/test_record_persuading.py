"""A dropout case at the desk: its forms, the photo that comes with a visit, what is refused."""

from io import BytesIO
from typing import Any

from PIL import Image

from storage.kinds import RecordKind, Role
from storage.models.case import Case
from storage.models.fact import CaseFact
from tests.web.conftest import Client, FakeService, add_officer, add_record, form_token
from tests.web.test_desk import D1, desk_of, post, sign_in


def picture() -> bytes:
    """A small photo."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


async def send(client: Client, path: str, name: str, content: bytes, **form: str) -> Any:
    """A form with a file."""
    token = form_token((await client.get("/desk")).text)
    return await client.post(
        path,
        data={"_csrf_token": token, **form},
        files={"files": (name, content, "application/octet-stream")},
        follow_redirects=False,
    )


async def opened(client: Client, service: FakeService) -> str:
    """A case and a signed-in officer; the address of the case."""
    await desk_of(client, service)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", age=14)
    return f"/desk/records/{D1}"


async def facts(service: FakeService) -> list[CaseFact]:
    async with service.db.read() as uow:
        case = await uow.records.get(D1)
        assert isinstance(case, Case)
        return await uow.case_facts.of(case)


async def test_a_visit_with_its_photo(client: Client, service: FakeService) -> None:
    path = await opened(client, service)
    visit = {"method": "上门", "met": "奶奶", "result": "答应周一回校", "next_on": "2026-11-30"}
    answer = await send(client, f"{path}/visit", "家访.jpg", picture(), **visit)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=visit")
    (fact,) = await facts(service)
    assert fact.until is not None and fact.until.isoformat() == "2026-11-30"
    photo = await client.get(f"/desk/files/{fact.detail['files'][0]}")
    assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")


async def test_a_visit_without_photo_and_its_correction(
    client: Client, service: FakeService
) -> None:
    path = await opened(client, service)
    await send(client, f"{path}/visit", "", b"", method="电话", result="没人接")
    (first,) = await facts(service)
    page = (await client.get(path)).text
    assert f'<option value="{first.id}"' in page
    right = {"method": "电话", "result": "打通了", "corrects": str(first.id)}
    assert (await post(client, f"{path}/visit", **right)).status_code == 303
    assert [fact.corrects_id for fact in await facts(service)] == [None, first.id]


async def test_what_is_no_photo_is_refused_and_nothing_is_kept(
    client: Client, service: FakeService
) -> None:
    path = await opened(client, service)
    answer = await send(client, f"{path}/visit", "a.exe", b"MZ" * 99, method="上门", result="x")
    assert answer.status_code == 422 and "打不开" in answer.text
    big = await send(
        client,
        f"{path}/visit",
        "a.jpg",
        b"\xff\xd8\xff" + bytes(2 << 20),
        method="上门",
        result="x",
    )
    assert big.status_code == 422 and "太大" in big.text
    assert await facts(service) == []


async def test_the_forms_of_a_life(client: Client, service: FakeService) -> None:
    path = await opened(client, service)
    look = {"identity": "yes", "whereabouts": "在家放羊"}
    assert "三样" in (await post(client, f"{path}/verify", **look)).text
    assert (await post(client, f"{path}/verify", **look, roll="yes")).status_code == 303
    for side, name in (("school", "李老师"), ("village", "巴图")):
        named = {"side": side, "name": name, "post": "", "phone": "13948000001", "account": ""}
        assert (await post(client, f"{path}/responsible", **named)).status_code == 303
    plan = {"measures": "送教", "resource_study": "yes", "deadline": "2026-12-20"}
    assert (await post(client, f"{path}/plan", **plan)).status_code == 303
    back = {"placement": "vocational", "school": "旗职校", "on": "2026-11-20"}
    assert (await post(client, f"{path}/return", **back)).status_code == 303
    assert (await post(client, f"{path}/attendance", present="no")).status_code == 303
    kinds = [fact.kind for fact in await facts(service)]
    expected = ["verified", "responsible", "responsible", "plan", "return", "attendance"]
    assert kinds == expected
    assert (await facts(service))[3].detail["resources"] == ["study"]


async def test_excluded_takes_its_paper_along(client: Client, service: FakeService) -> None:
    path = await opened(client, service)
    ask = {"code": "excluded", "note": "医院证明"}
    refused = await post(client, f"{path}/request-close", **ask)
    assert refused.status_code == 422 and "批准文件" in refused.text
    answer = await send(client, f"{path}/request-close", "批文.jpg", picture(), **ask)
    assert answer.status_code == 303


async def test_a_request_to_close_is_answered_with_yes_or_no_on_any_case(
    client: Client, service: FakeService
) -> None:
    path = await opened(client, service)
    assert 'id="form-decline-close"' not in (await client.get(path)).text
    assert (await post(client, f"{path}/request-close", code="returned")).status_code == 303
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    page = (await client.get(path)).text
    assert 'id="form-approve-close"' in page and 'id="form-decline-close"' in page
    assert "请看：还没有核实过孩子的情况；还没有登记复学或者安置。" in page
    empty = await post(client, f"{path}/decline-close", reason=" ")
    assert empty.status_code == 422 and 'href="#form-decline-close"' in empty.text
    no = await post(client, f"{path}/decline-close", reason="先去看看")
    assert no.headers["location"].endswith("?done=decline-close")
    page = (await client.get(path)).text
    assert 'id="form-approve-close"' not in page and "先去看看" in page


async def test_why_a_child_need_not_be_in_school_is_not_for_everybody(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.CLERK)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", age=14)
    path = f"/desk/records/{D1}"
    for document, seen in (("evidence", 200), ("approval", 403)):
        sent = await send(client, f"{path}/papers", "a.jpg", picture(), document=document)
        assert sent.status_code == 303
        async with service.db.read() as uow:
            photo = (await uow.attachments.of_reference(D1))[-1]
        assert (await client.get(f"/desk/files/{photo.id}")).status_code == seen
        page = (await client.get(path)).text
        assert (f"/desk/files/{photo.id}" in page) == (seen == 200)
