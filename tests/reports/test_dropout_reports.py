"""The month's and the quarter's report on dropouts: numbers of cases that went their way."""

from datetime import date, timedelta

from bot.reports.model import Report
from bot.reports.monthly import monthly_report
from bot.reports.quarterly import quarterly_report
from bot.reports.scope import Scope
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import RecordKind, Role
from tests.service import support as s

NOVEMBER = Scope(s.BANNER, "2026-11", "2026-11")


def numbers(report: Report, part: int) -> dict[str, list[object]]:
    """The lines of a table by their first cell."""
    lines = report.parts[part].table.lines
    return {str(line[0].value): [cell.value for cell in line[1:]] for line in lines}


async def case_days_ago(db: Database, name: str, days: int) -> str:
    who = await s.person(db, name)
    slots = {**s.DROPOUT, "child_name": name}
    moment = s.NOW - timedelta(days=days)
    return await s.file(db, who.actor, RecordKind.DROPOUT_CASE, slots, s.VILLAGE, now=moment)


async def three_cases(db: Database) -> None:
    """One visited and verified, one new, one from two months ago that nobody looked at."""
    by = Actor.officer(await s.officer(db, "王丽"))
    first = await case_days_ago(db, "巴特尔", 5)
    await case_days_ago(db, "高娃", 1)
    await case_days_ago(db, "斯琴", 60)
    await s.do(db, c.VerifyCase(first, identity=True, roll=True, whereabouts="家里"), by)
    await s.do(db, c.LogVisit(first, method="家访", result="愿意"), by)
    await s.do(db, c.LogVisit(first, method="电话", on=date(2026, 11, 20)), by)


async def test_the_month_in_numbers(db: Database) -> None:
    await three_cases(db)
    async with db.read() as uow:
        report = await monthly_report(uow, NOVEMBER)
        elsewhere = await monthly_report(uow, Scope("150422", "2026-11", "2026-11"))
    told = {name: value for name, (value,) in numbers(report, 0).items()}
    assert told["本月新登记（人）"] == 2
    assert told["其中：疑似，待核实"] == 1
    assert told["其中：核实，劝返中"] == 1
    assert told["本月劝返、家访（次）"] == 2
    assert told["本月销号（人）"] == 0
    assert told["到月末登记、现在还没销号（人）"] == 3
    assert numbers(report, 1)["合计"] == [2, 1, 1, 0, 0, 0]
    assert numbers(report, 2)["2026-09"] == [1, 0]
    assert set(numbers(elsewhere, 0)["本月新登记（人）"]) == {0}


async def test_the_quarter_names_what_lies(db: Database) -> None:
    await three_cases(db)
    async with db.read() as uow:
        report = await quarterly_report(uow, NOVEMBER)
    assert numbers(report, 0) == {
        "上个月底以前登记，还没核实": [1],
        "还没复学，一次也没走访过": [2],
        "登记以后还没有人办": [2],
        "本季度销号，抽查依据": [0],
    }
    assert report.period == "2026-10 至 2026-11"
    assert numbers(report, 1)["本月新登记（人）"] == [0, 2]


async def test_a_corrected_visit_counts_once(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "王丽"))
    reference = await case_days_ago(db, "巴特尔", 5)
    await s.do(db, c.LogVisit(reference, method="家访", result="不在家"), by)
    async with db.read() as uow:
        record = await s.record(db, reference)
        (visit,) = await uow.case_facts.of(record)  # type: ignore[arg-type]
    await s.do(db, c.LogVisit(reference, method="家访", result="在家", corrects=visit.id), by)
    async with db.read() as uow:
        report = await monthly_report(uow, NOVEMBER)
    assert numbers(report, 0)["本月劝返、家访（次）"] == [1]


async def test_what_was_closed_is_told_by_its_ground(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "王丽"))
    boss = Actor.officer(await s.officer(db, "李强", Role.SUPERVISOR))
    reference = await case_days_ago(db, "巴特尔", 5)
    looked = c.VerifyCase(
        reference, identity=True, roll=True, whereabouts="在校", is_dropout=False, code="data_error"
    )
    await s.do(db, looked, by)
    await s.do(db, c.ApproveClose(reference), boss)
    async with db.read() as uow:
        report = await quarterly_report(uow, NOVEMBER)
    assert numbers(report, 2) == {"信息有误，不是失学": [1]}
