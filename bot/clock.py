"""Local time of the offices; the only place that reads the wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUIET_FROM = time(21, 0)
QUIET_UNTIL = time(8, 0)


def utc_now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The moment as a clock on the wall of the office shows it."""
    return moment.astimezone(SHANGHAI)


def local_day(moment: datetime) -> date:
    """The calendar day of the moment at the office."""
    return local(moment).date()


def at_local(day: date, clock: time) -> datetime:
    """The UTC moment of a local time of day."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def after_quiet_hours(moment: datetime) -> datetime:
    """The moment itself by day, else 08:00 of the next morning: nobody is woken by a push."""
    there = local(moment)
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return moment
    day = there.date() + timedelta(days=1 if there.time() >= QUIET_FROM else 0)
    return at_local(day, QUIET_UNTIL)


def spoken(moment: datetime) -> str:
    """A moment as people say it: 11月25日 18:00."""
    there = local(moment)
    return f"{there.month}月{there.day}日 {there:%H:%M}"
