"""Each working morning the officers hear, once, whose attendance is due."""

from datetime import UTC, date, datetime, timedelta

from bot.rights.actor import Actor
from bot.workers.events import Event
from bot.workers.tick import tick, tick_between
from flows import commands as c
from storage.db import Database
from storage.models.officer import Officer
from tests.service import support as s
from tests.service.test_dropout_life import PAPER, TODAY

TUESDAY = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
DAY = timedelta(days=1)


def rounds(events: list[Event]) -> list[tuple[datetime, str]]:
    return [(event.at, event.text) for event in events if event.kind == "attendance"]


async def back(db: Database, officer: Officer, address: str, **more: object) -> str:
    """A case of this officer whose child is back since Monday."""
    by = Actor.officer(officer)
    reference = await s.dropout(db, (await s.person(db, address)).actor)
    await s.do(db, c.Assign(reference, officer=officer.id), by)
    await s.do(db, c.RecordReturn(reference, on=TODAY, **more), by)  # type: ignore[arg-type]
    return reference


async def test_whose_attendance_is_due_is_told_once_a_working_morning(any_db: Database) -> None:
    officer = await s.officer(any_db, "白乌云")
    first, second = await back(any_db, officer, "p1"), await back(any_db, officer, "p2")
    await back(any_db, officer, "p3", placement="leave", until=date(2027, 3, 1), files=(PAPER,))
    await s.dropout(any_db, (await s.person(any_db, "p4")).actor)
    text = f"今天请看看 2 个孩子到校了没有：{first}、{second}。"
    assert rounds(await tick(any_db, s.NOW + DAY / 8)) == [], "they came back today"
    events = await tick_between(any_db, TUESDAY - DAY / 24, TUESDAY + DAY / 2)
    assert rounds(events) == [(TUESDAY, text)]
    assert text in await s.notices(any_db, officer)
    assert rounds(await tick(any_db, TUESDAY + timedelta(hours=3))) == []


async def test_a_child_that_was_seen_is_not_asked_for(db: Database) -> None:
    officer = await s.officer(db, "白乌云")
    reference = await back(db, officer, "p1")
    seen = c.CheckAttendance(reference, present=True)
    await s.do(db, seen, Actor.officer(officer), TUESDAY + DAY)
    assert rounds(await tick(db, TUESDAY + DAY + timedelta(hours=1))) == []
    events = await tick_between(db, TUESDAY + 2 * DAY, TUESDAY + 7 * DAY)
    mornings = [at for at, _ in rounds(events)]
    assert mornings == [TUESDAY + n * DAY for n in (2, 3, 6, 7)], "not at the weekend"


async def test_after_two_weeks_once_a_week(db: Database) -> None:
    officer = await s.officer(db, "白乌云")
    reference = await back(db, officer, "p1")
    wednesday = TUESDAY + 15 * DAY
    await s.do(db, c.CheckAttendance(reference), Actor.officer(officer), wednesday)
    events = await tick_between(db, wednesday, wednesday + 7 * DAY)
    assert [at for at, _ in rounds(events)] == [wednesday + 7 * DAY]
