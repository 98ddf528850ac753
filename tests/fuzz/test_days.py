"""Properties of days: what is written from a day reads as that day, whatever today is."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from nlu.dates import find
from nlu.days import local_day
from nlu.moments import parse_moment
from nlu.normalize import clean
from nlu.types import Context
from tests.fuzz.spelling import fullwidth, han, traditional

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
NOWS = st.integers(1451577600, 2051222400).map(lambda at: datetime.fromtimestamp(at, UTC))
"""Any second of the years 2016 to 2034."""

NEW_YEAR = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 28, 16, tzinfo=UTC)
WEEK = "一二三四五六日"


def read(text: str, now: datetime, expecting: str | None = "absent_since") -> list[Any]:
    return [e.value for e in find(clean(text), Context(now, expecting)) if e.valid]


def shapes(day: date) -> list[str]:
    year, month, number = day.year, day.month, day.day
    spelt = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    return [
        f"{year}年{month}月{number}日",
        f"{year}年{month:02d}月{number:02d}号",
        day.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        f"{spelt}年{han(month)}月{han(number)}日",
    ]


@QUICK
@given(DAYS, NOWS)
@example(date(2028, 2, 29), NEW_YEAR)
def test_a_written_day_reads_as_itself(day: date, now: datetime) -> None:
    for text in shapes(day):
        for said in (text, fullwidth(text), traditional(text), f" {text}。", f"，{text}，"):
            assert read(said, now) == [day.isoformat()], said


@QUICK
@given(DAYS, NOWS)
def test_a_day_without_its_year_is_the_last_one(day: date, now: datetime) -> None:
    today = local_day(now)
    assume((day.month, day.day) != (2, 29))
    last = day.replace(year=today.year)
    last = last if last <= today else day.replace(year=today.year - 1)
    for said in (f"{day.month}月{day.day}号", f"{han(day.month)}月{han(day.day)}日"):
        assert read(f"{said}起没去", now) == [last.isoformat()], (said, today)


@QUICK
@given(st.integers(1, 200), NOWS)
@example(59, LEAP_DAY)
@example(1, NEW_YEAR)
@example(1, NEW_YEAR + timedelta(seconds=1))
def test_days_and_weeks_back_are_counted_as_the_calendar_does(count: int, now: datetime) -> None:
    today = local_day(now)
    for said in (f"{count}天前", f"{han(count)}天以前", f"{fullwidth(str(count))}天前"):
        assert read(said, now) == [(today - timedelta(days=count)).isoformat()], said
    for said in (f"{count}周前", f"{han(count)}个星期前"):
        assert read(said, now) == [(today - timedelta(weeks=count)).isoformat()], said


@QUICK
@given(st.integers(1, 30), NOWS)
@example(12, datetime(2028, 2, 29, 4, tzinfo=UTC))
@example(1, datetime(2027, 3, 31, 1, tzinfo=UTC))
def test_months_back_end_no_later_than_the_month_does(count: int, now: datetime) -> None:
    today = local_day(now)
    index = today.year * 12 + today.month - 1 - count
    year, month = index // 12, index % 12 + 1
    day = date(year, month, min(today.day, monthrange(year, month)[1]))
    for said in (f"{count}个月前", f"{han(count)}个月前"):
        assert read(said, now) == [day.isoformat()], (said, today)


@QUICK
@given(st.integers(0, 6), NOWS)
@example(6, NEW_YEAR)
def test_weekdays_belong_to_their_week(weekday: int, now: datetime) -> None:
    today = local_day(now)
    monday = today - timedelta(days=today.weekday())
    for words, weeks in (("上", -1), ("上上", -2)):
        day = monday + timedelta(weeks=weeks, days=weekday)
        for unit in ("周", "星期", "礼拜", "个星期"):
            assert read(f"{words}{unit}{WEEK[weekday]}", now) == [day.isoformat()]


@QUICK
@given(NOWS)
@example(NEW_YEAR)
@example(NEW_YEAR + timedelta(seconds=1))
@example(LEAP_DAY)
def test_yesterday_is_the_day_before_today_in_hohhot(now: datetime) -> None:
    today = now.astimezone(SHANGHAI).date()
    for said, days in (("昨天", -1), ("前天", -2), ("今天", 0), ("大前天", -3), ("昨儿", -1)):
        assert read(said, now) == [(today + timedelta(days=days)).isoformat()]


@QUICK
@given(st.sampled_from((1, 2, 3)), NOWS)
def test_the_day_of_a_month_that_is_too_short_is_no_day(month: int, now: datetime) -> None:
    for said in ("2月30号", "2月31日", "4月31号", "六月三十一号", "2027年2月29日"):
        assert read(said, now) == [], said


FEASTS = {
    "中秋节": "Mid-autumn Festival",
    "端午节": "Dragon Boat Festival",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "国庆节": "National Day",
    "元旦": "New Year's Day",
    "劳动节": "Labour Day",
}


@pytest.mark.parametrize("feast", FEASTS)
@pytest.mark.parametrize("year", range(2010, 2026))
def test_feasts_lie_in_the_holidays_that_the_state_council_announced(feast: str, year: int) -> None:
    """Against a second library, which knows the announcements and no lunar calendar."""
    now = datetime(year, 12, 31, 4, tzinfo=UTC)
    (said,) = read(f"今年{feast}", now)
    day = date.fromisoformat(said)
    announced = {
        chinese_calendar.get_holiday_detail(day + timedelta(days=shift))[1] for shift in (-1, 0, 1)
    }
    together = {"Mid-autumn Festival", "National Day"}  # one holiday when they meet
    wanted = {FEASTS[feast]} | (together if FEASTS[feast] in together else set())
    assert day.year == year and announced & wanted, (day, announced)


@QUICK
@given(DAYS, st.times(), NOWS)
def test_a_moment_that_is_named_lies_on_its_day(day: date, at: time, now: datetime) -> None:
    said = f"{day.year}年{day.month}月{day.day}日{at.hour}:{at.minute:02d}提醒我"
    moment = parse_moment(said, now)
    assert moment is not None
    assert moment.astimezone(SHANGHAI) == datetime.combine(
        day, at.replace(second=0, microsecond=0), SHANGHAI
    )
