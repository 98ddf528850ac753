"""Supervisors see how long everything is kept, what went and what will go."""

from datetime import timedelta

from bot.workers.retention import purge_old
from flows.policy.retention import load_retention
from storage.kinds import Role
from tests.web.conftest import Client, FakeService
from tests.web.test_desk import desk_of


async def old_message(service: FakeService, days: int) -> None:
    at = service.now() - timedelta(days=days)
    async with service.db.write() as uow:
        talk = await uow.conversations.get_or_create("web", "a", at)
        key = f"m{days}"
        await uow.inbox.accept(talk.id, "web", key, {"text": "苏日娜"}, at, at, at)
        row = await uow.inbox.by_external("web", key)
        assert row is not None
        await uow.inbox.mark_handled(row, at)


async def test_the_page_tells_what_is_kept_and_what_goes(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    await old_message(service, 800)
    page = (await client.get("/desk/retention")).text
    for kept in load_retention().tables.values():
        assert kept.holds in page
    assert "730 天" in page and "还没有清理过" in page and "过期的来信 1 份" not in page
    assert "过期的来信 1 份" in (await client.get("/desk/retention?look=true")).text
    await purge_old(service.db, service.now())
    page = (await client.get("/desk/retention?look=true")).text
    assert "现在没有超过保存期限的" in page and "过期的来信 1 份（最早 2024-09-14）" in page


async def test_what_nobody_has_read_is_told_as_such(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    page = (await client.get("/desk/retention")).text
    assert "没有查到原文，请当地核实" in page


async def test_it_is_for_supervisors(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.OFFICER)
    answer = await client.get("/desk/retention")
    assert answer.status_code == 403 and "保存期限" not in answer.text
