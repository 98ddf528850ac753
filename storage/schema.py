"""The whole schema: importing this module makes every table known to the metadata."""

from storage.models.application import Application
from storage.models.attachment import Attachment
from storage.models.audit import AuditEntry
from storage.models.base import Base
from storage.models.case import Case, Reporter
from storage.models.conversation import Conversation
from storage.models.fact import CaseFact
from storage.models.group import CaseThread, WorkGroup
from storage.models.guard import Attempt, DeskSession, RecoveryCode, SecondFactor
from storage.models.incident import Incident, IncidentEntry
from storage.models.inquiry import Inquiry
from storage.models.installation import KeyCheck
from storage.models.lane import Lane
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.misheard import Misheard
from storage.models.officer import ApiToken, Notice, Officer
from storage.models.outreach import Campaign, OutreachList, OutreachMatch, OutreachRow
from storage.models.person import Consent, Person
from storage.models.process import Process
from storage.models.purge import Purge
from storage.models.question import QuestionCount
from storage.models.receipt import Receipt
from storage.models.recognition import Objection, PaperReview, Payment
from storage.models.reminder import Reminder
from storage.models.round import Round
from storage.models.supervision import Rectification, Supervision
from storage.models.topic import RecordTopic
from storage.models.training import Registration, TrainingSession

MODELS: tuple[type[Base], ...] = (
    Inquiry,
    Supervision,
    Rectification,
    OutreachList,
    OutreachRow,
    OutreachMatch,
    Campaign,
    Person,
    Consent,
    Conversation,
    InboxMessage,
    OutboxMessage,
    Application,
    PaperReview,
    Objection,
    Payment,
    Case,
    Reporter,
    CaseFact,
    TrainingSession,
    Registration,
    Receipt,
    Reminder,
    Round,
    RecordTopic,
    Officer,
    ApiToken,
    DeskSession,
    SecondFactor,
    RecoveryCode,
    Attempt,
    Notice,
    WorkGroup,
    CaseThread,
    AuditEntry,
    Attachment,
    Misheard,
    QuestionCount,
    Purge,
    Incident,
    IncidentEntry,
    KeyCheck,
    Lane,
    Process,
)
metadata = Base.metadata
