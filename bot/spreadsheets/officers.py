"""Officers' accounts from a spreadsheet; passwords are set one by one, never in a file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.handlers.acting import Acting
from bot.rights.access import has_role
from bot.rights.actor import SYSTEM, Actor, ActorKind
from bot.spreadsheets.places import own_place, reaches
from bot.spreadsheets.read import read_rows
from bot.spreadsheets.table import BadRow, Problem, Report, Row
from storage.db import Database
from storage.kinds import Role
from storage.models.officer import Officer

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
    rows = read_rows(path, COLUMNS)
    async with db.write() as uow:
        return await take_officers(Acting(uow, SYSTEM, now), rows)


async def take_officers(turn: Acting, rows: Sequence[Row]) -> Report:
    """Take in the rows that are good, below the acting one's own role and in their own place."""
    report = Report()
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
    region = own_place(turn.by, row.required("region", COLUMNS["region"]))
    if not _outranks(turn.by, role):
        raise BadRow("不能加和您一样大或者更大的角色，请找管理员")
    known = await turn.uow.officers.by_name(name)
    if known is not None and not _may_change(turn.by, known):
        raise BadRow(f"已经有“{name}”这个账号，不归您改")
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


def _outranks(by: Actor, role: Role) -> bool:
    """Whether the one who imports may give this role; administrators and the service may all."""
    if by.kind is not ActorKind.OFFICER or by.role is Role.ADMIN:
        return True
    return by.role is not None and not has_role(role, by.role)


def _may_change(by: Actor, known: Officer) -> bool:
    return reaches(by, known.region_code) and _outranks(by, Role(known.role)) and known.id != by.id
