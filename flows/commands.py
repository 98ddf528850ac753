"""The one vocabulary of changes, issued alike by flows, the officers' desk and the JSON API.

Each has exactly one handler in `bot/handlers`. Values in `slots` are the normalised values of
contract section 3 and must survive JSON.
"""

from flows.vocabulary.aid import (
    AcceptApplication,
    ApproveApplication,
    RejectApplication,
    ReturnForCorrection,
    SetLevel,
)
from flows.vocabulary.base import (
    Command,
    DocumentRef,
    OfficerCommand,
    StoredFile,
)
from flows.vocabulary.baton import (
    AcceptTransfer,
    AskFamily,
    RejectTransfer,
    Snooze,
    TransferRecord,
)
from flows.vocabulary.casework import (
    AddNote,
    ApproveClose,
    Assign,
    Escalate,
    HandBack,
    Reopen,
    Reply,
    RequestClose,
)
from flows.vocabulary.dropout import (
    CheckAttendance,
    KeepPaper,
    LogVisit,
    MarkDuplicate,
    NameResponsible,
    RecordReturn,
    SetFamilyPlan,
    VerifyCase,
)
from flows.vocabulary.looking import Reveal
from flows.vocabulary.people import (
    AmendRecord,
    BookTraining,
    CompleteConsent,
    DeleteMyData,
    FileRecord,
    JoinPeople,
    JoinRecord,
    LinkOfficer,
    OfferJoin,
    RecordConsent,
    ReportReturn,
    SetReminder,
    SwitchReminders,
    UpdatePerson,
    Withdraw,
)
from flows.vocabulary.recognition import (
    AcceptDocument,
    MarkPaid,
    PublishApplication,
    RecordObjection,
    SettleObjection,
)
from flows.vocabulary.supervising import LiftSupervision, Supervise

__all__ = [
    "AcceptApplication",
    "AcceptDocument",
    "AcceptTransfer",
    "AddNote",
    "AmendRecord",
    "ApproveApplication",
    "ApproveClose",
    "AskFamily",
    "Assign",
    "BookTraining",
    "CheckAttendance",
    "Command",
    "CompleteConsent",
    "DeleteMyData",
    "DocumentRef",
    "Escalate",
    "FileRecord",
    "HandBack",
    "JoinPeople",
    "JoinRecord",
    "KeepPaper",
    "LiftSupervision",
    "LinkOfficer",
    "LogVisit",
    "MarkDuplicate",
    "MarkPaid",
    "NameResponsible",
    "OfferJoin",
    "OfficerCommand",
    "PublishApplication",
    "RecordConsent",
    "RecordObjection",
    "RecordReturn",
    "RejectApplication",
    "RejectTransfer",
    "Reopen",
    "Reply",
    "ReportReturn",
    "RequestClose",
    "ReturnForCorrection",
    "Reveal",
    "SetFamilyPlan",
    "SetLevel",
    "SetReminder",
    "SettleObjection",
    "Snooze",
    "StoredFile",
    "Supervise",
    "SwitchReminders",
    "TransferRecord",
    "UpdatePerson",
    "VerifyCase",
    "Withdraw",
]
