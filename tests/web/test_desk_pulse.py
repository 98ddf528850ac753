"""An open page of the desk hears of changes, and of nothing else."""

import pytest

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows import commands as c
from storage.kinds import RecordKind
from tests.web.conftest import BANNER, OTHER_BANNER, Client, FakeService, add_record
from tests.web.test_desk import desk_of

D1, D2 = "D26-0000-013", "D26-0000-026"


async def note(service: FakeService, reference: str, officer: int) -> None:
    async with service.db.write() as uow:
        row = await uow.officers.get(officer)
        assert row is not None
        await handle(uow, c.AddNote(reference, text="看过了"), Actor.officer(row), service.now())


async def newest(service: FakeService) -> int:
    async with service.db.read() as uow:
        return await uow.audit.newest()


async def test_a_pulse_beats_only_when_something_changed(
    client: Client, service: FakeService
) -> None:
    officer = await desk_of(client, service)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    before = await newest(service)
    await client.get("/desk")  # reading is no change
    assert (await client.get(f"/desk/pulse?after={before}")).status_code == 204
    await note(service, D1, officer)
    answer = await client.get(f"/desk/pulse?after={before}")
    assert (answer.status_code, answer.headers["hx-trigger"]) == (200, "changed")
    assert (await client.get(f"/desk/pulse?after={await newest(service)}")).status_code == 204


@pytest.mark.parametrize(
    ("place", "of", "status"),
    [(BANNER, D1, 200), (BANNER, D2, 204), (OTHER_BANNER, D1, 204)],
)
async def test_a_pulse_tells_of_the_record_and_the_region_asked_for(
    client: Client, service: FakeService, place: str, of: str, status: int
) -> None:
    officer = await desk_of(client, service)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    before = await newest(service)
    await note(service, D1, officer)
    async with service.db.write() as uow:
        row = await uow.officers.get(officer)
        assert row is not None
        row.region_code = place
    assert (await client.get(f"/desk/pulse?after={before}&of={of}")).status_code == status
