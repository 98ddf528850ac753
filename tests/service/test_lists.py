"""Lists from spreadsheets: what is kept of a child, twice is once, and what the ledgers say."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.clock import local_day
from bot.errors import NotAllowed, Refused
from bot.handlers.acting import Acting
from bot.outreach.comparing import compare_some, school_year_start
from bot.rights.actor import Actor
from bot.spreadsheets.lists import Heading, list_rows, take_list
from bot.spreadsheets.table import BadFile
from bot.workers.retention import purge_old
from bot.workers.tick import tick
from storage.db import Database
from storage.kinds import ListKind, RecordKind
from tests.service import support as s
from tests.service.lists import CHILD, compared, csv_of, leader, rows_of_list, taken

TWIN = {**CHILD, "name": "苏日那", "id_number": ""}


async def test_of_an_identity_number_only_year_and_tail_are_kept(any_db: Database) -> None:
    by = await leader(any_db)
    one = await taken(any_db, by, CHILD)
    (row,) = await rows_of_list(any_db, one.list_id)
    assert (row.name, row.birth_year, row.id_tail) == ("苏日娜", 2018, "1234")
    assert (row.phone, row.guardian, row.region_code) == ("13948123456", "乌云", "152222101")
    async with any_db.read() as uow:
        raw = (await uow.session.execute(text("SELECT * FROM outreach_rows"))).one()
    stored = " ".join(str(value) for value in raw)
    assert not any(secret in stored for secret in ("苏日娜", "13948123456", "乌云", "20180101"))


async def test_the_same_file_twice_changes_nothing(any_db: Database) -> None:
    by = await leader(any_db)
    first = await taken(any_db, by, CHILD, TWIN)
    await compared(any_db, first.list_id)
    second = await taken(any_db, by, CHILD, TWIN)
    assert (second.list_id, second.report.unchanged) == (first.list_id, 2)
    assert (second.report.created, second.report.updated) == (0, 0)
    rows = await rows_of_list(any_db, first.list_id)
    assert len(rows) == 2 and all(row.compared_at for row in rows)
    third = await taken(any_db, by, {**CHILD, "grade": "小学三年级"})
    assert (third.report.updated, third.report.created) == (1, 0)
    rows = await rows_of_list(any_db, first.list_id)
    assert [row.compared_at is None for row in rows] == [True, False]


async def test_bad_rows_are_named_and_the_good_go_in(db: Database) -> None:
    wrong = [
        ({"name": ""}, "没有填“姓名”"),
        ({"name": "abc"}, "要写汉字"),
        ({"id_number": "15222220180101"}, "不是18位"),
        ({"id_number": "152222193801011234"}, "出生年份不对"),
        ({"id_number": "", "birth": "虎年"}, "四位数"),
        ({"phone": "0482-123"}, "不是11位手机号"),
        ({"region": "不存在的地方"}, "没有找到地区"),
        ({"region": "达拉特旗"}, "不在这份名单的地区里"),
        ({}, "是同一个孩子"),
    ]
    by = await leader(db)
    one = await taken(db, by, CHILD, *({**CHILD, **change} for change, _ in wrong))
    assert one.report.created == 1
    assert [problem.row for problem in one.report.problems] == list(range(3, 12))
    for problem, (_, why) in zip(one.report.problems, wrong, strict=True):
        assert why in problem.reason


async def test_rosters_are_read_as_they_are() -> None:
    heads = "学生姓名,出生年月,就读学校,联系电话,家长姓名,民族"
    line = "苏日娜,2018-01-01,高力板中心小学,13948123456/13900000000,乌云,不收"
    content = f"高力板镇2026年花名册,,,,,\n填表人：白音,,,,,\n{heads}\n{line}\n".encode("gb18030")
    (row,) = list_rows(content)
    assert row.number == 4
    with pytest.raises(BadFile):
        list_rows("一,二\n三,四\n".encode())


async def test_an_unknown_head_is_left_out_and_others_are_understood(db: Database) -> None:
    by = await leader(db)
    heads = [
        "学生姓名",
        "出生年月",
        "身份证",
        "就读学校",
        "班级",
        "嘎查村",
        "家长",
        "联系电话",
        "民族",
    ]
    values = {**CHILD, "birth": "2018-01-01", "category": "一个民族"}
    async with db.write() as uow:
        turn = Acting(uow, Actor.officer(by), s.NOW)
        heading = Heading(ListKind.CADRE_ROLL, "花名册", s.BANNER)
        one = await take_list(turn, list_rows(csv_of(values, heads=heads)), heading)
    (row,) = await rows_of_list(db, one.list_id)
    assert (row.name, row.school, row.guardian) == ("苏日娜", "高力板中心小学", "乌云")
    assert row.category is None


async def test_who_may_import_and_what(db: Database) -> None:
    clerk = await s.officer(db, "经办")
    with pytest.raises(NotAllowed):
        await taken(db, clerk, CHILD)
    by = await leader(db)
    with pytest.raises(Refused, match="不归您管"):
        await taken(db, by, CHILD, region="152221")
    with pytest.raises(Refused, match="三年"):
        await taken(db, by, CHILD, until=date(2026, 11, 1))
    with pytest.raises(Refused, match="名字"):
        await taken(db, by, CHILD, title=" ")


async def test_the_three_comparisons(any_db: Database) -> None:
    by = await leader(any_db)
    parent = await s.person(any_db)
    await s.application(any_db, parent.actor)
    await s.dropout(any_db, parent.actor)
    roll = [{**CHILD, "phone": "", "guardian": ""}]
    await taken(any_db, by, *roll, kind=ListKind.ENROLMENT, title="高力板中心小学花名册")
    away = {**CHILD, "name": "巴特尔", "id_number": "", "birth": "2012", "phone": ""}
    away = {**away, "school": "巴彦呼舒三中", "region": ""}
    nobody = {**CHILD, "name": "娜仁", "id_number": "152222201801014321", "phone": ""}
    one = await taken(any_db, by, CHILD, away, nobody)
    rows = await compared(any_db, one.list_id)
    states = [(row.applied, row.enrolled, row.dropped) for row in rows]
    assert states == [("sure", "sure", "none"), ("none", "none", "sure"), ("none", "none", "none")]


async def test_a_twin_and_last_years_application(any_db: Database) -> None:
    by, parent = await leader(any_db), await s.person(any_db)
    slots = {**s.APPLICATION}
    old = school_year_start(s.NOW).replace(year=2025)
    kind = RecordKind.AID_APPLICATION
    await s.file(any_db, parent.actor, kind, {**slots, "child_name": "娜仁"}, now=old)
    await s.file(any_db, parent.actor, kind, slots)
    girl = {**CHILD, "name": "娜仁", "id_number": ""}
    one = await taken(any_db, by, CHILD, TWIN, {**girl, "birth": "2017"})
    rows = await compared(any_db, one.list_id)
    assert [row.applied for row in rows] == ["sure", "possible", "none"]


async def test_comparing_goes_some_at_a_time_and_finds_new_applications(db: Database) -> None:
    by, parent = await leader(db), await s.person(db)
    children = [{**CHILD, "name": name, "id_number": ""} for name in ("娜仁", "苏日娜", "白云")]
    one = await taken(db, by, *({**child, "birth": "2018"} for child in children))
    async with db.write() as uow:
        assert [await compare_some(uow, s.NOW, limit=2) for _ in range(3)] == [2, 1, 0]
    await s.application(db, parent.actor)
    async with db.write() as uow:
        await uow.outreach.compare_again(one.list_id)
    rows = await compared(db, one.list_id)
    assert [row.applied for row in rows] == ["none", "sure", "none"]


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("any_url", ["postgres"], indirect=True)
async def test_a_list_is_compared_by_one_process_at_a_time(any_db: Database) -> None:
    """On PostgreSQL; SQLite has one writer anyway."""
    by, parent = await leader(any_db), await s.person(any_db)
    await s.application(any_db, parent.actor)
    one = await taken(any_db, by, CHILD)
    async with any_db.write() as first, any_db.write() as second:
        await compare_some(first, s.NOW)
        await compare_some(second, s.NOW)  # would wait, and then find the same matches
        assert await second.outreach.hold(one.list_id) is False
    (row,) = await compared(any_db, one.list_id)
    assert row.applied == "sure"


async def test_a_list_goes_when_its_time_is_over(any_db: Database) -> None:
    by, parent = await leader(any_db), await s.person(any_db)
    await s.application(any_db, parent.actor)
    one = await taken(any_db, by, CHILD, until=local_day(s.NOW))
    stays = await taken(any_db, by, CHILD, title="另一份")
    await compared(any_db, one.list_id)
    assert await purge_old(any_db, s.NOW) == []
    (event,) = await purge_old(any_db, s.NOW + timedelta(days=1))
    assert event.text == "清理到期的名单1份"
    async with any_db.read() as uow:
        assert [left.id for left in await uow.outreach.lists()] == [stays.list_id]
        for table in ("outreach_rows", "outreach_matches"):
            count = text(f"SELECT count(*) FROM {table}")
            assert await uow.session.scalar(count) == 1
    (row,) = await rows_of_list(any_db, stays.list_id)
    assert row.compared_at is None, "every night all lists are compared anew"


async def test_the_tick_works_off_what_was_not_compared(db: Database) -> None:
    one = await taken(db, await leader(db), CHILD)
    await tick(db, s.NOW)
    (row,) = await rows_of_list(db, one.list_id)
    assert row.compared_at == s.NOW
