"""What an officer does on any record."""

from dataclasses import dataclass

from flows.vocabulary.base import OfficerCommand, StoredFile


@dataclass(frozen=True)
class Assign(OfficerCommand):
    """Make an officer answerable for a record; None means the acting officer."""

    officer: int | None = None


@dataclass(frozen=True)
class AddNote(OfficerCommand):
    """An internal note, never shown to the family."""

    text: str = ""


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
class RequestClose(OfficerCommand):
    """Ask a second person to close a record; `files` are papers that the code asks for."""

    code: str = ""
    note: str = ""
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True)
class DeclineClose(OfficerCommand):
    """The record is not to be closed, or the one who asked thinks better of it; work goes on."""

    reason: str = ""


@dataclass(frozen=True)
class ApproveClose(OfficerCommand):
    """The second person agrees; never the one who asked."""

    note: str = ""


@dataclass(frozen=True)
class Reopen(OfficerCommand):
    """The child is gone again, or the matter is not settled."""

    reason: str = ""
