"""Changes to a registration for a class by an officer, for whom no message reaches or reached."""

from dataclasses import dataclass

from flows.vocabulary.base import OfficerCommand


@dataclass(frozen=True)
class GivePlace(OfficerCommand):
    """Whoever waits said yes on the telephone: the place kept for them is theirs, or a free one."""


@dataclass(frozen=True)
class MarkAttendance(OfficerCommand):
    """Whether the person was there, by the list of the organiser, whatever they said themselves."""

    present: bool = False
