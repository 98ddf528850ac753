"""When news may arrive: families by day, officers by day on working days, danger at any time."""

from datetime import datetime

from bot.clock import after_quiet_hours, local_day
from flows.workdays import calendar_for


def for_family(now: datetime) -> datetime:
    """Now, or in the morning when it is night."""
    return after_quiet_hours(now)


def for_officer(now: datetime, region: str | None) -> datetime:
    """Now, or on the next working morning when it is night or a day off."""
    moment, calendar = after_quiet_hours(now), calendar_for(region)
    if calendar.is_workday(local_day(moment)):
        return moment
    return calendar.day_from(local_day(moment))[0]
