"""What lands on the officers' list of sentences that were not understood, and what never does."""

from typing import Any

import pytest

from storage.db import Database
from storage.models.misheard import Misheard
from tests.conversation import Player
from tests.engine import engine
from tests.service.support import officer

BEGINS_AID: dict[str, Any] = {
    "user": "乌日娜上初中那个钱在哪学",
    "heard": {
        "intent": "apply_aid",
        "confidence": 0.7,
        "ranking": [["apply_aid", 0.7], ["find_training", 0.2]],
    },
}
LOST: dict[str, Any] = {
    "user": "王小明他爸嘚吧嘚吧",
    "heard": {
        "intent": "complain",
        "confidence": 0.2,
        "ranking": [["complain", 0.2], ["greet", 0.1]],
    },
}
TWO: dict[str, Any] = {
    "user": "学普通话有补助吗",
    "heard": {
        "intent": "find_training",
        "confidence": 0.44,
        "ranking": [["find_training", 0.44], ["apply_aid", 0.41]],
    },
}


async def listed(db: Database, *turns: dict[str, Any]) -> list[Misheard]:
    """The list after a talk."""
    player = Player(db, engine())
    for turn in turns:
        await player.say(turn)
    async with db.read() as uow:
        return list(await uow.misheard.page("waiting", "150000", True))


async def test_a_sentence_that_nobody_understood(db: Database) -> None:
    [row] = await listed(db, LOST, LOST)
    assert (row.text, row.reason, row.times) == ("〔姓名〕他爸嘚吧嘚吧", "not_understood", 2)
    assert (row.guess, row.confidence, row.runner_up) == ("complain", 0.2, "greet")
    assert (row.region_code, row.first_on.isoformat()) == ("150000", "2026-11-23")


async def test_nothing_leads_back_to_the_speaker() -> None:
    columns = {column.name for column in Misheard.__table__.columns}
    assert not columns & {"person_id", "conversation_id", "inbox_id", "channel", "address", "at"}


@pytest.mark.parametrize(
    "protest", ["不是这个意思", "你理解错了", "我没问这个", "我不是说这个，你弄错了"]
)
async def test_what_the_person_says_was_not_meant(db: Database, protest: str) -> None:
    [row] = await listed(db, BEGINS_AID, {"user": protest})
    assert (row.text, row.reason) == ("〔姓名〕上初中那个钱在哪学", "corrected")
    assert (row.guess, row.runner_up) == ("apply_aid", "find_training")


async def test_a_form_given_up_at_once(db: Database) -> None:
    [row] = await listed(db, BEGINS_AID, {"press": "!cmd=cancel"})
    assert (row.reason, row.guess) == ("corrected", "apply_aid")


async def test_a_form_given_up_later_was_understood(db: Database) -> None:
    agreed = {"user": "同意", "heard": {"intent": "affirm"}}
    assert await listed(db, BEGINS_AID, agreed, {"press": "!cmd=cancel"}) == []


async def test_consent_refused_is_no_misunderstanding(db: Database) -> None:
    assert await listed(db, BEGINS_AID, {"press": "!aid.consent=no"}) == []


@pytest.mark.parametrize(
    "other", [{"user": "2"}, {"user": "申请学生资助"}, {"press": "!start=apply_aid"}]
)
async def test_the_less_likely_of_two_chosen(db: Database, other: dict[str, Any]) -> None:
    [row] = await listed(db, TWO, other)
    assert (row.text, row.reason) == ("学普通话有补助吗", "corrected")
    assert (row.guess, row.chosen) == ("find_training", "apply_aid")


async def test_the_likelier_of_two_chosen(db: Database) -> None:
    assert await listed(db, TWO, {"user": "第一个"}) == []


async def test_a_button_after_a_miss_says_what_was_meant(db: Database) -> None:
    [row] = await listed(db, LOST, {"press": "!start=report_dropout"})
    assert (row.reason, row.chosen, row.times) == ("not_understood", "report_dropout", 1)


async def test_two_misses_in_a_form_but_no_answer_about_persons(db: Database) -> None:
    unheard = {"user": "嗯那啥咋说来着", "heard": {"confidence": 0.3}}
    agreed = {"user": "同意", "heard": {"intent": "affirm"}}
    name = {"user": "哎那啥咋写来着", "heard": {"confidence": 0.3}}
    begins = {"user": "申请助学金", "heard": {"intent": "apply_aid"}}
    rows = await listed(
        db, begins, unheard, {**unheard, "user": "哎呀那啥"}, agreed, name, name, name
    )
    assert [row.text for row in rows] == ["哎呀那啥"]


async def test_never_from_an_emergency(db: Database) -> None:
    alarm = {"user": "有人往死里打孩子"}
    assert await listed(db, alarm, LOST, LOST, {"user": "不是这个意思"}) == []


async def test_never_while_an_officer_talks(db: Database) -> None:
    player = Player(db, engine())
    await player.say({"user": "你好", "heard": {"intent": "greet"}})
    who = await officer(db, "王老师")
    async with db.write() as uow:
        talk = await uow.conversations.find("rest", "u1")
        assert talk is not None
        talk.officer_id = who.id
    await player.say(LOST)
    async with db.write() as uow:
        talk = await uow.conversations.find("rest", "u1")
        assert talk is not None
        talk.officer_id = None
    await player.say({"user": "不是这个意思", "heard": {"intent": "deny"}})
    async with db.read() as uow:
        rows = await uow.misheard.page("waiting", "150000", True)
        assert "〔姓名〕他爸嘚吧嘚吧" not in [row.text for row in rows]


async def test_the_banner_is_kept_and_no_smaller_place(db: Database) -> None:
    player = Player(db, engine())
    await player.say({"user": "你好", "heard": {"intent": "greet"}})
    async with db.write() as uow:
        talk = await uow.conversations.find("rest", "u1")
        assert talk is not None
        person = await uow.people.get(talk.person_id)
        assert person is not None
        person.home_region = "152222103201"
    await player.say(LOST)
    async with db.read() as uow:
        [row] = await uow.misheard.page("waiting", "152222", False)
        assert row.region_code == "152222"
