"""The reports on aid and on reaction: the numbers of invented records, and the rows behind them."""

from datetime import timedelta

from sqlalchemy import update

from bot.reports.aid import aid_report
from bot.reports.coding import code_stages
from bot.reports.model import Cell, Report
from bot.reports.reaction import reaction_report
from bot.reports.scope import Scope
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import HardshipLevel
from storage.models.application import Application
from tests.service import support as s

NOVEMBER = ("2026-11", "2026-11")


def lines(report: Report, part: int) -> list[list[object]]:
    """The values of a table."""
    return [[cell.value for cell in line] for line in report.parts[part].table.lines]


async def aid(db: Database, region: str) -> Report:
    async with db.read() as uow:
        return await aid_report(uow, Scope(region, *NOVEMBER))


async def test_applications_are_counted_by_unit_stage_and_level(db: Database) -> None:
    officer = Actor.officer(await s.officer(db, "王丽"))
    who = await s.person(db)
    first = await s.application(db, who.actor)
    await s.application(db, (await s.person(db, "p2")).actor, grade="初中一年级", child_name="高娃")
    await s.do(db, c.AcceptApplication(first), officer)
    await s.do(db, c.SetLevel(first, level=HardshipLevel.SPECIAL, reason="低保"), officer)
    report = await aid(db, "150000")
    assert lines(report, 0) == [["兴安盟", 2, 2, 0, 0, 0], ["合计", 2, 2, 0, 0, 0]]
    assert lines(report, 1) == [
        ["小学", 1, 0, 0, 0, 1],
        ["初中", 0, 0, 0, 1, 1],
        ["合计", 1, 0, 0, 1, 2],
    ]
    assert lines(report, 2)[:2] == [["提交", 2], ["受理", 1]]
    assert lines(report, 3)[-1] == ["2026-11", 2, 0]
    assert report.parts[1].table.lines[0][1] == Cell(
        1,
        {"kind": "aid_application", "region": "150000", "from": "2026-11", "to": "2026-11"}
        | {"stage": "primary", "level": "special"},
    )


async def test_another_banner_counts_nothing(db: Database) -> None:
    await s.application(db, (await s.person(db)).actor)
    assert lines(await aid(db, "150422"), 0) == []
    tiles = (await aid(db, "152200")).parts[0].charts[0]
    assert {spot.label: spot.value for spot in tiles.spots}["科尔沁右翼中"] == 1
    assert len(tiles.spots) == 6


async def test_how_long_people_wait(db: Database) -> None:
    officer = Actor.officer(await s.officer(db, "王丽"))
    first = await s.dropout(db, (await s.person(db)).actor)
    await s.dropout(db, (await s.person(db, "p2")).actor, child_name="高娃")
    await s.do(db, c.AddNote(first, text="去看"), officer, s.NOW + timedelta(hours=5))
    await s.do(db, c.AddNote(first, text="又去"), officer, s.NOW + timedelta(hours=50))
    async with db.read() as uow:
        report = await reaction_report(uow, Scope("152222", *NOVEMBER))
    assert lines(report, 0)[0] == ["失学登记", 2, 1, 1, 5, 5, 0, "—", "—"]
    assert lines(report, 0)[1][:4] == ["转办事项", 0, 0, 0]


async def test_reading_is_no_act(db: Database) -> None:
    from bot.rights.access import access_record

    officer = await s.officer(db, "王丽")
    reference = await s.dropout(db, (await s.person(db)).actor)
    async with db.write() as uow:
        await access_record(uow, officer, reference, s.NOW)
    assert (await s.record(db, reference)).acted_at is None


async def test_stages_of_older_records_are_derived_once(db: Database) -> None:
    reference = await s.application(db, (await s.person(db)).actor)
    version = (await s.record(db, reference)).version
    async with db.write() as uow:
        await uow.session.execute(update(Application).values(stage=None))
    assert await code_stages(db) == 1
    assert await code_stages(db) == 0
    record = await s.record(db, reference)
    assert (record.stage, record.version) == ("primary", version)
