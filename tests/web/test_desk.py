"""The officers' desk: signing in, the list, the record, the forms, what others must not see."""

from typing import Any

import pytest

from bot.turns.topics import topic_of_record
from storage.kinds import RecordKind, Role
from storage.models.case import Case
from tests.web.conftest import (
    BANNER,
    OTHER_BANNER,
    PASSWORD,
    Client,
    FakeService,
    add_officer,
    add_record,
    form_token,
)
from tests.web.test_chat import photo

A1, D1, E1, E2 = "A26-0000-013", "D26-0000-013", "E26-0000-013", "E26-0000-026"


async def sign_in(client: Client, name: str, password: str = PASSWORD) -> int:
    token = form_token((await client.get("/desk/login")).text)
    form = {"_csrf_token": token, "name": name, "password": password}
    answer = await client.post("/desk/login", data=form, follow_redirects=False)
    return answer.status_code


async def post(client: Client, path: str, **form: str) -> Any:
    token = form_token((await client.get("/desk")).text)
    data = {"_csrf_token": token, **form}
    return await client.post(path, data=data, follow_redirects=False)


async def desk_of(
    client: Client, service: FakeService, role: Role = Role.OFFICER, region: str = BANNER
) -> int:
    """Sign in as 王芳; her id."""
    officer, _ = await add_officer(service, "王芳", role, region)
    assert await sign_in(client, "王芳") == 303
    return officer.id


async def test_nobody_gets_in_without_signing_in(client: Client, service: FakeService) -> None:
    await add_record(service, A1)
    for path in ("/desk", f"/desk/records/{A1}", "/desk/files/1", "/desk/trainings"):
        answer = await client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/login")


