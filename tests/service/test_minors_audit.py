"""The yearly audit counts what was held, agreed to, looked at and asked for, and names nobody."""

from datetime import timedelta

import pytest

from bot.cases.data_requests import answer, open_requests
from bot.handlers.acting import Acting
from bot.minors.held import AGES, age_group
from bot.minors.report import minors_audit
from bot.reports.model import Table
from bot.rights.access import access_record
from bot.rights.actor import Actor
from bot.workers.retention import purge_old
from flows import commands as c
from flows.policy.minors import load_minors_audit
from storage.db import Database
from storage.kinds import Role
from storage.models.officer import Officer
from tests.service import support as s

NIGHT = s.NOW + timedelta(hours=12)
PURPOSE = "核对低保证"


async def tables_of(db: Database, year: int = 2026, region: str = s.BANNER) -> dict[str, Table]:
    async with db.read() as uow:
        tables, made = await minors_audit(uow, year, region, "甲", NIGHT)
    assert made.period == f"{year}年"
    return {table.title: table for table in tables}


def line(table: Table, name: str) -> list[str]:
    (found,) = [line for line in table.lines if line[0].shown == name]
    return [cell.shown for cell in found[1:]]


async def year_of_work(db: Database) -> Officer:
    """An application, a report, looks by day and by night, a deletion that was answered."""
    chief = await s.officer(db, "主管白音", Role.SUPERVISOR)
    who, other = await s.person(db), await s.person(db, "p2")
    await s.do(db, c.RecordConsent("aid", True, "2026-11"), who.actor)
    await s.do(db, c.RecordConsent("aid", False, "2026-11"), other.actor)
    application = await s.application(db, who.actor)
    await s.dropout(db, other.actor)
    by = Actor.officer(chief)
    for number in range(4):
        purpose = PURPOSE if number < 3 else "问了苏日娜的妈妈"
        await s.do(db, c.Reveal(application, field="id_number", purpose=purpose), by)
    for at in (s.NOW, NIGHT):
        async with db.write() as uow:
            await access_record(uow, chief, application, at)
    async with db.write() as uow:
        told = {"ledger": "children", "rows": 12, "unmasked": True}
        await Acting(uow, by, s.NOW).audit("export", None, **told)
    await s.do(db, c.DeleteMyData(), other.actor)
    async with db.write() as uow:
        (request,) = await open_requests(uow, chief)
        await answer(uow, chief, request.id, "", s.NOW + timedelta(days=3))
    await purge_old(db, NIGHT)
    return chief


async def test_what_the_year_held_and_who_looked(any_db: Database) -> None:
    await year_of_work(any_db)
    tables = await tables_of(any_db)
    assert line(tables["各类记录和年龄"], "助学申请") == ["1", "1", "0", "0", "0"]
    assert line(tables["各旗县和年龄"], "科尔沁右翼中旗") == ["2", "1", "1", "0", "0"]
    consents = line(tables["同意和撤回（整个系统）"], "助学申请用孩子和家里的信息")
    assert consents == ["2026-11", "1", "1", "0"]
    assert line(tables["谁看过、导出过（次）"], "看记录") == ["0", "0", "2", "0", "2"]
    assert line(tables["其中不在上班时间的（次）"], "看记录") == ["0", "0", "1", "0", "1"]
    (export,) = tables["成批导出"].lines
    assert [cell.shown for cell in export[1:]] == ["主管", "children", "12", "没有打码"]
    assert tables["查看保密内容（每次都写了原因）"].lines[0][2].value == 4
    assert line(tables["查看保密内容的原因"], PURPOSE) == ["3"]
    asked = line(tables["本人的要求"], "要求删除，有依法留下的")
    assert asked == ["1", "0", "3.0", "3.0"]
    assert "有 1 天做完了清理" in tables["到期清理"].note


async def test_nobody_can_be_read_out_of_it(db: Database) -> None:
    await year_of_work(db)
    told = str(await tables_of(db))
    for value in (*s.APPLICATION.values(), *s.DROPOUT.values(), "主管白音", "苏日娜的妈妈"):
        if isinstance(value, str) and value not in ("work", "母亲", s.DROPOUT["absent_since"]):
            assert value not in told, value


async def test_another_year_and_another_place_count_nothing(db: Database) -> None:
    await year_of_work(db)
    for tables in (await tables_of(db, 2025), await tables_of(db, region="150422")):
        assert tables["谁看过、导出过（次）"].lines == ()
    assert (await tables_of(db, region="150422"))["各类记录和年龄"].lines == ()


async def test_what_is_not_certain_says_so(db: Database) -> None:
    tables = await tables_of(db)
    duty = {row[0].shown: row[1].shown for row in tables["为什么要做"].lines}
    assert "未成年人网络保护条例第37条" in duty.values()
    assert any("本服务的规定" in cited for cited in duty.values())
    for fact in (*load_minors_audit().measures, *load_minors_audit().purposes):
        assert fact.confidence.firm or "请" in fact.cited


@pytest.mark.parametrize(
    ("age", "group"), [(13, 0), (14, 1), (17, 1), (18, 2), (None, 3), ("8", 3), (True, 3)]
)
def test_the_law_tells_ages_apart(age: object, group: int) -> None:
    assert age_group(age) == AGES[group]
