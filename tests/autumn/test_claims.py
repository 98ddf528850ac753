"""Several processes send what is due: each reminder once, each person in order."""

from datetime import timedelta

import pytest

from storage.db import Database
from tests.autumn import claims
from tests.autumn.firer import NOW


@pytest.mark.slow
async def test_four_processes_send_each_reminder_once_and_in_order(any_url: str) -> None:
    found = await claims.measure(any_url, 2000, processes=4)
    assert found.is_right, found
    assert 400 <= found.messages <= 2000


async def test_the_look_itself_notices(db: Database) -> None:
    await claims.fill(db, 4)
    async with db.write() as uow:
        for number in (1, 0, 0):
            await uow.outbox.add(1, f"您让我提醒您：第{number}件", [], {}, NOW + timedelta(1))
    found = await claims.look(db, 4, [3], 1)
    assert (found.missing, found.twice, found.out_of_order, found.unsettled) == (2, 1, 1, 4)
    assert not found.is_right
