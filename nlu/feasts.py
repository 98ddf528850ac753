"""Feasts, solar terms and days of the farmers' calendar: 中秋, 立冬, 正月十五."""

import re
from datetime import date

from lunar_python import Lunar, Solar

from nlu.date_readings import Reading, nearest, number, safe, said_year, yearly

_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_SOLAR_FEASTS = {"元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "六一": (6, 1), "国庆": (10, 1)}
_SOLAR_FEASTS |= {
    "十一": (10, 1),
    "教师节": (9, 10),
    "七一": (7, 1),
    "三八": (3, 8),
}
LUNAR_FEASTS = {"春节": (1, 1), "过完年": (1, 1), "过了年": (1, 1), "过年": (1, 1)}
LUNAR_FEASTS |= {"元宵": (1, 15), "小年": (12, 23), "中秋": (8, 15), "端午": (5, 5)}
LUNAR_FEASTS |= {"腊八": (12, 8), "七夕": (7, 7)}
LUNAR_FEASTS |= {"重阳": (9, 9), "除夕": (12, 30), "大年三十": (12, 30), "年三十": (12, 30)}
SOLAR_TERMS = [
    "立春",
    "惊蛰",
    "春分",
    "谷雨",
    "立夏",
    "芒种",
    "夏至",
    "立秋",
    "秋分",
    "霜降",
    "立冬",
    "冬至",
]


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day of the farmers' calendar; 腊月三十 of a short month is its last day."""
    for last in (day, day - 1) if day == 30 else (day,):
        try:
            solar = Lunar.fromYmd(year, month, last).getSolar()
        except Exception:  # the library raises bare Exception for days that are not there
            solar = None
        if solar is not None:
            return date(solar.getYear(), solar.getMonth(), solar.getDay())
    return None


def lunar_year(today: date) -> int:
    """The year of the farmers' calendar that today is in."""
    return int(Solar.fromYmd(today.year, today.month, today.day).getLunar().getYear())


def lunar_month_day(match: re.Match[str], today: date, forward: bool) -> date | None:
    """正月十五."""
    said = match["month"]
    month = _LUNAR_MONTHS.get(said) or number(said)
    day = number(match["day"] or "一")
    if month is None or day is None:
        return None
    return _each_lunar_year(month, day, match, today, forward)


def _each_lunar_year(
    month: int, day: int, match: re.Match[str], today: date, forward: bool
) -> date | None:
    said = said_year(match, today)
    if said is not None:
        days = [lunar_day(year, month, day) for year in (said, said - 1)]
        return next((d for d in days if d and d.year == said), days[0])
    this = lunar_year(today)
    return nearest([lunar_day(y, month, day) for y in (this - 1, this, this + 1)], today, forward)


def fixed_lunar(month: int, day: int) -> Reading:
    """A reading for a fixed day of the farmers' calendar."""
    return lambda match, today, forward: _each_lunar_year(month, day, match, today, forward)


def solar_feast(match: re.Match[str], today: date, forward: bool) -> date | None:
    """国庆, 清明."""
    if match["feast"] == "清明":  # the fourth or the fifth of April
        return solar_term(match, today, forward)
    month, day = _SOLAR_FEASTS[match["feast"]]
    return yearly(lambda year: safe(year, month, day), match, today, forward)


def lunar_feast(match: re.Match[str], today: date, forward: bool) -> date | None:
    """中秋."""
    month, day = LUNAR_FEASTS[match["feast"]]
    return _each_lunar_year(month, day, match, today, forward)


def first_days(match: re.Match[str], today: date, forward: bool) -> date | None:
    """大年初三."""
    return _each_lunar_year(1, number(match["day"]) or 1, match, today, forward)


def _term_day(year: int, name: str) -> date:
    solar = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()[name]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def solar_term(match: re.Match[str], today: date, forward: bool) -> date | None:
    """立冬."""
    # The table of a year begins with the 冬至 of the year before.
    shift = 1 if match["feast"] == "冬至" else 0
    return yearly(lambda year: _term_day(year + shift, match["feast"]), match, today, forward)