async def test_a_wrong_password_says_nothing_of_the_name(
    client: Client, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    assert await sign_in(client, "王芳", "wrong") == 401
    assert await sign_in(client, "nobody", "wrong") == 401


async def test_guessing_a_password_is_slowed_down(client: Client, service: FakeService) -> None:
    await add_officer(service, "王芳")
    for _ in range(5):
        assert await sign_in(client, "王芳", "wrong") == 401
    assert await sign_in(client, "王芳") == 429
    service.wait(minutes=16)
    assert await sign_in(client, "王芳") == 303


async def test_a_session_is_a_closed_cookie_and_ends_with_the_password(
    client: Client, service: FakeService
) -> None:
    officer_id = await desk_of(client, service)
    assert (await client.get("/desk")).status_code == 200
    async with service.db.write() as uow:
        row = await uow.officers.get(officer_id)
        assert row is not None
        row.password_hash = "changed"
    assert (await client.get("/desk", follow_redirects=False)).status_code == 303


async def test_the_session_cookie_is_httponly(client: Client, service: FakeService) -> None:
    await add_officer(service, "王芳")
    token = form_token((await client.get("/desk/login")).text)
    form = {"_csrf_token": token, "name": "王芳", "password": PASSWORD}
    answer = await client.post("/desk/login", data=form, follow_redirects=False)
    cookies = answer.headers.get_list("set-cookie")
    cookie = next(cookie for cookie in cookies if cookie.startswith("yulu_desk="))
    assert "HttpOnly" in cookie
    assert "Path=/desk" in cookie


async def test_signing_out_ends_the_session(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    assert (await post(client, "/desk/logout")).status_code == 303
    assert (await client.get("/desk", follow_redirects=False)).status_code == 303


async def test_a_form_of_another_site_is_refused(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    await add_record(service, E1, RecordKind.ESCALATION, status="open", type="human")
    form = {"text": "x", "_csrf_token": "0" * 128}
    answer = await client.post(f"/desk/records/{E1}/note", data=form)
    assert answer.status_code == 403
    assert "刷新" in answer.text


async def test_what_presses_comes_first(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    await add_record(service, E1, RecordKind.ESCALATION, status="open", type="emergency")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    async with service.db.write() as uow:
        row = await uow.records.get(D1, lock=True)
        assert row is not None
        row.due_at = service.now()
    service.wait(days=2)
    await add_record(service, A1)
    page = (await client.get("/desk")).text
    assert page.index("先办这些") < page.index(E1) < page.index(D1) < page.index("其他")
    assert page.index("其他") < page.index(A1)
    assert "超时 2 天" in page
    assert page.count(f"/desk/records/{D1}") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=苏日娜", True),
        ("q=苏日那", True),
        ("q=surina", True),
        ("q=Su+Ri+Na", True),
        ("q=suri", True),
        ("q=bateer", False),
        ("q=13948000001", True),
        ("q=139+4800+0001", True),
        ("q=13948000002", False),
        ("q=巴特尔", False),
        (f"q={A1}", True),
        (f"q={A1.replace('-', '')}", True),
        ("kind=aid_application&status=submitted", True),
        ("kind=aid_application&status=approved", False),
        ("kind=dropout_case", False),
        ("view=mine", False),
        ("view=nobody", True),
        ("clock=late", False),
        ("region=152200", True),
        ("region=1504", False),
    ],
)
async def test_the_list_can_be_searched(
    client: Client, service: FakeService, query: str, found: bool
) -> None:
    from bot.cases.records import index

    await desk_of(client, service)
    await add_record(service, A1, phone="13948000001")
    async with service.db.write() as uow:
        row = await uow.records.get(A1, lock=True)
        assert row is not None
        index(row, uow)
    page = (await client.get(f"/desk?{query}")).text
    assert (f"/desk/records/{A1}" in page) is found


async def test_other_regions_are_invisible(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    await add_record(service, A1, region=OTHER_BANNER)
    assert A1 not in (await client.get("/desk")).text
    assert (await client.get(f"/desk/records/{A1}")).status_code == 404
    assert (await client.get(f"/desk/records/{A1}/talk")).status_code == 404
    assert (await post(client, f"/desk/records/{A1}/note", text="x")).status_code == 404


async def test_the_record_speaks_chinese_and_hides_the_id_number(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    await add_record(
        service,
        A1,
        hardship=["dibao", "orphan"],
        annual_income="unknown",
        id_number="152222201501010014",
        region=BANNER,
    )
    page = (await client.get(f"/desk/records/{A1}")).text
    assert "低保、孤儿" in page
    assert "不知道" in page
    assert "科尔沁右翼中旗" in page
    assert "15222220150101" not in page
    assert "0014" in page


async def test_names_and_messages_are_escaped(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    nasty = "<script>alert(1)</script>"
    row = await add_record(service, A1, child_name=nasty, school='"><img src=x onerror=1>')
    async with service.db.write() as uow:
        assert row.conversation_id is not None
        topic = topic_of_record(A1)
        await uow.outbox.add(row.conversation_id, nasty, [], {}, service.now(), topic=topic)
    for path in ("/desk", f"/desk/records/{A1}"):
        page = (await client.get(path)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


async def test_a_reply_reaches_the_outbox(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    row = await add_record(service, E1, RecordKind.ESCALATION, status="open", type="human")
    answer = await post(client, f"/desk/records/{E1}/reply", text="您好，我来办", version="1")
    assert answer.status_code == 303, answer.text
    async with service.db.read() as uow:
        assert row.conversation_id is not None
        [queued] = await uow.outbox.unsent(row.conversation_id)
    assert "您好，我来办" in queued.text
    page = (await client.get(f"/desk/records/{E1}?done=reply")).text
    assert "已经办好：回复对方" in page
    assert "王芳 正在和对方聊天" in page
    assert "交还机器人" in page


async def test_a_refused_change_says_why_and_keeps_what_was_typed(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    form = {"method": "上门", "result": "见到奶奶", "on": "2099-01-01"}
    answer = await post(client, f"/desk/records/{D1}/visit", **form)
    assert answer.status_code == 422
    assert "日期不能晚于今天" in answer.text
    assert "见到奶奶" in answer.text
    late = await post(client, f"/desk/records/{D1}/note", text="写了很久", version="99")
    assert late.status_code == 409
    assert "写了很久" in late.text


async def test_only_changes_that_are_allowed_now_are_offered(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    await add_record(service, A1)
    page = (await client.get(f"/desk/records/{A1}")).text
    assert f'action="/desk/records/{A1}/accept"' in page
    assert f'action="/desk/records/{A1}/visit"' not in page
    assert f'action="/desk/records/{A1}/level"' not in page
    assert f'action="/desk/records/{A1}/hand-back"' not in page
    await post(client, f"/desk/records/{A1}/accept")
    page = (await client.get(f"/desk/records/{A1}")).text
    assert f'action="/desk/records/{A1}/level"' in page
    assert f'action="/desk/records/{A1}/approve"' not in page  # it has to be published first


async def test_who_reported_is_for_supervisors_and_leaves_a_trace(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    url, asked = f"/desk/records/{D1}/reveal", {"field": "reporter", "purpose": "请他带路"}
    page = (await client.get(f"/desk/records/{D1}")).text
    assert "报告人" in page
    assert 'value="reporter"' not in page
    assert (await post(client, url, **asked)).status_code == 403
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    assert 'value="reporter"' in (await client.get(f"/desk/records/{D1}")).text
    assert (await post(client, url, field="reporter")).status_code == 422
    assert "匿名报告" in (await post(client, url, **asked)).text
    assert "匿名报告" not in (await client.get(f"/desk/records/{D1}")).text
    async with service.db.read() as uow:
        looks = [entry for entry in await uow.audit.of(D1) if entry.action == "reveal"]
    assert [look.detail for look in looks] == [{"field": "reporter", "purpose": "请他带路"}]


async def test_the_talk_of_a_report_hides_phones_from_those_below_supervisor(
    client: Client, service: FakeService
) -> None:
    row = await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    async with service.db.write() as uow:
        assert row.conversation_id is not None
        text = "报告人：白音，电话是13812345678"
        topic = topic_of_record(D1)
        await uow.outbox.add(row.conversation_id, text, [], {}, service.now(), topic=topic)
        case = await uow.records.get(D1)
        assert isinstance(case, Case)
        await uow.records.add_reporter(case, "白音", "13812345678")
    await desk_of(client, service)
    page = (await client.get(f"/desk/records/{D1}")).text
    assert "13812345678" not in page and "白音" not in page and "报告人：白*" in page
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    assert "13812345678" in (await client.get(f"/desk/records/{D1}")).text


async def test_a_photo_is_for_officers_of_the_place(client: Client, service: FakeService) -> None:
    row = await add_record(service, A1)
    prepared = await service.files.prepare(photo(), "户口.jpg")
    async with service.db.write() as uow:
        assert row.person_id is not None
        assert row.conversation_id is not None
        kept = await service.files.keep(
            uow,
            prepared,
            person_id=row.person_id,
            conversation_id=row.conversation_id,
            now=service.now(),
        )
        await uow.attachments.attach(kept.attachment, A1, "household_register")
    path = f"/desk/files/{kept.attachment}"
    await add_officer(service, "外旗", region=OTHER_BANNER)
    await sign_in(client, "外旗")
    assert (await client.get(path)).status_code == 404
    await desk_of(client, service)
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert path in (await client.get(f"/desk/records/{A1}")).text
    (service.files.root / prepared.path).write_bytes(b"not what was kept")
    answer = await client.get(path)
    assert (answer.status_code, "坏了" in answer.text, "技术员" in answer.text) == (410, True, True)
    async with service.db.read() as uow:
        assert "read_file" in [entry.action for entry in await uow.audit.of(A1)]


async def test_the_talk_is_sent_again_only_when_something_is_new(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    row = await add_record(service, A1)
    assert row.conversation_id is not None
    talk = await client.get(f"/desk/records/{A1}/talk?seen=0-0")
    assert talk.status_code == 204
    async with service.db.write() as uow:
        await uow.outbox.add(row.conversation_id, "别的事", [], {}, service.now())
    assert (await client.get(f"/desk/records/{A1}/talk?seen=0-0")).status_code == 204
    async with service.db.write() as uow:
        topic = topic_of_record(A1)
        await uow.outbox.add(row.conversation_id, "新话", [], {}, service.now(), topic=topic)
    talk = await client.get(f"/desk/records/{A1}/talk?seen=0-0")
    assert talk.status_code == 200
    assert "新话" in talk.text


async def test_health_and_numbers_are_shown_one_at_a_time(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    number = "152222201801011234"
    await add_record(service, A1, id_number=number, hardship=["dibao", "serious_illness"])
    page = (await client.get(f"/desk/records/{A1}")).text
    assert "低保、保密" in page
    assert number not in page
    url = f"/desk/records/{A1}/reveal"
    shown = (await post(client, url, field="id_number", purpose="核对证件")).text
    assert number in shown
    assert "低保、保密" in shown
    assert "查看保密内容" in (await client.get(f"/desk/records/{A1}")).text
    await add_officer(service, "录入", Role.CLERK)
    await sign_in(client, "录入")
    assert "为什么要看" not in (await client.get(f"/desk/records/{A1}")).text
    assert (await post(client, url, field="hardship", purpose="看看")).status_code == 403
