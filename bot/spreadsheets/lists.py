"""A list of children to look out for, or a school's roll, from a spreadsheet.

Of an identity number only the year of birth and the last four characters are kept. The same file
given twice changes nothing: a list is known by kind, place and title, a row by the child.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.outreach.comparing import school_year_start
from bot.outreach.reading import trace
from bot.rights.access import Right, check
from bot.rights.actor import SYSTEM, ActorKind
from bot.rights.territory import covers
from bot.spreadsheets.places import reaches
from bot.spreadsheets.read import EXAMPLE, read_rows, rows_of
from bot.spreadsheets.table import BadRow, Problem, Report, Row
from bot.words import render
from nlu.divisions import lookup
from nlu.names import name_key
from nlu.regions import resolve
from storage.db import Database
from storage.kinds import ListKind
from storage.models.outreach import OutreachList, OutreachRow

COLUMNS = {
    "name": "姓名",
    "birth": "出生年份",
    "id_number": "身份证号",
    "school": "学校",
    "grade": "年级",
    "region": "地区",
    "guardian": "监护人",
    "phone": "电话",
    "category": "类别",
}
_ALSO = {
    "name": ("学生姓名", "孩子姓名"),
    "birth": ("出生年月", "出生日期"),
    "id_number": ("身份证号码", "公民身份号码", "身份证"),
    "school": ("就读学校", "所在学校", "毕业学校"),
    "grade": ("年级班级", "班级"),
    "region": ("嘎查村", "住址", "家庭住址", "户籍地址", "现住址"),
    "guardian": ("监护人姓名", "家长姓名", "户主姓名", "家长", "户主"),
    "phone": ("联系电话", "手机号", "手机号码", "监护人电话", "家长电话"),
    "category": ("户类型", "人员类别"),
}
HEADS = {
    **COLUMNS,
    **{f"{c}.{n}": head for c, many in _ALSO.items() for n, head in enumerate(many)},
}
"""Every head that is understood; rosters call one column by many names."""

EXAMPLE_ROW = {
    "name": f"{EXAMPLE}：苏日娜",
    "birth": "2018",
    "school": "高力板中心小学",
    "grade": "二年级",
    "region": "高力板镇",
    "guardian": "乌云",
    "phone": "13900000000",
}
LONGEST_KEPT = 3 * 366  # days
_NUMBER = re.compile(r"\d{17}[\dX]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OLDEST, _SPLIT = 40, re.compile(r"[/、,，;；]")


@dataclass(frozen=True)
class Heading:
    """What a list is: its kind and title, the place it is of, its file, how long it is kept."""

    kind: ListKind
    title: str
    region_code: str
    file_name: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Taken:
    """The list that a file became, and what was done with its rows."""

    list_id: int
    report: Report


async def import_list(db: Database, path: Path, now: datetime, heading: Heading) -> Report:
    """Take in every good row and report the others. Raises BadFile for an unreadable file."""
    rows = read_rows(path, HEADS)
    async with db.write() as uow:
        taken = await take_list(Acting(uow, SYSTEM, now), rows, heading)
    return taken.report


def list_rows(content: bytes) -> list[Row]:
    """The rows of a file. Raises BadFile."""
    return rows_of(content, HEADS)


async def take_list(turn: Acting, rows: Sequence[Row], heading: Heading) -> Taken:
    """Take in the rows that are good. Raises Refused for a heading that will not do."""
    if turn.by.kind is ActorKind.OFFICER:
        check(turn.by, Right.IMPORT)
    one = await _list(turn, heading)
    known = await turn.uow.outreach.known(one.id)
    report, new, seen = Report(), list[OutreachRow](), dict[str, int]()
    for row in rows:
        try:
            made = _read(turn, one, row)
            if made.identity in seen:
                raise BadRow(f"和第{seen[made.identity]}行是同一个孩子")
            seen[made.identity] = row.number
        except BadRow as bad:
            report.problems.append(Problem(row.number, bad.reason))
            continue
        before = known.get(made.identity)
        if before is None:
            new.append(made)
            report.created += 1
        elif _update(before, made):
            report.updated += 1
        else:
            report.unchanged += 1
    await turn.uow.outreach.add_rows(new)
    await _finish(turn, one, report)
    return Taken(one.id, report)


async def _finish(turn: Acting, one: OutreachList, report: Report) -> None:
    is_changed = bool(report.created or report.updated)
    if is_changed and one.kind == ListKind.ENROLMENT:
        await turn.uow.outreach.compare_again()
    counts = {"created": report.created, "updated": report.updated}
    bad = len(report.problems)
    told = {"id": one.id, "title": one.title, "list_kind": one.kind, "bad": bad, **counts}
    await trace(turn, "import_list", one.region_code, **told)


async def _list(turn: Acting, heading: Heading) -> OutreachList:
    title, region = heading.title.strip(), heading.region_code
    if not title:
        raise Refused(render("refused.list_title"))
    if lookup(region) is None:
        raise Refused(render("refused.place_unknown"))
    if not reaches(turn.by, region):
        raise Refused(render("refused.not_your_place"))
    until = heading.until or _end_of_school_year(turn.now)
    if not 0 <= (until - local_day(turn.now)).days <= LONGEST_KEPT:
        raise Refused(render("refused.list_until"))
    known = await turn.uow.outreach.list_of(heading.kind, region, title[:100])
    if known is not None:
        known.until = heading.until or known.until
        return known
    return await turn.uow.outreach.add_list(
        OutreachList(
            kind=heading.kind.value,
            title=title[:100],
            region_code=region,
            file_name=heading.file_name[:200],
            imported_by_id=turn.by.id if turn.by.kind is ActorKind.OFFICER else None,
            imported_at=turn.now,
            until=until,
        )
    )


def _end_of_school_year(now: datetime) -> date:
    return date(local_day(school_year_start(now)).year + 1, 8, 31)


def _read(turn: Acting, one: OutreachList, row: Row) -> OutreachRow:
    row = _with_usual_heads(row)
    name = re.sub(r"\s+", "", row.required("name", COLUMNS["name"], 40))
    key = name_key(name)
    if not key:
        raise BadRow(f"“姓名”要写汉字：{name}")
    year, tail = _born(row, local_day(turn.now).year)
    guardian, phone = row.text("guardian", 40) or None, _phone(row)
    keyring = turn.uow.keyring
    school, region = row.text("school", 60) or None, _place(one, row.text("region", 200))
    own = tail or guardian or phone or school or region
    identity = "|".join((name, str(year or ""), own))
    return OutreachRow(
        list_id=one.id,
        number=row.number,
        identity=keyring.blind(identity),
        name=name,
        name_key=key[:200],
        birth_year=year,
        id_tail=tail,
        school=school,
        grade=row.text("grade", 40) or None,
        region_code=region,
        guardian=guardian,
        phone=phone,
        phone_hash=keyring.blind(phone) if phone else None,
        category=row.text("category", 60) or None,
        compared_at=turn.now if one.kind == ListKind.ENROLMENT else None,
        applied="none",
        enrolled="none",
        dropped="none",
    )


def _with_usual_heads(row: Row) -> Row:
    cells = {column: row.cells.get(column, "") for column in COLUMNS}
    for head, value in row.cells.items():
        column = head.split(".", 1)[0]
        if column in cells and value.strip() and not cells[column].strip():
            cells[column] = value
    return replace(row, cells=cells)


def _born(row: Row, this_year: int) -> tuple[int | None, str | None]:
    """Year of birth and last four; the number itself goes no further than this."""
    number = re.sub(r"[\s\-]", "", row.text("id_number", 40)).upper()
    if number:
        if not _NUMBER.fullmatch(number):
            raise BadRow("“身份证号”不是18位（没有就空着）")
        return _sane(int(number[6:10]), this_year), number[-4:]
    told = row.text("birth", 40)
    if not told:
        return None, None
    found = _YEAR.match(told)
    if found is None:
        raise BadRow(f"“出生年份”要写四位数的年份：{told[:10]}")
    return _sane(int(found.group()), this_year), None


def _sane(year: int, this_year: int) -> int:
    if not this_year - _OLDEST <= year <= this_year:
        raise BadRow(f"出生年份不对：{year}")
    return year


def _phone(row: Row) -> str | None:
    told = _SPLIT.split(row.text("phone", 60))[0]
    phone = re.sub(r"[\s\-]", "", told).removeprefix("+86")
    if phone and not _MOBILE.fullmatch(phone):
        raise BadRow("“电话”不是11位手机号（没有就空着）")
    return phone or None


def _place(one: OutreachList, text: str) -> str:
    """The place inside the list's own; where several are called so, those of the list count."""
    if not text:
        return one.region_code
    found = [unit.code for unit in resolve(text, one.region_code)]
    if text.isdecimal():
        found = [unit.code for unit in [lookup(text)] if unit is not None]
    if not found:
        raise BadRow(f"没有找到地区“{text}”")
    inside = [code for code in found if covers(one.region_code, code)]
    if not inside:
        raise BadRow(f"“{text}”不在这份名单的地区里")
    if len(inside) > 1:
        raise BadRow(f"地区“{text}”不止一个，请写全")
    return inside[0]


_KEPT = ("school", "grade", "region_code", "guardian", "phone", "phone_hash", "category")


def _update(before: OutreachRow, made: OutreachRow) -> bool:
    """Take over what the file says otherwise now; the row is then compared anew."""
    changed = [name for name in _KEPT if getattr(made, name) != getattr(before, name)]
    for name in changed:
        setattr(before, name, getattr(made, name))
    if changed:
        before.compared_at = made.compared_at
    return bool(changed)
