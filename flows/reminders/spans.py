"""How long a pause is: "一个月", "半个月", "两周", until a named day."""

import re
from datetime import date, datetime, time, timedelta

from flows.local_time import SHANGHAI, local_day
from flows.talk import Talk

LONGEST_DAYS = 365

_NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "俩": 2, "几": 3}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_SPAN = re.compile(
    r"(?P<half>半)?(?P<number>\d{1,3}|十[一二]|[一二两俩三四五六七八九十几])?个?(?P<half_after>半)?"
    r"(?P<unit>天|周|星期|礼拜|月|年)(?![一二三四五六七八九十\d末底初日天])"
)
_VAGUE = re.compile("一段时间|一阵子?|段时间|些天|一时")


def pause_end(talk: Talk) -> datetime | None:
    """When the pause that was asked for is over, at 8 in the morning; None when none was said."""
    today = local_day(talk.now)
    named = next((e.value for e in talk.understood.entities if e.entity == "date"), None)
    if named is not None:
        day = date.fromisoformat(str(named))
        return _morning(day) if day > today else None
    days = heard_days(talk.heard.text)
    return _morning(today + timedelta(days=days)) if days else None


def heard_days(text: str) -> int:
    """The days of a span in words, 0 when there is none."""
    match = _SPAN.search(text)
    if match is None or not (match["half"] or match["number"] or match["half_after"]):
        return 30 if _VAGUE.search(text) else 0
    unit = _DAYS[match["unit"]]
    if match["half"] and not match["number"]:
        days = unit // 2
    else:
        days = _number(match["number"] or "一") * unit + (unit // 2 if match["half_after"] else 0)
    return min(days, LONGEST_DAYS)


def pause_of(days: int, now: datetime) -> datetime:
    """The end of a pause of so many days, at 8 in the morning."""
    return _morning(local_day(now) + timedelta(days=min(max(days, 1), LONGEST_DAYS)))


def _number(said: str) -> int:
    if said.isascii():
        return int(said)
    return 10 + _NUMBERS[said[1]] if len(said) == 2 else _NUMBERS[said]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), SHANGHAI)
