"""People known beforehand (village cadres, parents) from a spreadsheet, told apart by phone."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.handlers.acting import Acting
from bot.rights.actor import SYSTEM
from bot.spreadsheets.places import own_place, reaches
from bot.spreadsheets.read import read_rows
from bot.spreadsheets.table import BadRow, Problem, Report, Row
from storage.db import Database
from storage.kinds import PersonRole
from storage.models.person import Person

COLUMNS = {"name": "姓名", "phone": "电话", "role": "身份", "region": "地区"}
_ROLES = {
    PersonRole.CADRE: ("cadre", "干部", "嘎查达", "村主任", "书记", "老师", "教师", "网格员"),
    PersonRole.PARENT: ("parent", "家长", "村民", "牧民", "农牧民"),
}
_MOBILE = re.compile(r"1[3-9]\d{9}")


async def import_people(db: Database, path: Path, now: datetime) -> Report:
    """Take in every good row and report the others. Raises BadFile for an unreadable file."""
    rows = read_rows(path, COLUMNS)
    async with db.write() as uow:
        return await take_people(Acting(uow, SYSTEM, now), rows)


async def take_people(turn: Acting, rows: Sequence[Row]) -> Report:
    """Take in the rows that are good and lie where the acting one answers."""
    report = Report()
    for row in rows:
        try:
            await _take(turn, row, report)
        except BadRow as bad:
            report.problems.append(Problem(row.number, bad.reason))
    counts = {"created": report.created, "updated": report.updated}
    await turn.audit("import_people", None, **counts)
    return report


async def _take(turn: Acting, row: Row, report: Report) -> None:
    name = row.required("name", COLUMNS["name"], 40)
    phone = re.sub(r"[\s\-]", "", row.required("phone", COLUMNS["phone"], 40))
    if not _MOBILE.fullmatch(phone):
        raise BadRow(f"“电话”不是11位手机号：{phone}")
    region = row.text("region")
    if not region and not reaches(turn.by, None):
        raise BadRow("没有填“地区”")
    told = {
        "name": name,
        "role": _role(row.text("role", 40)),
        "home_region": own_place(turn.by, region) if region else None,
    }
    person = await turn.uow.people.by_phone(phone)
    if person is None:
        person = Person(created_at=turn.now, **told)
        turn.uow.people.set_phone(person, phone)
        turn.uow.session.add(person)
        await turn.uow.session.flush()
        report.created += 1
        return
    if person.home_region is not None and not reaches(turn.by, person.home_region):
        raise BadRow("这个电话的人登记在别的地区，不归您管")
    changed = {key: value for key, value in told.items() if value != getattr(person, key)}
    for key, value in changed.items():
        setattr(person, key, value)
    report.updated += bool(changed)
    report.unchanged += not changed


def _role(text: str) -> str | None:
    if not text:
        return None
    for role, words in _ROLES.items():
        if any(word in text.lower() for word in words):
            return role.value
    raise BadRow(f"“身份”只能写家长或者干部：{text}")
