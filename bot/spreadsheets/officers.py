"""Officers' accounts from a spreadsheet; passwords are set one by one, never in a file."""

from datetime import datetime
from pathlib import Path

from bot.actor import SYSTEM
from bot.handlers.acting import Acting
from bot.spreadsheets.places import place_code
from bot.spreadsheets.read import read_rows
from bot.spreadsheets.table import BadRow, Problem, Report, Row
from storage.db import Database
from storage.kinds import Role

COLUMNS = {"name": "姓名", "role": "角色", "region": "地区"}
_ROLES = {
    "登记员": Role.CLERK,
    "经办人": Role.OFFICER,
    "负责人": Role.SUPERVISOR,
    "主管": Role.SUPERVISOR,
    "管理员": Role.ADMIN,
    **{role.value: role for role in Role},
}


async def import_officers(db: Database, path: Path, now: datetime) -> Report:
    """Take in every good row and report the others. Raises BadFile for an unreadable file."""
    report = Report()
    rows = read_rows(path, COLUMNS)
    async with db.write() as uow:
        turn = Acting(uow, SYSTEM, now)
        for row in rows:
            try:
                await _take(turn, row, report)
            except BadRow as bad:
                report.problems.append(Problem(row.number, bad.reason))
    return report


async def _take(turn: Acting, row: Row, report: Report) -> None:
    name = row.required("name", COLUMNS["name"], 40)
    said = row.required("role", COLUMNS["role"], 40)
    role = _ROLES.get(said.lower())
    if role is None:
        raise BadRow(f"“角色”只能写登记员、经办人、负责人、管理员：{said}")
    region = place_code(row.required("region", COLUMNS["region"]))
    known = await turn.uow.officers.by_name(name)
    if known is None:
        known = await turn.uow.officers.add(
            name=name, role=role.value, region_code=region, now=turn.now
        )
        report.created += 1
    elif (known.role, known.region_code) == (role.value, region):
        report.unchanged += 1
        return
    else:
        known.role, known.region_code = role.value, region
        report.updated += 1
    await turn.audit("import_officer", None, officer=known.id, role=role.value, region=region)
