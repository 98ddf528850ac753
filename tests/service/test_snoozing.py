"""A clock that waits: until the end of a day, not for long, and never when there is danger."""

from datetime import date

import pytest

from bot.errors import Refused
from bot.rights.actor import SYSTEM, Actor
from bot.workers.tick import tick_between
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType
from tests.service import support as s
from tests.service.test_ladder import at, told


async def test_the_time_is_up_at_the_end_of_that_day(any_db: Database) -> None:
    officer = await s.officer(any_db, "旗")
    await s.officer(any_db, "盟", region="152200")
    reference = await s.dropout(any_db, SYSTEM)
    asleep = c.Snooze(reference, until=date(2026, 11, 28), reason="家里办白事")
    await s.do(any_db, asleep, Actor.officer(officer))
    record = await s.record(any_db, reference)
    assert record.due_at == at("2026-11-30 17:30"), "the 28th is a Saturday"
    assert record.first_due_at == at("2026-11-24 10:00")
    events = s.besides_calls(await tick_between(any_db, s.NOW, at("2026-12-01 09:00")))
    assert told(events) == [
        ("11-30 08:30", "clock_reminder", "旗"),
        ("12-01 08:30", "escalation", "盟"),
    ]
    assert await s.actions(any_db, reference) == ["file", "route", "snooze", "remind", "escalate"]


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (date(2026, 12, 9), "最晚只能暂缓到12月8日"),
        (date(2026, 11, 23), "今天以后"),
        (None, "今天以后"),
    ],
)
async def test_not_for_ever(db: Database, until: date | None, why: str) -> None:
    officer = await s.officer(db, "旗")
    reference = await s.dropout(db, SYSTEM)
    with pytest.raises(Refused, match=why):
        await s.do(db, c.Snooze(reference, until=until, reason="x"), Actor.officer(officer))


async def test_snoozing_again_does_not_lengthen_the_longest_time(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "旗"))
    reference = await s.dropout(db, SYSTEM)
    await s.do(db, c.Snooze(reference, until=date(2026, 12, 4), reason="x"), by)
    with pytest.raises(Refused, match="12月8日"):
        await s.do(db, c.Snooze(reference, until=date(2026, 12, 9), reason="x"), by)
    with pytest.raises(Refused, match="还早"):
        await s.do(db, c.Snooze(reference, until=date(2026, 12, 3), reason="x"), by)
    with pytest.raises(Refused, match="原因"):
        await s.do(db, c.Snooze(reference, until=date(2026, 12, 7)), by)


async def test_danger_does_not_wait(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "旗"))
    reference = await s.escalation(db, SYSTEM, EscalationType.EMERGENCY)
    with pytest.raises(Refused, match="紧急情况不能暂缓"):
        await s.do(db, c.Snooze(reference, until=date(2026, 11, 25), reason="x"), by)
