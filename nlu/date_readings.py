"""Which day a matched phrase means, counted from today: one reading for each way to say it.

A reading answers with the first day of what was said, or None when no such day exists. `forward`
turns the direction of bare days: a report looks back, a reminder ahead. Patterns: `date_rules`.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from nlu.numerals import parse_small

Reading = Callable[[re.Match[str], date, bool], date | None]
WINTER_BREAK, SUMMER_BREAK = (1, 15), (7, 15)  # usual first days, the office may announce others
_YEARS = {
    "大前年": -3,
    "前年": -2,
    "头年": -1,
    "去年": -1,
    "上一年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "来年": 1,
    "后年": 2,
}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_WEEKDAYS |= {str(n): n - 1 for n in range(1, 8)}
_RELATIVE = {"大上": -2, "上上": -2, "前": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
DAY_NAMES = {
    "大前天": -3, "大前儿": -3, "前天": -2, "前儿": -2, "前日": -2, "昨天": -1, "昨儿": -1,
    "昨日": -1, "昨晚": -1, "昨夜": -1, "今天": 0, "今儿": 0, "今日": 0, "今早": 0, "今晚": 0,
    "明天": 1, "明儿": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2, "后儿": 2, "后日": 2,
    "大后天": 3, "大后儿": 3, "头天": -1, "今个": 0, "昨个": -1, "明个": 1, "前个": -2,
}  # fmt: skip
_PARTS = {"初": 1, "上旬": 1, "头": 1, "中旬": 11, "中": 15, "下旬": 21, "份": 1, "": 1}
_SEASONS = {"春": (3, 1), "夏": (6, 1), "秋": (9, 1), "冬": (12, 1)}


def number(text: str | None) -> int | None:
    """A day, month or count in digits or Han numerals."""
    return None if text is None else parse_small(text.replace("来", ""))


def safe(year: int, month: int, day: int) -> date | None:
    """The day, or None when there is no such day."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def said_year(match: re.Match[str], today: date) -> int | None:
    """The year said before a day, None when none is."""
    said = match["year"]
    if said is None:
        return None
    if said in _YEARS:
        return today.year + _YEARS[said]
    digits = said[:-1]
    if not digits.isdigit() or not digits.isascii():
        digits = "".join(str("零一二三四五六七八九".find(c.replace("〇", "零"))) for c in digits)
    return int(digits) + (2000 if len(digits) == 2 else 0)


def nearest(days: list[date | None], today: date, forward: bool) -> date | None:
    """The last of the days not after today, or with `forward` the first not before it."""
    known = sorted(day for day in days if day is not None)
    if forward:
        return next((day for day in known if day >= today), None)
    return next((day for day in reversed(known) if day <= today), None)


def yearly(
    day_in: Callable[[int], date | None], match: re.Match[str], today: date, forward: bool
) -> date | None:
    """The day of the year said, else of the nearest year that has it."""
    year = said_year(match, today)
    if year is not None:
        return day_in(year)
    # Nine years reach from one 29 February to the next, even across 2100.
    years = range(today.year - 1, today.year + 2)
    found = nearest([day_in(y) for y in years], today, forward)
    return found or nearest([day_in(today.year + n) for n in range(-8, 9)], today, forward)


def full(match: re.Match[str], today: date, forward: bool) -> date | None:
    """A whole date."""
    year = int(match[1]) if len(match[1]) == 4 else 2000 + int(match[1])
    return safe(year, int(match[2]), int(match[3]))


def month_day(match: re.Match[str], today: date, forward: bool) -> date | None:
    """9月15号."""
    month, day = number(match["month"]), number(match["day"])
    if month is None or day is None:
        return None
    return yearly(lambda year: safe(year, month, day), match, today, forward)


def month_part(match: re.Match[str], today: date, forward: bool) -> date | None:
    """九月初, 九月."""
    month, part = number(match["month"]) or 1, match["part"] or ""

    def day_in(year: int) -> date | None:
        return safe(year, month, _PARTS.get(part) or monthrange(year, month)[1])

    return yearly(day_in, match, today, forward)


def week(match: re.Match[str], today: date, forward: bool) -> date | None:
    """上周一; Monday when no day is said."""
    monday = today - timedelta(days=today.weekday())
    weekday = _WEEKDAYS[match["weekday"]] if match["weekday"] else 0
    if match["which"]:
        return monday + timedelta(weeks=_RELATIVE[match["which"]], days=weekday)
    if match["weekday"] is None:
        return None
    day = monday + timedelta(days=weekday)
    first = today + timedelta(days=1) if forward else today  # on Monday, 周一 ahead is in a week
    return nearest([day + timedelta(weeks=n) for n in (-1, 0, 1)], first, forward)


