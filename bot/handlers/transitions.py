"""Which change is allowed in which status, one table a kind; others are refused in words."""

from collections.abc import Mapping

from bot.errors import Refused
from bot.words import render
from flows import commands as c
from flows.dropout.standing import BACK, OUT_OF_SCHOOL, SETTLED
from storage.kinds import ApplicationStatus as A
from storage.kinds import DropoutStatus as D
from storage.kinds import EscalationStatus as E
from storage.kinds import RecordKind
from storage.kinds import RegistrationStatus as R

Moves = Mapping[str, str]
Table = Mapping[type[c.Command], Moves]


def _stay(*statuses: str) -> Moves:
    return {status: status for status in statuses}


def _to(target: str, *statuses: str) -> Moves:
    return dict.fromkeys(statuses, target)


def _handed_on(*statuses: str) -> Table:
    """Offers to hand the record on, waiting and asking, while it is open."""
    offers = (
        c.TransferRecord,
        c.AcceptTransfer,
        c.RejectTransfer,
        c.Snooze,
        c.AskFamily,
        c.Supervise,
    )
    return dict.fromkeys(offers, _stay(*statuses))


def _put_right(*statuses: str) -> Table:
    """What is written wrongly of a family is put right at any time."""
    return dict.fromkeys((c.CorrectAnswer, c.RefuseCorrection), _stay(*statuses))


_APPLICATION_OPEN = (A.SUBMITTED, A.RETURNED, A.UNDER_REVIEW, A.PUBLISHED)
_APPLICATION: Table = {
    c.Assign: _stay(*_APPLICATION_OPEN),
    c.AddNote: _stay(*A),
    c.Reply: _stay(*A),
    c.HandBack: _stay(*A),
    c.LiftSupervision: _stay(*A),
    c.Escalate: _stay(*_APPLICATION_OPEN),
    **_handed_on(*_APPLICATION_OPEN),
    c.AmendRecord: _stay(*A),
    **_put_right(*A),
    c.Withdraw: _to(A.WITHDRAWN, *_APPLICATION_OPEN),
    c.AcceptApplication: _to(A.UNDER_REVIEW, A.SUBMITTED, A.RETURNED),
    c.AcceptDocument: _stay(A.SUBMITTED, A.RETURNED, A.UNDER_REVIEW),
    c.ReturnForCorrection: _to(A.RETURNED, A.SUBMITTED, A.RETURNED, A.UNDER_REVIEW),
    c.SetLevel: _stay(A.UNDER_REVIEW, A.PUBLISHED),
    c.PublishApplication: _to(A.PUBLISHED, A.UNDER_REVIEW),
    c.RecordObjection: _stay(A.PUBLISHED),
    c.SettleObjection: _stay(A.PUBLISHED),
    c.MarkPaid: _to(A.PAID, A.APPROVED, A.PAID),
    c.CorrectPayment: _to(A.APPROVED, A.PAID),
    c.ApproveApplication: _to(A.APPROVED, A.UNDER_REVIEW, A.PUBLISHED),
    c.RejectApplication: _to(A.REJECTED, A.SUBMITTED, A.UNDER_REVIEW, A.PUBLISHED),
    c.Reopen: _to(A.UNDER_REVIEW, A.REJECTED),
}

# Only whether a change is allowed: the status after it is computed, see flows/dropout/standing.py.
_DROPOUT: Table = {
    c.Assign: _stay(*OUT_OF_SCHOOL, *BACK),
    c.AddNote: _stay(*D),
    c.Reply: _stay(*D),
    c.HandBack: _stay(*D),
    c.LiftSupervision: _stay(*D),
    c.Escalate: _stay(*OUT_OF_SCHOOL, *BACK),
    **_handed_on(*OUT_OF_SCHOOL, *BACK),
    c.AmendRecord: _stay(*D),
    **_put_right(*D),
    c.ReportReturn: _stay(*D),
    c.KeepPaper: _stay(*D),
    c.VerifyCase: _stay(*OUT_OF_SCHOOL),
    c.NameResponsible: _stay(*OUT_OF_SCHOOL, *BACK),
    c.SetFamilyPlan: _stay(*OUT_OF_SCHOOL, *BACK),
    c.LogVisit: _stay(*OUT_OF_SCHOOL, *BACK),
    c.RecordReturn: _stay(*OUT_OF_SCHOOL, *BACK),
    c.CheckAttendance: _stay(*BACK),
    c.MarkDuplicate: _stay(*OUT_OF_SCHOOL, *BACK),
    c.RequestClose: _stay(*OUT_OF_SCHOOL, *BACK),
    c.ApproveClose: _stay(*OUT_OF_SCHOOL, *BACK),
    c.DeclineClose: _stay(*OUT_OF_SCHOOL, *BACK),
    c.Reopen: _to(D.PERSUADING, *BACK, *SETTLED),
}

_ESCALATION: Table = {
    c.Assign: _to(E.ACKNOWLEDGED, E.OPEN, E.ACKNOWLEDGED),
    c.AddNote: {**_stay(*E), E.OPEN: E.ACKNOWLEDGED},
    c.Reply: {**_stay(*E), E.OPEN: E.ACKNOWLEDGED},
    c.HandBack: _stay(*E),
    c.LiftSupervision: _stay(*E),
    c.LogVisit: _to(E.ACKNOWLEDGED, E.OPEN, E.ACKNOWLEDGED),
    c.Escalate: _stay(E.OPEN, E.ACKNOWLEDGED),
    **_handed_on(E.OPEN, E.ACKNOWLEDGED),
    c.AmendRecord: _stay(*E),
    **_put_right(*E),
    c.RequestClose: _to(E.RESOLVED, E.OPEN, E.ACKNOWLEDGED),
    c.ApproveClose: _to(E.CLOSED, E.RESOLVED),
    c.DeclineClose: _to(E.ACKNOWLEDGED, E.RESOLVED),
    c.Reopen: _to(E.OPEN, E.RESOLVED, E.CLOSED),
}

_WAITING = (R.BOOKED, R.WAITLISTED, R.INTERESTED)
_REGISTRATION: Table = {
    c.Withdraw: _to(R.CANCELLED, *_WAITING),
    c.GivePlace: _to(R.BOOKED, R.WAITLISTED),
    c.MarkAttendance: _stay(R.BOOKED, R.ATTENDED, R.ABSENT),
    c.AmendRecord: _stay(*R),
    **_put_right(*R),
    c.AddNote: _stay(*R),
    c.Reply: _stay(*R),
    c.HandBack: _stay(*R),
}

TABLES: Mapping[RecordKind, Table] = {
    RecordKind.AID_APPLICATION: _APPLICATION,
    RecordKind.DROPOUT_CASE: _DROPOUT,
    RecordKind.ESCALATION: _ESCALATION,
    RecordKind.TRAINING_REGISTRATION: _REGISTRATION,
}


def status_name(kind: str, status: str) -> str:
    """The status in the office's words."""
    return render(f"status.{kind}.{status}")


def next_status(kind: str, status: str, command: type[c.Command]) -> str:
    """The status after the change. Raises Refused with a sentence when it is not allowed."""
    action = render(f"action.{command.__name__}")
    moves = TABLES[RecordKind(kind)].get(command)
    if moves is None:
        raise Refused(render("refused.kind", kind=render(f"kind.{kind}"), action=action))
    target = moves.get(status)
    if target is None:
        name = status_name(kind, status)
        raise Refused(render("refused.status", status=name, action=action))
    return str(target)
