"""What an officer does on any record, and on dropout cases above all."""

from dataclasses import dataclass
from datetime import date

from flows.vocabulary.base import OfficerCommand


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
