"""The one vocabulary of changes, issued alike by flows, the officers' desk and the JSON API.

Each has exactly one handler in `bot/handlers`. Values in `slots` are the normalised values of
contract section 3 and must survive JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage.kinds import EscalationType, HardshipLevel, PersonRole, RecordKind, ReminderKind


@dataclass(frozen=True)
class DocumentRef:
    """A photo or file of a person, and which paper of the checklist it shows."""

    attachment: int
    document: str


@dataclass(frozen=True)
class Command:
    """A change somebody asked for."""


# --- caused by a person's turn -------------------------------------------------------------


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


@dataclass(frozen=True)
class JoinRecord(Command):
    """Add what a second person says of a child whom somebody else filed; they get a receipt."""

    record: str  # never told to the one who joins
    reference: str  # the receipt
    name: str
    note: str = ""
    documents: tuple[DocumentRef, ...] = ()


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
class UpdatePerson(Command):
    """What a person told us about themselves; None leaves a value as it is."""

    name: str | None = None
    phone: str | None = None
    region: str | None = None
    language: str | None = None
    role: PersonRole | None = None


@dataclass(frozen=True)
class SetReminder(Command):
    """A person's own reminder."""

    text: str
    due_at: datetime
    kind: ReminderKind = ReminderKind.OWN


@dataclass(frozen=True)
class SwitchReminders(Command):
    """Unsubscribe from pushes, or subscribe again; own reminders stay."""

    on: bool


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


# --- an officer's ----------------------------------------------------------------------------


@dataclass(frozen=True)
class OfficerCommand(Command):
    """A change to one record by an officer; `expected_version` None skips the check."""

    reference: str
    expected_version: int | None = None


@dataclass(frozen=True)
class Assign(OfficerCommand):
    """Make an officer answerable for a record; None means the acting officer."""

    officer: int | None = None


@dataclass(frozen=True)
class AddNote(OfficerCommand):
    """An internal note, never shown to the family."""

    text: str = ""


@dataclass(frozen=True)
class LogVisit(OfficerCommand):
    """One attempt to bring a child back (劝返记录), append-only."""

    method: str = ""
    met: str = ""
    result: str = ""
    on: date | None = None
    next_on: date | None = None


@dataclass(frozen=True)
class Reply(OfficerCommand):
    """A message to the person; the bot falls silent until the hand-back."""

    text: str = ""
    hand_back: bool = False


@dataclass(frozen=True)
class HandBack(OfficerCommand):
    """The officer is done talking: the bot answers again and says so."""


@dataclass(frozen=True)
class Escalate(OfficerCommand):
    """One step up the ladder: 嘎查 → 苏木乡镇 → 旗县 → 盟市 → 自治区."""

    reason: str = ""


@dataclass(frozen=True)
class RecordReturn(OfficerCommand):
    """The child is back in school (returned) or in another placement (placed)."""

    placement: str = ""
    school: str = ""
    on: date | None = None


@dataclass(frozen=True)
class RequestClose(OfficerCommand):
    """Ask a second person to close a record."""

    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class ApproveClose(OfficerCommand):
    """The second person agrees; never the one who asked."""

    note: str = ""


@dataclass(frozen=True)
class Reopen(OfficerCommand):
    """The child is gone again, or the matter is not settled."""

    reason: str = ""


@dataclass(frozen=True)
class AcceptApplication(OfficerCommand):
    """The papers are complete: the application goes under review."""


@dataclass(frozen=True)
class ReturnForCorrection(OfficerCommand):
    """Send back one paper or answer with the reason the family is told."""

    document: str = ""
    reason: str = ""


@dataclass(frozen=True)
class SetLevel(OfficerCommand):
    """The hardship level the school decided, with reasons."""

    level: HardshipLevel = HardshipLevel.GENERAL
    reason: str = ""


@dataclass(frozen=True)
class ApproveApplication(OfficerCommand):
    """The recognition is final."""

    note: str = ""


@dataclass(frozen=True)
class RejectApplication(OfficerCommand):
    """Not recognised; the reason is told to the family with the way to object."""

    reason: str = ""
