"""What an officer does on an application for student aid."""

from dataclasses import dataclass

from flows.vocabulary.base import OfficerCommand
from storage.kinds import HardshipLevel


@dataclass(frozen=True)
class AcceptApplication(OfficerCommand):
    """The papers are complete: the application goes under review."""


@dataclass(frozen=True)
class ReturnForCorrection(OfficerCommand):
    """Send back one paper or answer with the reason the family is told.

    `fault` is one of `flows.aid.faults.Fault`; `reason` are the officer's own words.
    """

    document: str = ""
    reason: str = ""
    fault: str = ""


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
