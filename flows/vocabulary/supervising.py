"""What a supervisor demands of those who answer for a record."""

from dataclasses import dataclass
from datetime import date

from flows.vocabulary.base import OfficerCommand


@dataclass(frozen=True)
class Supervise(OfficerCommand):
    """Put a record under supervision (督办) with a demand and a day of its own."""

    demand: str = ""
    until: date | None = None


@dataclass(frozen=True)
class LiftSupervision(OfficerCommand):
    """The demand is met, or no longer holds."""

    reason: str = ""
