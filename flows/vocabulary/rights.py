"""What an officer does when a family says that something of them is wrong (PIPL art. 46)."""

from dataclasses import dataclass

from flows.vocabulary.base import OfficerCommand

PUTS_RIGHT = "更正："
"""How the note begins by which a family says what is wrong."""


@dataclass(frozen=True)
class CorrectAnswer(OfficerCommand):
    """Put one answer right; `note` says by what it was checked, `more` that more is wrong."""

    field: str = ""
    value: str = ""
    note: str = ""
    more: bool = False


@dataclass(frozen=True)
class RefuseCorrection(OfficerCommand):
    """Leave it as it is; the family is told the reason."""

    reason: str = ""
