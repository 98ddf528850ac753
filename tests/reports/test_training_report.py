"""Training seats and who came; and how far matters climbed."""

from sqlalchemy import update

from bot.reports.climbing import climbing_report
from bot.reports.scope import Scope
from bot.reports.training import training_report
from bot.rights.actor import SYSTEM, Actor
from flows import commands as c
from storage.db import Database
from storage.models.training import Registration
from tests.service import support as s


async def test_seats_registrations_and_attendance(db: Database) -> None:
    session = await s.session(db, seats=2)
    for n in range(3):
        await s.book(db, (await s.person(db, f"p{n}")).actor, session, person_name=f"斯琴{n}")
    await s.book(db, (await s.person(db, "p9")).actor, None)
    async with db.write() as uow:
        first = update(Registration).where(Registration.id == 1)
        await uow.session.execute(first.values(status="attended"))
    async with db.read() as uow:
        report = await training_report(uow, Scope(s.BANNER, "2026-11", "2026-12"))
        earlier = await training_report(uow, Scope(s.BANNER, "2026-11", "2026-11"))
    (line,) = report.parts[0].table.lines
    assert [cell.value for cell in line[2:]] == ["2026-12-01", 2, 2, 1, 1, 0, 100.0]
    assert line[4].rows == {
        "kind": "training_registration", "session": "1", "status": "booked,attended,absent",
    }  # fmt: skip
    assert [spot.value for spot in report.parts[0].charts[0].spots] == [2, 2, 1]
    told = report.parts[1].table.lines[-1]
    assert [cell.value for cell in told] == ["合计", 4, 1, 1, 1, 1, 0, 0]
    assert [cell.value for cell in report.parts[2].table.lines[0]][1:] == [1, 2]
    assert earlier.parts[0].table.lines == ()


async def test_where_matters_stand_and_how_often_they_climbed(db: Database) -> None:
    await s.officer(db, "镇", region=s.TOWN)
    await s.officer(db, "旗")
    await s.officer(db, "盟", region="152200")
    by = Actor.officer(await s.officer(db, "另一位", region="150000"))
    first = await s.dropout(db, (await s.person(db)).actor)
    await s.dropout(db, (await s.person(db, "p2")).actor, child_name="高娃")
    await s.do(db, c.Escalate(first, reason="没人管"), by)
    await s.do(db, c.Escalate(first, reason="到点"), SYSTEM)
    async with db.read() as uow:
        report = await climbing_report(uow, Scope("152200", "2026-11", "2026-11"))
    lines = [[cell.value for cell in line] for line in report.parts[0].table.lines]
    assert lines[0] == ["失学登记", 0, 0, 1, 0, 1, 2]
    assert [cell.value for cell in report.parts[1].table.lines[-1]] == ["2026-11", 1, 1, 0]
