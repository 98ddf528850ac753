"""A child let off school for a time comes back to somebody's desk on the day, and only once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.cases.deadlines import set_clock
from bot.rights.actor import Actor
from bot.workers.events import Event
from bot.workers.tick import tick, tick_between
from flows import commands as c
from storage.db import Database
from storage.kinds import Role
from storage.models.officer import Officer
from tests.service import support as s
from tests.service.test_dropout_life import PAPER

LAST_DAY = date(2026, 12, 7)
OPENING = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai


async def let_off(db: Database, is_closed: bool) -> tuple[str, Officer]:
    """A case of a child on leave, and its officer."""
    officer = await s.officer(db, "白乌云")
    boss = await s.officer(db, "主管", Role.SUPERVISOR)
    by = Actor.officer(officer)
    reference = await s.dropout(db, (await s.person(db)).actor)
    leave = c.RecordReturn(reference, placement="休学", until=LAST_DAY, files=(PAPER,))
    await s.do(db, leave, by)
    await s.do(db, c.Assign(reference, officer=officer.id), by)
    if is_closed:
        await s.do(db, c.RequestClose(reference, code="deferred"), by)
        await s.do(db, c.ApproveClose(reference), Actor.officer(boss))
    return reference, officer


def deferrals(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind == "deferral"]


@pytest.mark.slow
@pytest.mark.parametrize("is_closed", [False, True])
async def test_the_case_is_open_again_on_the_day(any_db: Database, is_closed: bool) -> None:
    reference, officer = await let_off(any_db, is_closed)
    assert deferrals(await tick(any_db, OPENING - timedelta(minutes=1))) == []
    events = s.besides_calls(await tick_between(any_db, s.NOW, OPENING + timedelta(hours=12)))
    assert [event.kind for event in events if event.at < OPENING] in ([], ["retention"])
    (event,) = deferrals(events)
    assert (event.at, event.reference) == (OPENING, reference)
    record = await s.record(any_db, reference)
    assert (record.status, record.closed_at, record.closing_code) == ("persuading", None, None)
    assert record.due_at is not None
    told = [text for text in await s.notices(any_db, officer) if "到期了" in text]
    assert len(told) == 1


@pytest.mark.slow
async def test_nobody_is_pressed_before_the_day(db: Database) -> None:
    reference, officer = await let_off(db, is_closed=False)
    by = Actor.officer(officer)
    await s.do(db, c.LogVisit(reference, method="电话", result="在医院"), by)  # a clock of its own
    async with db.write() as uow:
        row = await uow.records.get(reference)
        assert row is not None
        set_clock(row, s.NOW, s.NOW + timedelta(days=3))
    events = await tick_between(db, s.NOW, OPENING - timedelta(minutes=1))
    assert [event for event in events if event.kind == "escalation"] == []
    record = await s.record(db, reference)
    assert (record.ladder_level, record.due_at) == (2, datetime(2026, 12, 7, 10, tzinfo=UTC))


async def test_a_child_that_is_back_earlier_is_left_in_peace(db: Database) -> None:
    reference, officer = await let_off(db, is_closed=False)
    await s.do(db, c.RecordReturn(reference, school="三中"), Actor.officer(officer))
    assert deferrals(await tick(db, OPENING + timedelta(hours=3))) == []
    assert (await s.record(db, reference)).status == "returned"


async def test_a_case_closed_for_good_stays_closed(db: Database) -> None:
    reference, officer = await let_off(db, is_closed=False)
    boss = await s.officer(db, "主管乙", Role.SUPERVISOR)
    await s.do(db, c.RequestClose(reference, code="abroad"), Actor.officer(officer))
    await s.do(db, c.ApproveClose(reference), Actor.officer(boss))
    assert deferrals(await tick(db, OPENING + timedelta(hours=3))) == []
    assert (await s.record(db, reference)).status == "closed"
