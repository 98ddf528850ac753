"""Changes caused by a person's turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flows.vocabulary.base import Command, DocumentRef
from storage.kinds import EscalationType, PersonRole, RecordKind


@dataclass(frozen=True)
class FileRecord(Command):
    """File an application, a dropout case or an escalation under a reference made beforehand."""

    kind: RecordKind
    reference: str
    slots: Mapping[str, Any]
    region: str | None = None
    type: EscalationType | None = None
    linked_to: str | None = None
    documents: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True)
class BookTraining(Command):
    """Register a person for a session, or their interest when `session` is None."""

    reference: str
    slots: Mapping[str, Any]
    session: str | None
    region: str | None = None
    documents: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True)
class AmendRecord(Command):
    """Add what a person said later to a record that exists: slots replaced, a note, papers."""

    reference: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    documents: tuple[DocumentRef, ...] = ()
    region: str | None = None  # division code of the place, when that is new
    gone: bool = False  # a report that the child is out of school


@dataclass(frozen=True)
class JoinRecord(Command):
    """Add what a second person says of a child whom somebody else filed; they get a receipt."""

    record: str  # never told to the one who joins
    reference: str  # the receipt
    name: str
    note: str = ""
    documents: tuple[DocumentRef, ...] = ()
    gone: bool = False


@dataclass(frozen=True)
class ReportReturn(Command):
    """The child of a dropout case is said to be back or placed; an officer verifies."""

    reference: str
    note: str
    on: date | None = None
    documents: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True)
class Withdraw(Command):
    """A person takes back an application or cancels a registration."""

    reference: str


@dataclass(frozen=True)
class RecordConsent(Command):
    """A guardian agreed (or refused) that data be stored for one purpose."""

    purpose: str
    granted: bool
    version: str
    relation: str | None = None


@dataclass(frozen=True)
class CompleteConsent(Command):
    """Who agreed: what they are to the child, when that is told only after the agreement."""

    purpose: str
    relation: str


@dataclass(frozen=True)
class WithdrawConsent(Command):
    """What was agreed to for one purpose is no more; what nobody has begun to judge goes too."""

    purpose: str


@dataclass(frozen=True)
class ShowMyData(Command):
    """A person was shown what is kept of them; nothing changes but the audit (PIPL art. 45)."""


@dataclass(frozen=True)
class UpdatePerson(Command):
    """What a person told us about themselves; None leaves a value as it is."""

    name: str | None = None
    phone: str | None = None
    region: str | None = None
    language: str | None = None
    role: PersonRole | None = None


@dataclass(frozen=True)
class DeleteMyData(Command):
    """Erase what may be erased; statutory records are frozen, not erased (PIPL art. 47)."""


@dataclass(frozen=True)
class LinkOfficer(Command):
    """An officer ties this conversation to their account with a one-time code."""

    code: str


@dataclass(frozen=True)
class OfferJoin(Command):
    """The person was shown this code, which makes another chat theirs when it is sent there."""

    code: str


@dataclass(frozen=True)
class JoinPeople(Command):
    """This chat and the one that gave out the code belong to one person."""

    code: str
