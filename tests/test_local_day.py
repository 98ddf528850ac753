"""From midnight to eight in Inner Mongolia it is still yesterday in UTC; the local day counts."""

from datetime import UTC, date, datetime

import pytest

from flows.aid.flow import AID, AidApplication
from flows.checks import not_in_future
from flows.heard import Heard
from flows.local_time import local_day
from flows.ports import Lookup, PersonView
from flows.state import Frame, State
from flows.steps import Moment
from flows.words import render
from nlu.types import Intent, Understanding
from storage.db import Database
from tests.conversation import Clock, Player
from tests.engine import engine
from tests.test_conversations import prepare

FIRST_OF_MARCH = datetime(2025, 2, 28, 16, 30, tzinfo=UTC)  # 2025-03-01 00:30 in Hohhot


def moment(at: datetime) -> Moment:
    heard = Heard(Understanding("", Intent.AFFIRM, 1.0), at)
    nobody: Lookup = None  # type: ignore[assignment]  # these hooks ask nothing
    return Moment(State(), Frame(flow="aid"), heard, nobody, PersonView(), at)


def test_half_past_midnight_is_the_new_day() -> None:
    assert local_day(FIRST_OF_MARCH) == date(2025, 3, 1)
    assert local_day(datetime(2025, 2, 28, 15, 59, tzinfo=UTC)) == date(2025, 2, 28)


async def test_the_sum_told_in_a_summary_is_that_of_the_local_day() -> None:
    family = AidApplication(child_name="苏日娜", grade="高中一年级", hardship=["dibao"])
    assert AID.summary is not None
    told = "".join(render(line) for line in await AID.summary([family], moment(FIRST_OF_MARCH)))
    assert "2300" in told and "2000元" not in told


async def test_a_question_is_answered_with_the_sum_of_the_local_day(db: Database) -> None:
    player = Player(db, engine(), Clock(datetime(2024, 2, 29, 16, 30, tzinfo=UTC)))
    answer = (await player.say({"user": "初中寄宿生补助多少钱"}))[-1]
    assert "1500元（2024年春季起标准）" in answer.text and "及以前" not in answer.text


@pytest.mark.parametrize(("day", "is_too_late"), [("2025-03-02", False), ("2025-03-03", True)])
def test_a_day_is_in_the_future_by_the_local_day(day: str, is_too_late: bool) -> None:
    assert (not_in_future(day, moment(FIRST_OF_MARCH)) is not None) is is_too_late


async def test_a_session_of_yesterday_is_not_offered_after_midnight(db: Database) -> None:
    player = Player(db, engine(), Clock(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)))
    common = {"mode": "线下", "level": "零起点", "region_code": "152222", "seats": 20}
    sessions = [
        {**common, "title": "昨天开的班", "starts_on": "2026-11-23"},
        {**common, "title": "今天开的班", "starts_on": "2026-11-24"},
    ]
    await prepare(db, [dict(session) for session in sessions])
    told = ""
    for text in ("我想学普通话", "科右中旗", "打工用", "不会说", "都行", "巴特尔", "35"):
        told = "\n".join(answer.text for answer in await player.say({"user": text}))
    assert "今天开的班" in told and "昨天开的班" not in told
