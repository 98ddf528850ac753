"""Supervision: a demand with a clock of its own, beside that of the record."""

from datetime import date, timedelta

import pytest

from bot.errors import NotAllowed, Refused
from bot.rights.actor import SYSTEM, Actor
from bot.workers.tick import tick_between
from flows import commands as c
from storage.db import Database
from storage.kinds import Role
from tests.service import support as s
from tests.service.test_ladder import at


async def test_a_demand_is_told_over_and_lifted(any_db: Database) -> None:
    near = await s.officer(any_db, "旗")
    leading = await s.officer(any_db, "主管", Role.SUPERVISOR, region="152200")
    by = Actor.officer(leading)
    reference = await s.dropout(any_db, SYSTEM)
    await s.do(any_db, c.RecordReturn(reference, placement="vocational"), Actor.officer(near))
    before = (await s.record(any_db, reference)).due_at
    demand = c.Supervise(reference, demand="三天内上门", until=date(2026, 11, 28))
    await s.do(any_db, demand, by)
    assert (await s.record(any_db, reference)).due_at == before, "its own clock, not the record's"
    assert "【督办】" in (await s.notices(any_db, near))[-1]
    with pytest.raises(Refused, match="已经在督办"):
        await s.do(any_db, demand, by)
    over = at("2026-11-30 17:30")  # the 28th is a Saturday
    events = await tick_between(any_db, s.NOW, over + timedelta(hours=1))
    ends = [event.at for event in events if event.kind == "supervision"]
    assert ends == [over], "told once"
    for officer in (near, leading):
        assert any("督办到期" in notice for notice in await s.notices(any_db, officer))
    with pytest.raises(Refused, match="原因"):
        await s.do(any_db, c.LiftSupervision(reference), by)
    await s.do(any_db, c.LiftSupervision(reference, reason="办好了"), by)
    with pytest.raises(Refused, match="没有在督办"):
        await s.do(any_db, c.LiftSupervision(reference, reason="再来"), by)
    async with any_db.read() as uow:
        assert await uow.supervisions.open(9) == []


async def test_who_may_and_with_what(db: Database) -> None:
    near = await s.officer(db, "旗")
    leading = Actor.officer(await s.officer(db, "主管", Role.SUPERVISOR))
    reference = await s.dropout(db, SYSTEM)
    with pytest.raises(NotAllowed):
        demand = c.Supervise(reference, demand="办", until=date(2026, 12, 1))
        await s.do(db, demand, Actor.officer(near))
    with pytest.raises(Refused, match="写内容"):
        await s.do(db, c.Supervise(reference, until=date(2026, 12, 1)), leading)
    for until in (None, date(2026, 11, 22)):
        with pytest.raises(Refused, match="已经过去"):
            await s.do(db, c.Supervise(reference, demand="办", until=until), leading)
