"""Handing a record on, and letting its clock wait."""

from dataclasses import dataclass
from datetime import date

from flows.vocabulary.base import OfficerCommand


@dataclass(frozen=True)
class TransferRecord(OfficerCommand):
    """Offer a record to an officer, or to those of a place; the sender answers until it is taken.

    With an officer, `region` is where the matter lies from then on, if not where it was.
    """

    officer: int | None = None
    region: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class AcceptTransfer(OfficerCommand):
    """Take what was offered: from now on the acting officer answers for it."""


@dataclass(frozen=True)
class RejectTransfer(OfficerCommand):
    """Give back what was offered; the sender hears why."""

    reason: str = ""


@dataclass(frozen=True)
class Snooze(OfficerCommand):
    """Let the clock wait until a day, with a reason; never for an emergency."""

    until: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class AskFamily(OfficerCommand):
    """A question to the one who filed the record; its clock waits for the answer."""

    text: str = ""
