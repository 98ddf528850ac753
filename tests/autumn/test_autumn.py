"""The simulated autumn in small: no rule is broken, and a killed process changes nothing."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.autumn.forgotten import forgotten
from tests.autumn.killing import run_and_kill
from tests.autumn.mailings import Mailing
from tests.autumn.oracle import Oracle
from tests.autumn.report import judged
from tests.autumn.run import Heard, Plan, Result, result, run
from tests.autumn.script import PAPERS, Act, Session, World, local_at
from tests.autumn.sent import Message, Told
from tests.autumn.stepping import on_grid

FEW_DAYS = Plan(50, 7, date(2026, 8, 31), date(2026, 9, 3))
WEEKS = Plan(200, 7, date(2026, 8, 24), date(2026, 9, 13))
MORNING = local_at(date(2026, 9, 7), 10)


def whole(folder: Path, plan: Plan) -> Result:
    """A run from beginning to end in this process."""
    folder.mkdir()
    heard = Heard()
    asyncio.run(run(folder, plan, heard))
    return asyncio.run(result(folder, heard.put_off))


def test_a_few_days_break_no_rule(tmp_path: Path) -> None:
    found = whole(tmp_path / "a", FEW_DAYS)
    assert len(found.messages) > 15
    assert [(rule, said) for rule, said in judged(FEW_DAYS, found).faults.items() if said] == []


@pytest.mark.slow
def test_a_process_killed_again_and_again_sends_the_same(tmp_path: Path) -> None:
    found = whole(tmp_path / "a", WEEKS)
    assert [(rule, said) for rule, said in judged(WEEKS, found).faults.items() if said] == []
    (tmp_path / "b").mkdir()
    assert run_and_kill(tmp_path / "b", WEEKS, 5, lambda _: None) == 5
    again = asyncio.run(result(tmp_path / "b", Counter()))
    assert [m.identity for m in again.messages] == [m.identity for m in found.messages]
    assert len(found.messages) > 200


def world(*acts: Act) -> World:
    """One family, and what it does."""
    start, until = local_at(date(2026, 8, 15), 0), local_at(date(2026, 12, 31), 23)
    return World(start, until, {1: "152222"}, frozenset(), {}, acts)


def window(number: int, at: datetime) -> Message:
    """A message that tells of a window."""
    told = Told("window", "", f"event:recognition:opens:{number}")
    words = "家庭经济困难学生认定和助学金现在可以申请了，到10月31日。"
    return Message(number, 1, at, f"reminder:{number}", words, (told,))


APPLIED = {"reference": "A26-0000-001", "grade": "小学二年级", "hardship": []}
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "acts", "moments"),
    [
        (None, (), [MORNING]),
        ("夜里发的", (), [MORNING + timedelta(hours=12)]),
        ("不真实的", (), [MORNING - 20 * DAY]),
        ("不真实的", (Act(MORNING, 1, "file", APPLIED),), [MORNING]),
        ("超过每周条数的", (), [MORNING, MORNING + DAY, MORNING + 2 * DAY]),
        ("退订、停用、暂停了还发的", (Act(MORNING, 1, "switch", {"on": False}),), [MORNING]),
        ("退订、停用、暂停了还发的", (Act(MORNING, 1, "gone", {"gone": True}),), [MORNING]),
        ("不要这一类还发的", (Act(MORNING, 1, "mute", {"kind": "window"}),), [MORNING]),
        ("正在说话时发的", (Act(MORNING, 1, "speak", {"form": True}),), [MORNING + DAY / 48]),
        ("不在本人要的钟点的", (Act(MORNING, 1, "hour", {"hour": 17}),), [MORNING]),
        (
            "自己的提醒没按时的",
            (Act(MORNING, 1, "own", {"text": "户口本", "due": MORNING + DAY}),),
            [],
        ),
    ],
)
def test_the_oracle_itself_notices(
    rule: str | None, acts: tuple[Act, ...], moments: list[datetime]
) -> None:
    oracle = Oracle(world(*acts))
    oracle.judge([window(number, at) for number, at in enumerate(moments)])
    assert [name for name, said in oracle.faults.items() if said] == ([rule] if rule else [])


def mail(number: int, at: datetime, family: int = 1) -> Message:
    """A message of the campaign for the list on which family 1 stands."""
    words = "学校有一件事和您家有关，想请您了解一下。"
    return Message(
        number, family, at, f"reminder:{number}", words, (Told("campaign", "", "campaign:1"),)
    )


BEGINS = Act(MORNING, 0, "campaign", {"mailing": 1})
STOPS = Act(MORNING + DAY, 0, "stop_campaign", {"mailing": 1})


@pytest.mark.parametrize(
    ("rule", "acts", "sent"),
    [
        (None, (BEGINS,), [mail(1, MORNING + DAY)]),
        ("不真实的", (), [mail(1, MORNING)]),
        ("不真实的", (BEGINS, STOPS), [mail(1, MORNING + DAY)]),
        ("不真实的", (BEGINS,), [mail(1, MORNING, family=2)]),
        ("不真实的", (Act(MORNING, 1, "file", APPLIED), BEGINS), [mail(1, MORNING)]),
        ("发了两次的", (BEGINS,), [mail(1, MORNING), mail(2, MORNING + 9 * DAY)]),
    ],
)
def test_the_oracle_notices_a_wrong_campaign(
    rule: str | None, acts: tuple[Act, ...], sent: list[Message]
) -> None:
    mailing = Mailing(1, "152222", (1,), MORNING.date(), None)
    two = replace(world(*acts), banners={1: "152222", 2: "152222"}, mailings={1: mailing})
    oracle = Oracle(two)
    oracle.judge(sent)
    assert [name for name, said in oracle.faults.items() if said] == ([rule] if rule else [])
    if rule is None:
        window_told = [window(2026, MORNING), replace(window(2026, MORNING), family=2)]
        assert forgotten(two, [*sent, *window_told]) == []
        assert forgotten(two, window_told) == ["1 群发的话1"]


def test_the_oracle_notices_papers_asked_for_while_the_answers_are_disputed() -> None:
    number = APPLIED["reference"]
    filed, contests = (
        Act(MORNING, 1, "file", APPLIED),
        Act(MORNING, 1, "contest", {"reference": number}),
    )
    words = f"{number} 还差材料：{'、'.join(PAPERS.values())}。"
    asked = Message(
        1, 1, MORNING + 3 * DAY, "reminder:1", words, (Told("documents", str(number), None),)
    )
    for acts, faults in (((filed,), 0), ((filed, contests), 1)):
        oracle = Oracle(world(*acts))
        oracle.judge([asked])
        assert len(oracle.faults["不真实的"]) == faults


def test_the_oracle_notices_what_is_said_twice() -> None:
    oracle = Oracle(world())
    oracle.judge([window(1, MORNING), window(1, MORNING + 20 * DAY)])
    assert len(oracle.faults["发了两次的"]) == 1


def test_the_oracle_notices_who_was_forgotten() -> None:
    quiet, heard = world(), window(2026, MORNING)
    assert forgotten(quiet, [heard]) == []
    assert forgotten(quiet, []) == ["1 申请时间开始"]
    booking = Act(MORNING, 1, "book", {"reference": "T26-0000-001", "session": 1})
    class_ = Session(1, "152222", date(2026, 9, 20), "每晚七点", None, 0)
    busy = replace(world(booking), sessions={1: class_})
    assert forgotten(busy, [heard]) == ["1 开课前一天 09-19"]
    told = (Told("session", "T26-0000-001", None),)
    message = replace(heard, at=local_at(date(2026, 9, 19), 10), told=told)
    assert forgotten(busy, [heard, message]) == []


def test_moments_of_the_grid() -> None:
    day = datetime(2026, 9, 7, 2, 7, tzinfo=UTC)  # 10:07 in Shanghai
    assert on_grid(day) == datetime(2026, 9, 7, 2, 15, tzinfo=UTC)
    assert on_grid(on_grid(day)) == on_grid(day)
    assert on_grid(day + timedelta(hours=13)) == datetime(2026, 9, 7, 16, tzinfo=UTC)
