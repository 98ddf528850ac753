"""The only way for an officer to a record: role and region checked, every read audited."""

from datetime import datetime

from bot.actor import Actor, ActorKind
from bot.errors import Conflict, NotAllowed, NotFound
from bot.handlers.acting import Acting
from bot.records import Record
from bot.territory import covers
from flows import commands as c
from storage.kinds import Role
from storage.models.case import Case, Reporter
from storage.models.officer import Officer
from storage.uow import UnitOfWork

_RANK = {role: rank for rank, role in enumerate(Role)}

_NEEDS: dict[type[c.Command], Role] = {
    c.AddNote: Role.CLERK,
    c.LogVisit: Role.CLERK,
    c.CheckAttendance: Role.CLERK,
    c.KeepPaper: Role.CLERK,
    c.Reply: Role.CLERK,
    c.HandBack: Role.CLERK,
    c.ApproveClose: Role.SUPERVISOR,
}
"""The least role for a command; OFFICER where nothing is said."""


def has_role(role: Role | str | None, least: Role) -> bool:
    """Whether a role includes another."""
    return role is not None and _RANK[Role(role)] >= _RANK[least]


def may_export(officer: Officer) -> bool:
    """Whether files with records of people may be taken out of the desk."""
    return has_role(officer.role, Role.OFFICER)


def may_export_unmasked(officer: Officer) -> bool:
    """Whether such a file may hold whole numbers and reasons of health."""
    return has_role(officer.role, Role.SUPERVISOR)


def may_see(officer: Officer, record: Record) -> bool:
    """Whether the record lies in the officer's region; administrators see those of no place."""
    if record.region_code is None and officer.role == Role.ADMIN:
        return True
    return officer.active and covers(officer.region_code, record.region_code)


async def access_record(
    uow: UnitOfWork, officer: Officer, reference: str, now: datetime, purpose: str = "read"
) -> Record:
    """The record, with the read in the audit log. Raises NotFound outside the officer's region."""
    record = await uow.records.get(reference)
    if record is None or not may_see(officer, record):
        raise NotFound
    turn = Acting(uow, Actor.officer(officer), now)
    await turn.audit(purpose, record)
    return record


async def access_reporter(
    uow: UnitOfWork, officer: Officer, reference: str, now: datetime
) -> Reporter | None:
    """Who reported a dropout case; supervisors only. Raises NotAllowed for others."""
    if not has_role(officer.role, Role.SUPERVISOR):
        raise NotAllowed("只有主管可以查看报告人。")
    record = await access_record(uow, officer, reference, now, purpose="read_reporter")
    return await uow.records.reporter(record) if isinstance(record, Case) else None


async def access_for_change(turn: Acting, command: c.OfficerCommand) -> Record:
    """The locked record for an officer's command. The change itself is what gets audited."""
    record = await turn.uow.records.get(command.reference, lock=True)
    if record is None:
        raise NotFound
    if turn.by.kind is ActorKind.PERSON:
        raise NotAllowed
    if turn.by.kind is ActorKind.OFFICER:
        _check(turn.by, record, command)
    if command.expected_version not in (None, record.version):
        raise Conflict
    return record


def _check(by: Actor, record: Record, command: c.OfficerCommand) -> None:
    everywhere = record.region_code is None and by.role is Role.ADMIN
    if not everywhere and not covers(by.region, record.region_code):
        raise NotFound
    if not has_role(by.role, _NEEDS.get(type(command), Role.OFFICER)):
        raise NotAllowed
