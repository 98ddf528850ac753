"""Who may do what to which record: the one place where role and region decide.

Pages, the JSON API, handlers and the messenger all ask `may` or go through `access_…` below,
which raise NotFound outside the officer's region and NotAllowed for too low a role.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.cases.records import Record
from bot.errors import Conflict, NotAllowed, NotFound
from bot.handlers.acting import Acting
from bot.rights.actor import Actor, ActorKind
from bot.rights.territory import covers
from flows import commands as c
from storage.kinds import Role
from storage.models.officer import Officer
from storage.uow import UnitOfWork


class Right(StrEnum):
    """What an officer may do besides changing a record."""

    READ = "read"  # a record of the region, with what is covered left covered
    HEALTH = "health"  # why a child is ill or a family burdened by illness
    ID_NUMBER = "id_number"  # all eighteen characters
    REPORTER = "reporter"  # who reported a child
    PEOPLE = "people"  # the list of those who write to us
    ADD_SESSION = "add_session"
    AUDIT = "audit"  # who did and read what
    DATA_REQUESTS = "data_requests"  # what families ask about their own data
    SENTENCES = "sentences"  # what the bot did not understand
    EXPORT = "export"  # files with records of people
    EXPORT_UNMASKED = "export_unmasked"  # whole numbers and health in them
    IMPORT = "import"  # lists of courses, people and officers
    RECTIFY = "rectify"  # the ledger of what inspections found
    CLOSE_RECTIFICATION = "close_rectification"
    PARKED = "parked"  # messages that went wrong
    RUNNING = "running"  # how the service itself is
    MINORS_AUDIT = "minors_audit"  # the yearly figures of minors' data
    INCIDENTS = "incidents"  # what went wrong with people's data
    OUTREACH = "outreach"  # lists of children to look out for, names masked
    OUTREACH_NAMES = "outreach_names"  # the whole names in them
    OUTREACH_PHONES = "outreach_phones"  # the whole phones in them
    SESSIONS = "sessions"  # who is signed in, and ending that


Action: TypeAlias = Right | type[c.Command]

LEAST: Mapping[Action, Role] = {
    Right.READ: Role.CLERK,
    Right.HEALTH: Role.OFFICER,
    Right.ID_NUMBER: Role.OFFICER,
    Right.REPORTER: Role.SUPERVISOR,
    Right.PEOPLE: Role.OFFICER,
    Right.ADD_SESSION: Role.OFFICER,
    Right.AUDIT: Role.SUPERVISOR,
    Right.DATA_REQUESTS: Role.SUPERVISOR,
    Right.SENTENCES: Role.SUPERVISOR,
    Right.EXPORT: Role.OFFICER,
    Right.EXPORT_UNMASKED: Role.SUPERVISOR,
    Right.IMPORT: Role.SUPERVISOR,
    Right.RECTIFY: Role.OFFICER,
    Right.CLOSE_RECTIFICATION: Role.SUPERVISOR,
    Right.PARKED: Role.SUPERVISOR,
    Right.RUNNING: Role.ADMIN,
    Right.MINORS_AUDIT: Role.ADMIN,
    Right.INCIDENTS: Role.ADMIN,
    Right.OUTREACH: Role.CLERK,
    Right.OUTREACH_NAMES: Role.OFFICER,
    Right.OUTREACH_PHONES: Role.SUPERVISOR,
    Right.SESSIONS: Role.ADMIN,
    c.AddNote: Role.CLERK,
    c.LogVisit: Role.CLERK,
    c.CheckAttendance: Role.CLERK,
    c.KeepPaper: Role.CLERK,
    c.Reply: Role.CLERK,
    c.HandBack: Role.CLERK,
    c.ApproveClose: Role.SUPERVISOR,
    c.Supervise: Role.SUPERVISOR,
    c.LiftSupervision: Role.SUPERVISOR,
    c.DropList: Role.SUPERVISOR,
    c.ApproveCampaign: Role.SUPERVISOR,
}
"""The least role for an action, which the higher ones include; OFFICER where nothing is said."""

_WHEN_OFFERED: frozenset[Action] = frozenset({Right.READ, c.AcceptTransfer, c.RejectTransfer})
"""What one may do to a record of another place while it is offered to them."""

_RANK = {role: rank for rank, role in enumerate(Role)}


def may(who: Officer | Actor, action: Action, record: Record | None = None) -> bool:
    """Whether an officer may do this: by role, and for a record also by its place."""
    if record is not None and not _reaches(who, action, record):
        return False
    return _is_active(who) and has_role(who.role, LEAST.get(action, Role.OFFICER))


def has_role(role: Role | str | None, least: Role) -> bool:
    """Whether a role includes another."""
    return role is not None and _RANK[Role(role)] >= _RANK[least]


def may_export(officer: Officer) -> bool:
    """Whether files with records of people may be taken out of the desk."""
    return may(officer, Right.EXPORT)


def may_export_unmasked(officer: Officer) -> bool:
    """Whether such a file may hold whole numbers and reasons of health."""
    return may(officer, Right.EXPORT_UNMASKED)


def may_see(who: Officer | Actor, record: Record) -> bool:
    """Whether the record lies in the officer's region or is offered to them.

    Administrators see those of no place.
    """
    return _is_active(who) and (_is_inside(who, record) or may_take(who, record))


def may_take(who: Officer | Actor, record: Record) -> bool:
    """Whether an open offer of the record is for this officer; never for the one who made it."""
    if record.offer_by_id is None or record.offer_by_id == who.id:
        return False
    if record.offer_to_id is not None:
        return record.offer_to_id == who.id
    return covers(_region(who), record.offer_region)


def _reaches(who: Officer | Actor, action: Action, record: Record) -> bool:
    return may_see(who, record) if action in _WHEN_OFFERED else _is_inside(who, record)


def _is_inside(who: Officer | Actor, record: Record) -> bool:
    if record.region_code is None and who.role == Role.ADMIN:
        return True
    return covers(_region(who), record.region_code)


def _region(who: Officer | Actor) -> str | None:
    return who.region if isinstance(who, Actor) else who.region_code


def check(who: Officer | Actor, action: Action, record: Record | None = None) -> None:
    """Raise NotFound for a record elsewhere, NotAllowed for too low a role."""
    if record is not None and not may_see(who, record):
        raise NotFound
    if not may(who, action, record):
        raise NotAllowed


def check_inside(who: Officer | Actor, action: Action, region_code: str) -> None:
    """The same for what is no record, by its place: NotFound elsewhere, NotAllowed by role."""
    if not covers(_region(who), region_code):
        raise NotFound
    if not may(who, action):
        raise NotAllowed


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


async def access_for_change(
    turn: Acting, command: c.OfficerCommand, action: Action | None = None
) -> Record:
    """The locked record for an officer's command. The change itself is what gets audited.

    `action` is what the command is judged by, when that is not its own type.
    """
    record = await turn.uow.records.get(command.reference, lock=True)
    if record is None:
        raise NotFound
    if turn.by.kind is ActorKind.PERSON:
        raise NotAllowed
    if turn.by.kind is ActorKind.OFFICER:
        check(turn.by, action or type(command), record)
    if command.expected_version not in (None, record.version):
        raise Conflict
    return record


def _is_active(who: Officer | Actor) -> bool:
    return who.active if isinstance(who, Officer) else who.kind is ActorKind.OFFICER
