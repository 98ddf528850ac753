"""Whether the days off are known of the year in which people already have deadlines."""

from datetime import date, timedelta

from flows.workdays import guessed_years

AHEAD = timedelta(days=31)
"""The State Council publishes the next year in November."""


def missing_years(today: date) -> list[int]:
    """Years that have begun, or begin within a month, and whose make-up days are a guess."""
    last = (today + AHEAD).year
    return [year for year in guessed_years(today) if year <= last]
