"""Days and moments, counted from Monday 23 November 2026, 10:00."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nlu.classify import training
from nlu.date_rules import RULES
from nlu.dates import find, parse_moment
from nlu.normalize import clean
from nlu.types import Context
from tests.nlu.reading import NOW, only, read, values

SHANGHAI = ZoneInfo("Asia/Shanghai")

SAID = """
昨天 2026-11-22|昨儿个 2026-11-22|前天 2026-11-21|前儿 2026-11-21|大前天 2026-11-20|今天 2026-11-23
上周一 2026-11-16|上礼拜三 2026-11-18|上个星期五 2026-11-20|这周二 2026-11-24|下周三 2026-12-02
上上周五 2026-11-13|周三 2026-11-18|礼拜天 2026-11-22|上周 2026-11-16
下个月3号 2026-12-03|上个月15号 2026-10-15|上个月 2026-10-01|三号 2026-11-03|月底 2026-10-31
九月初 2026-09-01|九月中旬 2026-09-11|九月份 2026-09-01|九月底 2026-09-30|9月15号 2026-09-15
9.15 2026-09-15|9.15号 2026-09-15|9/15 2026-09-15|十一月五号 2026-11-05|12月3号 2025-12-03
2026年3月2日 2026-03-02|2026-03-02 2026-03-02|２０２６年３月２日 2026-03-02
二〇二六年九月一日 2026-09-01
正月十五 2026-03-03|腊月二十三 2026-02-10|小年 2026-02-10|正月初八 2026-02-24|大年初三 2026-02-19
二月二 2026-03-20|八月十五 2026-09-25|农历八月十五 2026-09-25|五月初五 2026-06-19
去年正月十五 2025-02-12
中秋 2026-09-25|端午节 2026-06-19|国庆 2026-10-01|五一放假后 2026-05-01|春节 2026-02-17
元旦 2026-01-01
过完年就没来 2026-02-17|十一放假后 2026-10-01|教师节那天 2026-09-10
开学就没来 2026-09-01|这学期 2026-09-01|上学期 2026-03-01|寒假 2026-01-15|暑假 2026-07-15
放假前 2026-07-14|去年九月 2025-09-01|前年 2024-01-01|去年冬天 2025-12-01|今年春天 2026-03-01
半个月前 2026-11-08|三天前 2026-11-20|两个月前 2026-09-23|一周前 2026-11-16|半年前 2026-05-23
一个半月前 2026-10-09|十来天前 2026-11-13|明天 2026-11-24|后天 2026-11-25|大后天 2026-11-26
""".replace("\n", "|").split("|")


@pytest.mark.parametrize("pair", [pair for pair in SAID if pair])
def test_a_day_is_read(pair: str) -> None:
    said, day = pair.rsplit(" ", 1)
    assert values(said, "date") == [day]


@pytest.mark.parametrize(
    "text",
    [
        "一年级二班",
        "孩子今年九岁",
        "三天没来了",
        "十来天没上学",
        "3号楼",
        "每周三上课",
        "一周三次",
        "1.5万块钱",
        "2月31日",
        "三年二班",
        "2015年3月2日出生",
        "有两年没见了",
        "十一个人",
        "三中",
        "电话13948123456",
        "没开学",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert values(text, "date") == []


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("三天了", "2026-11-20"),
        ("十来天", "2026-11-13"),
        ("半个月了", "2026-11-08"),
        ("一个多月", "2026-10-23"),
        ("得有一个来月了", "2026-10-23"),
        ("十月的十五号起", "2026-10-15"),
        ("两个礼拜没来了", "2026-11-09"),
        ("好几天了", "2026-11-20"),
        ("两年了", "2024-11-23"),
        ("9月15号", "2026-09-15"),
    ],
)
def test_an_absence_may_be_told_by_its_length(answer: str, day: str) -> None:
    assert values(answer, "date", "absent_since") == [day]


@pytest.mark.parametrize("slot", ["absent_since", "remind_at"])
@pytest.mark.parametrize("text", ["2月31日", "九月三十一号"])
def test_an_impossible_day_is_told_when_a_day_was_asked(text: str, slot: str) -> None:
    assert only(text, "date", slot).valid is False


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12月3号", "2026-12-03"),
        ("3号", "2026-12-03"),
        ("周五", "2026-11-27"),
        ("月底", "2026-11-30"),
    ],
)
def test_a_reminder_looks_ahead(text: str, day: str) -> None:
    assert values(text, "date", "remind_at") == [day]


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), "2026-09-01"),
        (datetime(2027, 2, 10, tzinfo=UTC), "2026-09-01"),
        (datetime(2027, 3, 5, tzinfo=UTC), "2027-03-01"),
        (datetime(2027, 8, 20, tzinfo=UTC), "2027-03-01"),
    ],
)
def test_the_term_that_now_is_in(now: datetime, start: str) -> None:
    from nlu.entities import extract
    from nlu.types import Context

    assert [e.value for e in extract("开学到现在没来", Context(now))] == [start]


def test_days_change_at_midnight_in_shanghai() -> None:
    from nlu.entities import extract
    from nlu.types import Context

    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 00:30 on the 23rd in Shanghai
    assert [e.value for e in extract("昨天", Context(late))] == ["2026-11-22"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("下个月三号上午提醒我交材料", "2026-12-03T09:00"),
        ("明天下午三点", "2026-11-24T15:00"),
        ("晚上八点", "2026-11-23T20:00"),
        ("半小时后", "2026-11-23T10:30"),
        ("一个半小时后", "2026-11-23T11:30"),
        ("十分钟后", "2026-11-23T10:10"),
        ("一个星期后", "2026-11-30T09:00"),
        ("后天", "2026-11-25T09:00"),
        ("三天后早上八点半", "2026-11-26T08:30"),
        ("下周一上午十点二十", "2026-11-30T10:20"),
        ("15:30", "2026-11-23T15:30"),
        ("早上八点", "2026-11-24T08:00"),
        ("明早七点", "2026-11-24T07:00"),
        ("周五下午", "2026-11-27T15:00"),
    ],
)
def test_a_moment_to_be_reminded(text: str, moment: str) -> None:
    found = parse_moment(text, NOW)
    assert found is not None
    assert found == datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["", "你好", "每天", "随便"])
def test_no_moment(text: str) -> None:
    assert parse_moment(text, NOW) is None


def test_a_day_keeps_its_place_in_the_text() -> None:
    text = "😀孩子從上個星期五就沒來"
    (found,) = [e for e in read(text) if e.entity == "date"]
    assert text[found.start : found.end] == "上個星期五"


@pytest.mark.parametrize(
    "text", ["0001年1月1日", "9999年12月31日", "9999999999年后", "0000年2月底", "99999月后"]
)
def test_years_beyond_the_calendar_do_no_harm(text: str) -> None:
    parse_moment(text, NOW)
    assert all(isinstance(e.value, str) for e in read(text, "remind_at") if e.entity == "date")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("打国庆起就没见着他", "2026-10-01"),
        ("上礼拜就没来", "2026-11-16"),
        ("开学到现在没露面", "2026-09-01"),
        ("报名参加12月20号的测试", "2026-12-20"),
        ("取消12月8号的班", "2026-12-08"),
        ("12月2号中午喊我一声", "2026-12-02"),
        ("月底前要交材料", "2026-11-30"),
        ("3月15号的考试成绩出来了吗", "2026-03-15"),
        ("12月的测试我没参加", "2025-12-01"),
    ],
)
def test_a_class_or_deadline_lies_ahead_an_absence_behind(text: str, day: str) -> None:
    assert values(text, "date") == [day]


def test_a_day_is_no_village() -> None:
    said = read("十月八号起没去的", "region")
    assert [(e.entity, e.value) for e in said] == [("date", "2026-10-08")]
    assert values("八号嘎查", "date", "region") == []


@pytest.mark.parametrize(
    ("said", "year", "day"),
    [
        ("清明以后", 2024, "2024-04-04"),
        ("清明以后", 2026, "2026-04-05"),
        ("中秋以后", 2025, "2025-10-06"),
        ("中秋以后", 2026, "2026-09-25"),
        ("端午以后", 2024, "2024-06-10"),
        ("过完年", 2025, "2025-01-29"),
        ("过完年", 2026, "2026-02-17"),
        ("正月十五以后", 2025, "2025-02-12"),
        ("腊八那天", 2026, "2026-01-26"),
        ("年三十", 2025, "2025-01-28"),
        ("农历六月初一", 2025, "2025-06-25"),
        ("立秋那天", 2026, "2026-08-07"),
        ("冬至那天", 2025, "2025-12-21"),
    ],
)
def test_feasts_are_those_of_the_calendar(said: str, year: int, day: str) -> None:
    """As the printed calendars have them, looked back at from the last days of the year."""
    now = datetime(year, 12, 30, 4, tzinfo=UTC)
    found = find(f"{said}就没来", Context(now=now))
    assert [entity.value for entity in found] == [day]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "2026-11-21"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026-11-22"),
        (datetime(2026, 12, 31, 16, 30, tzinfo=UTC), "2026-12-31"),
        (datetime.fromisoformat("2026-11-22T23:30:00-05:00"), "2026-11-22"),
    ],
)
def test_yesterday_turns_at_midnight_in_inner_mongolia(now: datetime, day: str) -> None:
    assert [entity.value for entity in find("昨天没来", Context(now=now))] == [day]


def test_no_rule_finds_anything_without_a_character_it_needs() -> None:
    said = [e.text for e in training.read()[::6]] + SAID
    texts = [(clean(text), frozenset(clean(text))) for text in said]
    passed_over = [
        (text, rule.pattern.pattern)
        for rule in RULES
        for text, said in texts
        if rule.needs.isdisjoint(said) and rule.pattern.search(text)
    ]
    assert passed_over == []
