"""Hours, spans and kinds of pushes heard from words; what only looks like it is left alone."""

from time import perf_counter

import pytest

from flows.reminders.hours import heard_hour
from flows.reminders.kinds import named_in
from flows.reminders.mine import MINE
from flows.reminders.spans import heard_days


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("以后下午三点提醒我", 15),
        ("以后早上9点再发通知", 9),
        ("通知都改到晚上七点半发", 19),
        ("往后中午12点提醒", 12),
        ("以后三点提醒我就行", 15),
        ("以后晚上十点提醒我", 22),
        ("以后晚上十二点提醒我", 0),
        ("明天下午三点提醒我", None),
        ("以后每天下午三点提醒我吃药", None),
        ("下午三点提醒我交户口本", None),
        ("以后都三点放学", None),
    ],
)
def test_the_hour_of_pushes(text: str, hour: int | None) -> None:
    assert heard_hour(text) == hour


def test_a_long_text_costs_no_time() -> None:
    start = perf_counter()
    for tail in ("就行" * 20 + "x", "就行" * 2000 + "x"):
        assert heard_hour("以后下午三点提醒" + tail) is None
    assert perf_counter() - start < 1


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("暂停提醒一个月", 30),
        ("停半个月", 15),
        ("停两周", 14),
        ("三个星期别发", 21),
        ("停一个半月", 45),
        ("停10天", 10),
        ("停十二天", 12),
        ("先停一段时间", 30),
        ("停三年", 365),
        ("提醒先停一停", 0),
        ("三月一号", 0),
    ],
)
def test_the_span_of_a_pause(text: str, days: int) -> None:
    assert heard_days(text) == days


def test_the_kinds_that_words_name() -> None:
    assert named_in("开课和材料的提醒都别发了") == ("session", "documents")
    assert named_in("别再给我发消息了，烦") == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("我的提醒", True),
        ("我设了哪些提醒", True),
        ("还有什么提醒", True),
        ("看看提醒", True),
        ("看一下提醒我的事", False),
        ("明天提醒我看病", False),
    ],
)
def test_asking_for_the_list(text: str, meant: bool) -> None:
    assert bool(MINE.search(text)) is meant
