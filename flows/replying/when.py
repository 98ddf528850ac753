"""The moment at which somebody wants to hear of it again: "周五交", "过两天再说", "过一小时"."""

import re
from datetime import date, datetime, time, timedelta

from flows.local_time import SHANGHAI, local_day
from flows.talk import Talk

EVENING = time(19)
LAST_EVENING_CALL = time(18)
FARTHEST = timedelta(days=60)
_HOUR = timedelta(hours=1)

_NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "几": 3}
_DAYS = re.compile(r"过([\d一两二三四五六七八九十几])?[天日]|过一?阵")
_SPAN = re.compile(
    r"(?P<number>\d{1,2}|[一两二三四五六七八九十半])个?(?P<half>半)?(?P<unit>小时|钟头|分钟|刻钟)"
)
_WORDS = {"今": 0, "一会": 0, "明": 1, "大后": 3, "后天": 2, "后儿": 2, "这两": 2, "这几": 3}


def evening_named(talk: Talk) -> datetime:
    """The evening of the day that is named, else of the one after tomorrow."""
    today = local_day(talk.now)
    day = _day_named(talk, today)
    evening = evening_of(day)
    too_late = talk.now.astimezone(SHANGHAI).time() >= LAST_EVENING_CALL
    return evening + timedelta(days=1) if day <= today and too_late else evening


def evening_of(day: date) -> datetime:
    """When the papers of a day should be in."""
    return datetime.combine(day, EVENING, SHANGHAI)


def _day_named(talk: Talk, today: date) -> date:
    named = next((e.value for e in talk.understood.entities if e.entity == "date"), None)
    if named is not None:
        day = date.fromisoformat(str(named))
        return min(_coming(day, today), today + FARTHEST)
    text = talk.heard.text
    span = _DAYS.search(text)
    if span is not None:
        said = span[1] or "两"
        return today + timedelta(days=int(said) if said.isascii() else _NUMBERS[said])
    days = next((n for word, n in _WORDS.items() if word in text), None)
    if days is None:
        days = 7 - today.weekday() if "下周" in text or "下星期" in text else 2
    return today + timedelta(days=days)


def _coming(day: date, today: date) -> date:
    """A day of the month or week that has passed means the next one: "10号交" on the 23rd."""
    if day >= today:
        return day
    if today - day < timedelta(days=7):
        return day + timedelta(days=7)
    month = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    coming = month + timedelta(days=day.day - 1)
    return coming if coming >= today else today + timedelta(days=2)


def tomorrow_evening(now: datetime) -> datetime:
    """What a button can mean by "明天"."""
    return evening_of(local_day(now) + timedelta(days=1))


def moment_named(talk: Talk) -> datetime:
    """When one's own reminder comes again: the moment or span that is said, else in an hour."""
    said = talk.heard.moment
    if said is not None and said > talk.now:
        return min(said, talk.now + FARTHEST)
    match = _SPAN.search(talk.heard.text)
    if match is None:
        return talk.now + _HOUR
    unit = {"分钟": timedelta(minutes=1), "刻钟": timedelta(minutes=15)}.get(match["unit"], _HOUR)
    number = match["number"]
    if number == "半":
        return talk.now + unit / 2
    count = int(number) if number.isascii() else _NUMBERS[number]
    return talk.now + max(unit * count + (unit / 2 if match["half"] else timedelta()), unit)
