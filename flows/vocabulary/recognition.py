"""What an officer does on the way from an application's papers to the money (教财〔2018〕16号)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.vocabulary.base import OfficerCommand


@dataclass(frozen=True)
class AcceptDocument(OfficerCommand):
    """One paper is good, whether seen as a photo or at the school; it is not asked for again."""

    document: str = ""


@dataclass(frozen=True)
class PublishApplication(OfficerCommand):
    """Put the result up for all to see; without `days`, as long as policy data wants at least."""

    days: int | None = None
    place: str = ""


@dataclass(frozen=True)
class RecordObjection(OfficerCommand):
    """Somebody doubts a published result; it is checked again before it can be final."""

    text: str = ""


@dataclass(frozen=True)
class SettleObjection(OfficerCommand):
    """What the check found; `objection` None means all that are still open."""

    finding: str = ""
    objection: int | None = None


@dataclass(frozen=True)
class MarkPaid(OfficerCommand):
    """Money was paid: the sum in yuan as the office enters it, never one worked out by us."""

    paid_on: date | None = None
    amount: Decimal | None = None
    programme: str = ""
    period: str = ""


@dataclass(frozen=True)
class CorrectPayment(OfficerCommand):
    """A payment was noted by mistake; `payment` None means the newest that stands."""

    payment: int | None = None
    reason: str = ""
