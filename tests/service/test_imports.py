"""Spreadsheets in: good rows go in, bad ones are named, the same file twice is once."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from bot.spreadsheets.officers import import_officers
from bot.spreadsheets.people import import_people
from bot.spreadsheets.sessions import import_sessions
from bot.spreadsheets.table import BadFile, Report
from storage.db import Database
from storage.repositories.trainings import TrainingQuery
from tests.service import support as s

HEAD = ("名称", "主办单位", "级别", "方式", "地区", "地点", "开始日期", "名额", "报名截止")
GOOD = (
    "普通话夜校",
    "教育局",
    "提高",
    "夜校",
    "科右中旗",
    "文化站",
    "2026-12-01",
    "1",
    "2026-11-30",
)


def csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    """A .csv file."""
    path.write_text("\n".join(",".join(row) for row in rows), encoding)
    return path


def summary(report: Report) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, bad."""
    return report.created, report.updated, report.unchanged, len(report.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_csv_twice(db: Database, tmp_path: Path, encoding: str) -> None:
    path = csv(tmp_path / "s.csv", [HEAD, GOOD], encoding)
    assert summary(await import_sessions(db, path, s.NOW)) == (1, 0, 0, 0)
    assert summary(await import_sessions(db, path, s.NOW)) == (0, 0, 1, 0)
    async with db.read() as uow:
        (row,) = await uow.trainings.search(TrainingQuery())
    assert (row.title, row.region_code, row.seats) == ("普通话夜校", s.BANNER, 1)
    assert (row.starts_on, row.apply_by) == (date(2026, 12, 1), date(2026, 11, 30))
    assert row.reference.startswith("S26-")


async def test_a_workbook_with_real_dates_and_numbers(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["title", "region", "starts_on", "seats", "phone", "mode"])
        sheet.write_row(1, 0, ["网课", "", "", 30, 4828112233, "网上直播"])
        sheet.write_datetime(1, 2, date(2026, 12, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert summary(await import_sessions(db, path, s.NOW)) == (1, 0, 0, 0)
    async with db.read() as uow:
        (row,) = await uow.trainings.search(TrainingQuery())
    assert (row.mode, row.region_code, row.seats) == ("线上", None, 30)
    assert (row.phone, row.starts_on) == ("4828112233", date(2026, 12, 5))


async def test_bad_rows_are_named_and_good_ones_go_in(db: Database, tmp_path: Path) -> None:
    wrong = {
        0: ("", "没有填“名称”"),
        4: ("亚特兰蒂斯", "没有找到地区"),
        6: ("明年春天", "不是日期"),
        7: ("很多", "不是数字"),
        8: ("2027-01-01", "晚于课程结束"),
    }
    rows = [HEAD, *([*GOOD[:at], bad, *GOOD[at + 1 :]] for at, (bad, _) in wrong.items()), GOOD]
    report = await import_sessions(db, csv(tmp_path / "s.csv", rows), s.NOW)
    assert summary(report) == (1, 0, 0, 5)
    assert [problem.row for problem in report.problems] == [2, 3, 4, 5, 6]
    for problem, (_, words) in zip(report.problems, wrong.values(), strict=True):
        assert words in problem.reason


async def test_more_seats_are_offered_to_those_who_wait(db: Database, tmp_path: Path) -> None:
    await import_sessions(db, csv(tmp_path / "s.csv", [HEAD, GOOD]), s.NOW)
    async with db.read() as uow:
        (row,) = await uow.trainings.search(TrainingQuery())
    people = [await s.person(db, f"p{number}") for number in range(3)]
    for who in people:
        await s.book(db, who.actor, row.reference)
    larger = [*GOOD[:7], "2", GOOD[8]]
    report = await import_sessions(db, csv(tmp_path / "s.csv", [HEAD, larger]), s.NOW)
    assert summary(report) == (0, 1, 0, 0)
    async with db.read() as uow:
        kept = [await uow.reminders.of_person(who.person_id) for who in people]
    assert [[row.kind for row in rows if row.kind == "place"] for rows in kept] == [
        [],
        ["place"],
        [],
    ]


async def test_people(db: Database, tmp_path: Path) -> None:
    rows = [
        ("姓名", "电话", "身份", "地区"),
        ("白音", "138 4790-0000", "村干部", "科右中旗"),
        ("乌云", "12345", "家长", ""),
        ("高娃", "13847900001", "外星人", ""),
    ]
    path = csv(tmp_path / "p.csv", rows)
    report = await import_people(db, path, s.NOW)
    assert summary(report) == (1, 0, 0, 2)
    assert [problem.row for problem in report.problems] == [3, 4]
    assert summary(await import_people(db, path, s.NOW)) == (0, 0, 1, 2)
    rows[1] = ("白音图", "13847900000", "村干部", "科右中旗")
    assert summary(await import_people(db, csv(path, rows), s.NOW)) == (0, 1, 0, 2)
    async with db.read() as uow:
        person = await uow.people.by_phone("13847900000")
    assert person is not None
    assert (person.name, person.role, person.home_region) == ("白音图", "cadre", s.BANNER)


async def test_officers(db: Database, tmp_path: Path) -> None:
    rows = [("姓名", "角色", "地区"), ("王丽", "经办人", s.BANNER), ("李强", "局长", s.BANNER)]
    path = csv(tmp_path / "o.csv", rows)
    report = await import_officers(db, path, s.NOW)
    assert summary(report) == (1, 0, 0, 1) and "角色" in report.problems[0].reason
    assert summary(await import_officers(db, path, s.NOW)) == (0, 0, 1, 1)
    rows[1] = ("王丽", "负责人", s.BANNER)
    assert summary(await import_officers(db, csv(path, rows), s.NOW)) == (0, 1, 0, 1)
    async with db.read() as uow:
        known = await uow.officers.by_name("王丽")
    assert known is not None and (known.role, known.password_hash) == ("supervisor", None)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("s.txt", b"x", "只认"),
        ("s.csv", b"", "空的"),
        ("s.csv", "甲,乙\n1,2".encode(), "列名"),
        ("s.csv", b"\xff\xff\xff", "编码"),
        ("s.xlsx", b"no workbook", "打不开"),
    ],
)
async def test_files_that_cannot_be_read(
    db: Database, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=words):
        await import_sessions(db, tmp_path / name, s.NOW)


@pytest.mark.parametrize(
    ("place", "words"),
    [("159999", "没有区划代码"), ("鄂旗", "不止一个"), ("2026", "没有区划代码")],
)
async def test_places_that_are_not_clear(
    db: Database, tmp_path: Path, place: str, words: str
) -> None:
    rows = [HEAD, [*GOOD[:4], place, *GOOD[5:]]]
    report = await import_sessions(db, csv(tmp_path / "s.csv", rows), s.NOW)
    assert words in report.problems[0].reason
