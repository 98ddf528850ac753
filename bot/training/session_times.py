"""When a class begins by the clock, as far as its schedule says: "周六 9:00-11:00", "每晚七点"."""

import re
from datetime import datetime, time, timedelta

from bot.clock import after_quiet_hours, at_local
from storage.models.training import TrainingSession

HOLD = timedelta(hours=24)
SHORTEST_HOLD = timedelta(hours=2)

_NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {
    "两": 2,
    "十一": 11,
    "十二": 12,
}
_CLOCK = re.compile(
    r"(?P<part>早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|晚|夜)?"
    r"(?P<hour>\d{1,2}|十[一二]|[一二两三四五六七八九十])"
    r"(?:[:：](?P<minute>[0-5]\d)|点(?P<half>半)?|时)"
)
_LATER = frozenset({"下午", "傍晚", "晚上", "晚间", "夜里", "晚", "夜"})


def start_clock(schedule: str) -> time | None:
    """The time of day at which a class begins; None when the schedule does not tell it."""
    match = _CLOCK.search("".join(schedule.split()))
    if match is None:
        return None
    said, part = match["hour"], match["part"]
    hour = int(said) if said.isascii() else _NUMBERS[said]
    if part in _LATER and hour < 12:
        hour += 12
    if part == "中午" and hour < 3:
        hour += 12
    minute = 30 if match["half"] else int(match["minute"] or 0)
    is_plain = part is not None or hour >= 7
    return time(hour, minute) if is_plain and hour < 24 else None


def begins_at(session: TrainingSession) -> datetime:
    """The first moment of the class: by its schedule, else the beginning of its first day."""
    return at_local(session.starts_on, start_clock(session.schedule) or time(0))


def hold_from(now: datetime, session: TrainingSession) -> tuple[datetime, datetime] | None:
    """When the one who waits is told of a free place, and until when it is kept for them.

    Never beyond the beginning of the class; None when too little time would be left to answer.
    """
    told = after_quiet_hours(now)
    until = min(told + HOLD, begins_at(session))
    return (told, until) if until - told >= SHORTEST_HOLD else None
