"""The tables of allowed changes, and that every command has its one handler."""

import pytest

from bot.errors import Refused
from bot.handlers.dispatch import HANDLERS
from bot.handlers.transitions import TABLES, next_status
from bot.words import sentences
from flows import commands as c
from storage.kinds import (
    ApplicationStatus,
    DropoutStatus,
    EscalationStatus,
    RecordKind,
    RegistrationStatus,
)

STATUSES: dict[RecordKind, set[str]] = {
    RecordKind.AID_APPLICATION: set(ApplicationStatus),
    RecordKind.DROPOUT_CASE: set(DropoutStatus),
    RecordKind.ESCALATION: set(EscalationStatus),
    RecordKind.TRAINING_REGISTRATION: set(RegistrationStatus),
}


def _commands(root: type[c.Command]) -> set[type[c.Command]]:
    found = set()
    for child in root.__subclasses__():
        found |= _commands(child) or {child}
    return found


def test_every_command_has_a_handler() -> None:
    assert set(HANDLERS) == _commands(c.Command)


def test_every_status_and_action_has_a_name() -> None:
    wanted = {f"status.{kind}.{status}" for kind, group in STATUSES.items() for status in group}
    wanted |= {f"action.{command.__name__}" for table in TABLES.values() for command in table}
    wanted |= {f"kind.{kind}" for kind in RecordKind}
    assert wanted <= set(sentences())


@pytest.mark.parametrize("kind", list(RecordKind))
def test_the_tables_speak_of_real_statuses(kind: RecordKind) -> None:
    for moves in TABLES[kind].values():
        assert set(moves) | set(moves.values()) <= STATUSES[kind]


@pytest.mark.parametrize(
    ("kind", "status", "command", "expected"),
    [
        ("aid_application", "submitted", c.AcceptApplication, "under_review"),
        ("aid_application", "returned", c.AmendRecord, "returned"),
        ("aid_application", "rejected", c.Reopen, "under_review"),
        ("dropout_case", "closed", c.Reopen, "persuading"),
        ("escalation", "open", c.Reply, "acknowledged"),
        ("escalation", "acknowledged", c.RequestClose, "resolved"),
        ("training_registration", "waitlisted", c.Withdraw, "cancelled"),
    ],
)
def test_allowed(kind: str, status: str, command: type[c.Command], expected: str) -> None:
    assert next_status(kind, status, command) == expected


@pytest.mark.parametrize(
    ("kind", "status", "command", "words"),
    [
        ("aid_application", "approved", c.Withdraw, "已通过.*不能撤回"),
        ("aid_application", "submitted", c.ApproveApplication, "已提交.*不能通过"),
        ("aid_application", "submitted", c.LogVisit, "助学申请不能登记劝返"),
        ("dropout_case", "closed", c.LogVisit, "已办结.*不能登记劝返"),
        ("dropout_case", "reported", c.Withdraw, "失学登记不能撤回"),
        ("escalation", "closed", c.Escalate, "不能上报"),
        ("training_registration", "attended", c.Withdraw, "已参加"),
        ("training_registration", "booked", c.Assign, "培训报名不能分配"),
    ],
)
def test_refused_in_words(kind: str, status: str, command: type[c.Command], words: str) -> None:
    with pytest.raises(Refused, match=words):
        next_status(kind, status, command)
