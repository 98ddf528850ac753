"""A family that wants its data deleted hears from a person what the law makes us keep."""

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows.commands import DeleteMyData
from storage.kinds import RecordKind, Role
from tests.web.conftest import OTHER_BANNER, Client, FakeService, add_officer, add_record
from tests.web.test_desk import desk_of, post, sign_in

D1 = "D26-0000-013"


async def deleted(service: FakeService) -> tuple[int, int]:
    """Somebody who reported a child had their data deleted; the request and the chat."""
    row = await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    assert row.person_id is not None
    assert row.conversation_id is not None
    talk = row.conversation_id
    async with service.db.write() as uow:
        await handle(uow, DeleteMyData(), Actor.person(row.person_id, talk), service.now())
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(action="delete_my_data")
    return entries[0].id, talk


async def told(service: FakeService, talk: int) -> list[str]:
    async with service.db.read() as uow:
        return [message.text for message in await uow.outbox.after(talk, 0)]


async def test_it_is_answered_once_and_the_family_is_told(
    client: Client, service: FakeService
) -> None:
    request, talk = await deleted(service)
    await desk_of(client, service, Role.SUPERVISOR)
    page = (await client.get("/desk/requests")).text
    assert D1 in page
    assert "还有 21 天" in page  # fifteen working days
    url = f"/desk/requests/{request}"
    assert (await post(client, url, do="partly")).status_code == 422
    assert (await post(client, url, do="partly", reason="台账要留")).status_code == 303
    assert "台账要留" in (await told(service, talk))[-1]
    assert D1 not in (await client.get("/desk/requests")).text
    assert (await post(client, url, do="done")).status_code == 404
    async with service.db.read() as uow:
        assert "answer_data_request" in [entry.action for entry in await uow.audit.of(D1)]


async def test_it_is_for_supervisors_of_the_place(client: Client, service: FakeService) -> None:
    request, talk = await deleted(service)
    await desk_of(client, service)
    assert (await client.get("/desk/requests")).status_code == 403
    await add_officer(service, "邻旗主管", Role.SUPERVISOR, OTHER_BANNER)
    await sign_in(client, "邻旗主管")
    assert D1 not in (await client.get("/desk/requests")).text
    assert (await post(client, f"/desk/requests/{request}", do="done")).status_code == 404
    assert await told(service, talk) == []
