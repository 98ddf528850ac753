"""A family gets a copy of what is kept of it, and nothing of what others said (PIPL art. 45)."""

import io
from typing import Any

from docx import Document
from python_calamine import CalamineWorkbook

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from bot.turns.topics import topic_of_record
from bot.web.desk.own_copy import copy_for_person
from flows import commands as c
from storage.kinds import RecordKind, Role
from storage.models.case import Case
from tests.web.conftest import OTHER_BANNER, Client, FakeService, add_officer, add_record
from tests.web.test_desk import A1, D1, desk_of, post, sign_in

URL = "/desk/requests/copy"
ID = "152222201801011215"
CHECKED = "看了身份证"


async def family(service: FakeService) -> tuple[int, int]:
    """A mother who applied here and in another banner and reported a neighbour's child."""
    row = await add_record(service, A1, id_number=ID, address="mother", phone="13948123456")
    await add_record(service, "A26-0000-026", region=OTHER_BANNER, address="mother", age=7)
    await add_record(
        service,
        D1,
        RecordKind.DROPOUT_CASE,
        status="reported",
        address="mother",
        child_name="巴特尔",
        reason="work",
    )
    assert row.person_id is not None and row.conversation_id is not None
    async with service.db.write() as uow:
        case = await uow.records.get(D1)
        assert isinstance(case, Case)
        await uow.records.add_reporter(case, "乌云其其格", "13847900000")
        by = Actor.person(row.person_id, row.conversation_id)
        await handle(uow, c.RecordConsent("aid", True, "2026-11"), by, service.now())
    return row.person_id, row.conversation_id


def words_of(content: bytes) -> str:
    """Every cell of a Word file."""
    tables = Document(io.BytesIO(content)).tables
    return "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells)


async def file(client: Client, reference: str, **more: str) -> Any:
    form = {"reference": reference, "checked": CHECKED, "format": "docx", **more}
    return await post(client, f"{URL}/file", **form)


async def actions(service: FakeService, reference: str) -> list[str]:
    async with service.db.read() as uow:
        return [entry.action for entry in await uow.audit.of(reference)]


async def test_a_file_with_all_that_is_hers_here(client: Client, service: FakeService) -> None:
    await family(service)
    await desk_of(client, service, Role.SUPERVISOR)
    page = (await client.get(f"{URL}?reference={A1}")).text
    assert "发到对方自己的聊天里" in page and "下载 Word" in page
    answer = await file(client, A1)
    assert answer.status_code == 200
    words = words_of(answer.content)
    for told in (ID, "13948123456", "巴特尔", "乌云其其格", "同意"):
        assert told in words
    sent = (await file(client, A1, format="xlsx")).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(sent))
    assert not any("A26-0000-026" in name for name in book.sheet_names)
    notes = book.get_sheet_by_name("说明").to_python()
    assert any("另有 1 条" in str(row[1]) for row in notes)
    assert "copy_data" in await actions(service, A1)
    assert {"copy_data", "reveal"} <= set(await actions(service, D1))


async def test_the_childs_family_gets_nothing_of_who_reported(
    client: Client, service: FakeService
) -> None:
    await family(service)
    await desk_of(client, service, Role.SUPERVISOR)
    words = words_of((await file(client, D1, whose="child")).content)
    assert "巴特尔" in words
    for secret in ("乌云其其格", "13847900000", "13948123456", A1):
        assert secret not in words
    assert "reveal" not in await actions(service, D1)


async def test_into_her_own_chat_goes_everything(client: Client, service: FakeService) -> None:
    _, talk = await family(service)
    await desk_of(client, service, Role.SUPERVISOR)
    answer = await post(client, f"{URL}/chat", reference=A1, checked=CHECKED)
    assert answer.status_code == 303
    async with service.db.read() as uow:
        told = [message.text for message in await uow.outbox.after(talk, 0)]
    assert "这里记着的您的全部信息" in told[0]
    assert ID in "".join(told) and "A26-0000-026" in "".join(told)
    assert max(map(len, told)) < 4000
    assert "copy_data" in await actions(service, A1)


async def test_only_supervisors_of_the_place_and_only_after_looking_who_asks(
    client: Client, service: FakeService
) -> None:
    await family(service)
    await desk_of(client, service)
    assert (await client.get(f"{URL}?reference={A1}")).status_code == 403
    assert (await file(client, A1)).status_code == 403
    await add_officer(service, "邻旗", Role.SUPERVISOR, "152221")
    await sign_in(client, "邻旗")
    assert (await file(client, A1)).status_code == 404
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    assert (await file(client, A1, checked=" ")).status_code == 422
    assert "copy_data" not in await actions(service, A1)


async def test_what_another_said_of_the_same_child_is_not_in_it(
    client: Client, service: FakeService
) -> None:
    _, talk = await family(service)
    async with service.db.write() as uow:
        other = await uow.conversations.get_or_create("web", "neighbour", service.now())
        for address, words in ((talk, "给报告人的话"), (other.id, "给邻居的话")):
            topic = topic_of_record(D1)
            await uow.outbox.add(address, words, [], {}, service.now(), topic=topic)
        about = Actor.person(other.person_id, other.id)
        join = c.JoinRecord(D1, "D26-0000-026", "巴特尔", "我也看见了")
        await handle(uow, join, about, service.now())
    await desk_of(client, service, Role.SUPERVISOR)
    words = words_of((await file(client, D1)).content)
    assert "给报告人的话" in words
    for secret in ("给邻居的话", "我也看见了", "另一个人也来说"):
        assert secret not in words


async def test_what_was_chosen_about_pushes_is_in_the_copy(service: FakeService) -> None:
    person, _ = await family(service)
    async with service.db.write() as uow:
        row = await uow.people.get(person)
        assert row is not None
        row.muted, row.push_hour = ["session", "session_soon", "campaign"], 19
    async with service.db.read() as uow:
        copy = await copy_for_person(uow, person, service.now())
    told = {line[0].shown: line[1].shown for line in copy.tables[0].lines}
    assert told["不要的提醒"] == "开课提醒、群发通知" and told["几点收提醒"] == "19点"
    assert told["说话用的语言"] == "汉语" and "提醒停到哪天" not in told
