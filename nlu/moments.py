"""The moment a person wants to be reminded at: a day, an hour, or so long from now."""

import re
from datetime import UTC, datetime, time, timedelta

from nlu.days import SHANGHAI, find
from nlu.normalize import clean
from nlu.numerals import NUMBER, parse_small
from nlu.types import Context

_HOURS = {"凌晨": 6, "早上": 9, "早晨": 9, "早": 9, "上午": 9, "中午": 12, "下午": 15}
_HOURS |= {"傍晚": 18, "晚上": 20, "晚": 20, "夜里": 21}
_AFTERNOON = {"下午", "傍晚", "晚上", "晚", "夜里"}
_PART = r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|(?<=[今明后天])[早晚])"
_CLOCK = re.compile(
    rf"{_PART}?\s*(?P<hour>[01]?\d|2[0-4]|[二]?十[一二三四]?|[一二两三四五六七八九])"
    r"(?:(?::(?P<colon>[0-5]\d))|[点时](?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])分?)?)(?!间)"
)
_PART_ALONE = re.compile(_PART)
_SOON = re.compile(
    rf"(?P<half>半)?(?P<count>{NUMBER})?个?(?P<more>半)?(?:多)?(?P<unit>小时|钟头|分钟|刻钟)(?:之|以)?后"
)
_MINUTES = {"小时": 60, "钟头": 60, "分钟": 1, "刻钟": 15}


def _soon(text: str, now: datetime) -> datetime | None:
    match = _SOON.search(text)
    if match is None or not (match["half"] or match["count"]):
        return None
    count = float(parse_small(match["count"]) or 0) if match["count"] else 0.0
    count += 0.5 if match["half"] or match["more"] else 0.0
    return now + timedelta(minutes=min(count, 100_000) * _MINUTES[match["unit"]])


def _minute(match: re.Match[str]) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 15 if match["quarter"] == "一" else 45
    said = match["colon"] or match["minute"]
    return (parse_small(said.lstrip("零")) or 0) if said else 0


def _hour(match: re.Match[str]) -> int:
    hour = parse_small(match["hour"]) or 0
    part = match["part"]
    later = part in _AFTERNOON and hour < 12
    unsaid = part is None and 1 <= hour <= 6 and match["colon"] is None  # 三点 is in the afternoon
    noon = part == "中午" and hour < 3
    return (hour + 12 if later or unsaid or noon else hour) % 24


def _clock(text: str) -> time | None:
    match = _CLOCK.search(text)
    if match:
        return time(_hour(match), min(_minute(match), 59))
    part = _PART_ALONE.search(text)
    return time(_HOURS[part["part"]]) if part else None


def parse_moment(text: str, now: datetime) -> datetime | None:
    """The moment meant, in UTC; nine in the morning when only a day is said, None when nothing is.

    A bare hour that has passed today means tomorrow. The result may lie in the past when the
    person named a past day.
    """
    text = clean(text)
    soon = _soon(text, now)
    if soon is not None:
        return soon.astimezone(UTC)
    days = [e for e in find(text, Context(now=now, expecting="remind_at")) if e.valid]
    clock = _clock(text)
    if not days and clock is None:
        return None
    local = now.astimezone(SHANGHAI)
    day = datetime.fromisoformat(str(days[0].value)).date() if days else local.date()
    moment = datetime.combine(day, clock or time(9), SHANGHAI)
    if not days and moment <= local:
        moment += timedelta(days=1)
    return moment.astimezone(UTC)
