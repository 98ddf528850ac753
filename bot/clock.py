"""Local time of the offices; the only place that reads the wall clock."""

from datetime import UTC, date, datetime, time, timedelta

from flows.local_time import SHANGHAI as SHANGHAI
from flows.local_time import local_day as local_day


def utc_now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The moment as a clock on the wall of the office shows it."""
    return moment.astimezone(SHANGHAI)


def at_local(day: date, clock: time) -> datetime:
    """The UTC moment of a local time of day."""
    return datetime.combine(day, clock, SHANGHAI).astimezone(UTC)


def after_quiet_hours(moment: datetime, start: time = time(21), until: time = time(8)) -> datetime:
    """The moment itself by day, else the end of the local quiet hours: nobody is woken by a push.

    Quiet hours may lie over midnight or within one day; equal ends mean none.
    """
    there = local(moment)
    clock = there.time()
    over_midnight = start > until
    inside = clock >= start or clock < until if over_midnight else start <= clock < until
    if not inside:
        return moment
    tomorrow = over_midnight and clock >= start
    return at_local(there.date() + timedelta(days=1 if tomorrow else 0), until)


def spoken(moment: datetime) -> str:
    """A moment as people say it: 11月25日 18:00."""
    there = local(moment)
    return f"{there.month}月{there.day}日 {there:%H:%M}"


def day_words(day: date) -> str:
    """A day as people say it: 11月25日."""
    return f"{day.month}月{day.day}日"
