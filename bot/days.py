"""Days and moments as somebody wrote them: only those that one can reckon with."""

from datetime import UTC, date, datetime

from flows.local_time import SHANGHAI

YEARS = range(1900, 2200)
"""Beyond them it is a slip of the hand; at the ends of the calendar nothing can be added."""


def day_of(text: str) -> date:
    """A day such as 2026-11-23. Raises ValueError."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(f"no year to reckon with: {day}")
    return day


def moment_of(text: str) -> datetime:
    """A moment in UTC; without a zone the office's own time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.year not in YEARS:
        raise ValueError(f"no year to reckon with: {moment}")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return aware.astimezone(UTC)
