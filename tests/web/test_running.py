"""The page 运行状况: what to look at, and answers that did not go out are sent again."""

from datetime import timedelta

from bot.web.desk.running import size_words, span_words
from storage.kinds import RecordKind, Role
from tests.web.conftest import Client, FakeService, add_record
from tests.web.test_desk import desk_of, post

WORDS = "孩子的补助已经批了"


async def unsent(service: FakeService) -> int:
    async with service.db.write() as uow:
        talk = await uow.conversations.get_or_create("web", "a-secret-address", service.now())
        row = await uow.outbox.add(talk.id, WORDS, [], {}, service.now())
        assert row is not None
        row.attempts = 8
        await uow.outbox.fail(row.id, "TimeoutError")
        return row.id


async def test_a_day_like_others_and_the_parts(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN)
    async with service.db.write() as uow:
        await uow.audit.add(service.now(), "system", None, "backup")
        await uow.processes.is_here("pc:7:abc", ["k"], service.now())
    page = (await client.get("/desk/running")).text
    assert "一切正常" in page
    assert "数据库" in page and "语言引擎" in page and "pc:7:abc" in page
    assert "没有。" in page and '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert "有事要看" not in page


async def test_what_to_look_at_stands_first_with_its_way_out(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.ADMIN)
    await add_record(
        service, "E26-0001-001", RecordKind.ESCALATION, status="open", type="emergency"
    )
    await unsent(service)
    service.wait(minutes=40)
    page = (await client.get("/desk/running")).text
    assert "有 1 件紧急求助还没有人接，最早的等了 40 分钟。" in page
    assert page.index("马上") < page.index("有 1 条回复没有发出去") < page.index("还没有做过备份")
    assert "技术员手册“紧急求助没人接”一节" in page
    assert WORDS not in page and "a-secret-address" not in page
    assert "有事要看" in (await client.get("/desk")).text


async def test_an_answer_that_did_not_go_out_is_sent_again_once(
    client: Client, service: FakeService
) -> None:
    officer = await desk_of(client, service, Role.ADMIN)
    number = await unsent(service)
    path = f"/desk/running/unsent/{number}"
    assert f'action="{path}"' in (await client.get("/desk/running")).text
    answer = await post(client, path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/running#unsent")
    assert (await post(client, path)).status_code == 404
    async with service.db.read() as uow:
        row = await uow.outbox.get(number)
        assert row is not None and (row.status, row.attempts) == ("queued", 0)
        entries, _ = await uow.audit.page(action="send_again")
    assert [(entry.actor_id, entry.detail) for entry in entries] == [(officer, {"outbox": number})]
    assert f'action="{path}"' not in (await client.get("/desk/running")).text


async def test_only_administrators_see_and_send(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    number = await unsent(service)
    assert (await client.get("/desk/running")).status_code == 403
    assert (await post(client, f"/desk/running/unsent/{number}")).status_code == 403
    assert "/desk/running" not in (await client.get("/desk")).text


def test_spans_and_sizes_in_words() -> None:
    spans = {timedelta(seconds=40): "40 秒", timedelta(minutes=90): "1 小时"}
    spans |= {timedelta(days=2, hours=5): "2 天", timedelta(minutes=5): "5 分钟"}
    assert {span: span_words(span) for span in spans} == spans
    assert [size_words(n) for n in (12, 2048, 3 << 20, 5 << 29)] == [
        "12 字节",
        "2.0 KB",
        "3.0 MB",
        "2.5 GB",
    ]
