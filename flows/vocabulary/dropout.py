"""What an officer does on a dropout case: one child one file, one family one plan."""

from dataclasses import dataclass, field
from datetime import date

from flows.vocabulary.base import OfficerCommand, StoredFile
from storage.kinds import ResponsibleSide


@dataclass(frozen=True)
class VerifyCase(OfficerCommand):
    """Identity, school roll and whereabouts were looked into.

    When the child turns out to be no dropout, `code` says why, and a second person is asked to
    close the case.
    """

    identity: bool = False
    roll: bool = False
    whereabouts: str = ""
    is_dropout: bool = True
    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class NameResponsible(OfficerCommand):
    """Who of the school, or of the village, answers for bringing the child back (劝返责任人)."""

    side: ResponsibleSide = ResponsibleSide.SCHOOL
    name: str = ""
    post: str = ""
    phone: str = ""
    officer: int | None = None


@dataclass(frozen=True)
class LogVisit(OfficerCommand):
    """One attempt to bring a child back (劝返记录), append-only.

    `corrects` is the number of an earlier entry of the same case that this one puts right.
    """

    method: str = ""
    met: str = ""
    result: str = ""
    on: date | None = None
    next_on: date | None = None
    who: str = ""
    corrects: int | None = None
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True)
class SetFamilyPlan(OfficerCommand):
    """The family's plan (一家一案) in a new version; the older ones are kept."""

    measures: str = ""
    resources: tuple[str, ...] = ()
    deadline: date | None = None


@dataclass(frozen=True)
class RecordReturn(OfficerCommand):
    """The child is back in school (returned), placed elsewhere, or let off until a day."""

    placement: str = ""
    school: str = ""
    on: date | None = None
    until: date | None = None
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True)
class CheckAttendance(OfficerCommand):
    """Whether the child was in school on a day, after it came back."""

    present: bool = True
    on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class MarkDuplicate(OfficerCommand):
    """This case tells of the same child as another; a second person is asked to close it."""

    of: str = ""
    note: str = ""


@dataclass(frozen=True)
class KeepPaper(OfficerCommand):
    """Put papers with the record; `document` says what they show."""

    document: str = ""
    files: tuple[StoredFile, ...] = field(default=())
