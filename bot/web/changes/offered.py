"""The changes an officer can make to a record at the desk, in the order they are offered."""

from collections.abc import Mapping

from bot.cases.deadlines import is_urgent
from bot.cases.records import Record
from bot.errors import Refused
from bot.handlers.publishing import needs_publication
from bot.handlers.transitions import next_status
from bot.rights.access import may, may_take
from bot.web.changes import (
    aid,
    baton,
    classes,
    closing,
    correcting,
    dropout,
    papers,
    recognising,
    supervising,
    talking,
)
from bot.web.changes.form import Change
from flows import commands as c
from storage.kinds import ApplicationStatus
from storage.models.officer import Officer

CHANGES: tuple[Change, ...] = (
    *talking.CHANGES,
    *aid.CHANGES,
    *recognising.CHANGES,
    *dropout.CHANGES,
    *classes.CHANGES,
    *papers.CHANGES,
    *baton.CHANGES,
    *supervising.CHANGES,
    *correcting.CHANGES,
    *closing.CHANGES,
)
_ANSWERS = (c.AcceptTransfer, c.RejectTransfer)
BY_NAME: Mapping[str, Change] = {change.name: change for change in CHANGES}


def possible(record: Record, officer: Officer, talking: bool) -> list[Change]:
    """The changes that status and role allow now; `talking` says an officer has taken over."""
    return [
        change
        for change in CHANGES
        if not change.in_place and _is_possible(change, record, officer, talking)
    ]


def done_words(name: str) -> str:
    """What the page says after a change; nothing for a name that is none."""
    change = BY_NAME.get(name)
    return f"已经办好：{change.title}。" if change is not None else ""


def is_open_to(record: Record, officer: Officer, command: type[c.OfficerCommand]) -> bool:
    """Whether the officer can make this change to the record now."""
    return any(
        change.command is command and _is_possible(change, record, officer, talking=False)
        for change in CHANGES
    )


def _is_possible(change: Change, record: Record, officer: Officer, talking: bool) -> bool:
    if not may(officer, change.command, record) or not _makes_sense(change, record, talking):
        return False
    if change.command in _ANSWERS and not may_take(officer, record):
        return False
    try:
        target = next_status(record.kind, str(record.status), change.command)
    except Refused:
        return False
    return change.command is not c.Reopen or target != record.status


def _makes_sense(change: Change, record: Record, talking: bool) -> bool:
    """What the status alone does not say: is anybody there to talk to, was a close asked for."""
    pending = record.close_requested_by_id is not None
    reasons: dict[type[c.OfficerCommand], bool] = {
        c.Reply: record.conversation_id is not None,
        c.AskFamily: record.conversation_id is not None,
        c.HandBack: talking,
        c.TransferRecord: record.offer_by_id is None,
        c.Snooze: record.due_at is not None and not is_urgent(record),
        c.ApproveClose: pending,
        c.DeclineClose: pending,
        c.RequestClose: not pending,
        c.Reopen: not pending,
        c.MarkDuplicate: not pending,
        c.PublishApplication: getattr(record, "level", None) is not None,
        c.ApproveApplication: record.status == ApplicationStatus.PUBLISHED
        or not needs_publication(record),
    }
    return reasons.get(change.command, True)