def shifted_month(today: date, months: int, day: int) -> date | None:
    """That day of the month so many months on; None when the month is too short."""
    index = today.year * 12 + today.month - 1 + months
    return safe(index // 12, index % 12 + 1, day)


def relative_month(match: re.Match[str], today: date, forward: bool) -> date | None:
    """下个月3号."""
    first = shifted_month(today, _RELATIVE[match["which"] or "这"], 1)
    if first is None:
        return None
    if match["day"]:
        return safe(first.year, first.month, number(match["day"]) or 0)
    last = monthrange(first.year, first.month)[1]
    return first.replace(day=_PARTS.get(match["part"] or "") or last)


def month_edge(match: re.Match[str], today: date, forward: bool) -> date | None:
    """月底."""
    part = match["part"]
    days = []
    for shift in (-1, 0, 1):
        first = shifted_month(today, shift, 1)
        if first:
            last = monthrange(first.year, first.month)[1]
            days.append(first.replace(day=_PARTS.get(part) or last))
    return nearest(list(days), today, forward)


def bare_day(match: re.Match[str], today: date, forward: bool) -> date | None:
    """3号."""
    day = number(match["day"] or match["said"] or match["noted"]) or 0
    months = [shifted_month(today, n, day) for n in (-2, -1, 0, 1, 2)]
    return nearest(months, today, forward)


def named_day(match: re.Match[str], today: date, forward: bool) -> date | None:
    """前天."""
    return today + timedelta(days=DAY_NAMES[match["name"]])


def back(today: date, count: int, unit: str, sign: int = -1) -> date | None:
    """`count` units (天, 周, 月, 年) before today, or after it with `sign` 1."""
    try:
        if unit in "天日宿":
            return today + timedelta(days=sign * count)
        if unit in ("周", "星期", "礼拜"):
            return today + timedelta(weeks=sign * count)
        months = count * (12 if unit == "年" else 1)
        first = shifted_month(today, sign * months, 1)
    except (OverflowError, ValueError):
        return None
    if first is None:
        return None
    return first.replace(day=min(today.day, monthrange(first.year, first.month)[1]))


def length(match: re.Match[str]) -> tuple[int, str] | None:
    """The count and unit of a stretch of time; halves become days or months."""
    unit = "月" if match["unit"] in ("个月", "月") else match["unit"].removeprefix("个")
    if match["more"]:
        return ((number(match["count"]) or 1) * 30 + 15, "天")
    if match["half"]:
        halves = {"月": (15, "天"), "年": (6, "月"), "天": (0, "天")}
        return halves.get(unit, (3, "天"))
    count = number(match["count"])
    return None if count is None else (count, unit)


def stretch(sign: int) -> Reading:
    """A reading for 三天前 (`sign` -1) or 三天后 (1)."""

    def read(match: re.Match[str], today: date, forward: bool) -> date | None:
        said = length(match)
        return None if said is None else back(today, *said, sign=sign)

    return read


def term_start(today: date, terms: int = 0) -> date:
    """The first day of the school term that today is in, or of one so many terms away."""
    index = today.year * 2 + (1 if today.month >= 9 else 0)
    if today.month < 3:
        index -= 1
    index += terms
    return date(index // 2, 9 if index % 2 else 3, 1)


def term(match: re.Match[str], today: date, forward: bool) -> date | None:
    """开学, 上学期."""
    if match["term"]:
        return term_start(today, _RELATIVE[match["term"]])
    return term_start(today, 1 if forward else 0)


def half_year(match: re.Match[str], today: date, forward: bool) -> date | None:
    """春季学期."""
    month = 3 if match["half"] == "春" else 9
    return yearly(lambda year: safe(year, month, 1), match, today, forward)


def school_break(match: re.Match[str], today: date, forward: bool) -> date | None:
    """寒假."""
    month, day = WINTER_BREAK if match["which"] == "寒" else SUMMER_BREAK
    return yearly(lambda year: safe(year, month, day), match, today, forward)


def before_break(match: re.Match[str], today: date, forward: bool) -> date | None:
    """放假前."""
    kinds = {"寒": (WINTER_BREAK,), "暑": (SUMMER_BREAK,)}
    starts = kinds.get(match["which"] or "", (WINTER_BREAK, SUMMER_BREAK))
    breaks = [date(today.year + n, *d) for n in (-1, 0, 1) for d in starts]
    start = nearest(list(breaks), today, forward)
    return start - timedelta(days=1) if start else None


def season(match: re.Match[str], today: date, forward: bool) -> date | None:
    """去年冬天."""
    month, day = _SEASONS[match["season"]]
    return yearly(lambda year: safe(year, month, day), match, today, forward)


def year_start(match: re.Match[str], today: date, forward: bool) -> date | None:
    """今年初."""
    return date(today.year + _YEARS.get(f"{match['year']}年", 0), 1, 1)


def whole_year(match: re.Match[str], today: date, forward: bool) -> date | None:
    """去年."""
    return date(today.year + _YEARS[match["year"]], 1, 1)
