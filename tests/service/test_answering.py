"""An officer's question waits in a chat: what goes to the officer, what to the bot, and back."""

from datetime import timedelta
from typing import Any

import pytest

from bot.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.models.message import OutboxMessage
from tests.conversation import Player
from tests.engine import engine
from tests.service import support as s

QUESTION = "孩子现在住在哪里？"
HOUR = timedelta(hours=1)
ANSWER_NOW, NOT_MEANT = "回答老师的问题", "不是这个意思"


class Asked:
    """A family in a chat with the bot, their case, and the officer who asks."""

    def __init__(self, db: Database) -> None:
        self.db, self.player, self.reference = db, Player(db, engine()), ""

    async def begin(self, *before: str, kind: str = "dropout") -> None:
        """Say something to the bot, then be asked by the officer."""
        await self.player.say({"user": "你好"})
        async with self.db.read() as uow:
            talk = await uow.conversations.find("rest", "u1")
            assert talk is not None
        self.who = s.Somebody(talk.person_id, talk.id)
        self.officer = await s.officer(self.db, "王丽")
        file = s.dropout if kind == "dropout" else s.application
        self.reference = await file(self.db, self.who.actor)
        for words in before:
            await self.player.say({"user": words})
        self.player.clock.at += HOUR
        ask = c.AskFamily(self.reference, text=QUESTION)
        await s.do(self.db, ask, Actor.officer(self.officer), self.player.clock.at)

    async def says(self, words: str = "", **more: Any) -> list[OutboxMessage]:
        """What is said to them after they said this."""
        return await self.player.say({"user": words, **more})

    async def notes(self) -> list[str]:
        """What went into the case as their words."""
        async with self.db.read() as uow:
            story = await uow.audit.of(self.reference)
        return [(entry.detail or {})["note"] for entry in story if entry.action == "amend"]

    async def waits(self) -> bool:
        """Whether the officer's question is open."""
        async with self.db.read() as uow:
            return await uow.inquiries.open_for(self.reference) is not None


def titles(said: list[OutboxMessage]) -> list[str]:
    return [button["title"] for message in said for button in message.buttons]


def payload(said: list[OutboxMessage], title: str) -> str:
    return str(next(b["payload"] for m in said for b in m.buttons if b["title"] == title))


async def test_an_answer_goes_to_the_officer_and_the_open_form_asks_its_question_again(
    db: Database,
) -> None:
    asked = Asked(db)
    await asked.begin("我想找个普通话班")
    first, *more = await asked.says("在包头他二叔家住着呢")
    assert first.text.startswith("收到，已经转给工作人员") and titles([first]) == [NOT_MEANT]
    assert [m.custom.get("flow") for m in more] == ["training"] and "asks" in more[0].custom
    assert await asked.notes() == ["在包头他二叔家住着呢"] and not await asked.waits()


async def test_what_the_form_asked_after_the_officer_is_answered_to_the_form(db: Database) -> None:
    asked = Asked(db)
    await asked.begin()
    form = await asked.says("我想找个普通话班")
    assert form[-1].custom["flow"] == "training" and titles(form)[-1] == ANSWER_NOW
    said = await asked.says("科右中旗")
    assert said[-1].custom["asks"] != form[-1].custom["asks"], "the form took its answer"
    assert await asked.notes() == [] and await asked.waits()
    (again,) = await asked.says(press=payload(said, ANSWER_NOW))
    assert QUESTION in again.text and again.custom["question"] == asked.reference
    told = await asked.says("在他二叔家")
    assert told[0].text.startswith("收到，已经转给") and told[-1].custom["flow"] == "training"
    assert await asked.notes() == ["在他二叔家"]


async def test_the_title_of_the_button_may_be_typed(db: Database) -> None:
    asked = Asked(db)
    await asked.begin()
    await asked.says("我想找个普通话班")
    (again,) = await asked.says(ANSWER_NOW)
    assert QUESTION in again.text


async def test_once_the_form_is_left_the_officers_question_is_put_again(db: Database) -> None:
    asked = Asked(db)
    await asked.begin()
    await asked.says("我想找个普通话班")
    said = await asked.says("算了，不报了")
    assert QUESTION in said[-1].text and ANSWER_NOW not in titles(said)
    assert (await asked.says("在姥姥家呢"))[0].text.startswith("收到，已经转给")


async def test_another_childs_report_begins_a_report(db: Database) -> None:
    asked = Asked(db)
    await asked.begin()
    said = await asked.says("我们村还有个孩子叫苏日娜，12岁，不上学了，在家放羊")
    assert said[-1].custom["flow"] == "dropout" and titles(said)[-1] == ANSWER_NOW
    assert await asked.notes() == [] and await asked.waits()


async def test_the_same_childs_story_is_the_answer(db: Database) -> None:
    asked = Asked(db)
    await asked.begin()
    said = await asked.says("巴特尔不上学了，在家放羊呢")
    assert said[0].text.startswith("收到，已经转给")


async def test_hardship_told_of_an_application_is_the_answer_not_a_second_application(
    db: Database,
) -> None:
    asked = Asked(db)
    await asked.begin(kind="aid")
    heard = {"intent": "apply_aid", "confidence": 0.95}
    said = await asked.says("家里困难，爸爸病了，想要补助", heard=heard)
    assert said[0].text.startswith("收到，已经转给")


async def test_thanks_are_no_answer_and_the_question_stays(db: Database) -> None:
    asked = Asked(db)
    await asked.begin()
    said = await asked.says("老师您好")
    assert len(said) == 1 and QUESTION in said[0].text, "no menu between question and answer"
    assert await asked.waits() and await asked.notes() == []


async def test_words_taken_by_mistake_are_heard_by_the_bot_and_the_question_waits_again(
    any_db: Database,
) -> None:
    asked = Asked(any_db)
    await asked.begin()
    taken = await asked.says("还有个事，我家老二14岁也不念了", heard={"intent": "update_case"})
    assert taken[0].text.startswith("收到，已经转给") and not await asked.waits()
    press = payload(taken, NOT_MEANT)
    said = await asked.says(press=press, heard={"intent": "report_dropout"})
    assert said[-1].custom["flow"] == "dropout" and titles(said)[-1] == ANSWER_NOW
    assert await asked.waits() and (await s.record(any_db, asked.reference)).due_at is None
    assert "不是回答" in (await s.notices(any_db, asked.officer))[-1]
    assert (await s.actions(any_db, asked.reference))[-1] == "not_answer"
    once_more = await asked.says(press=press)
    assert once_more[-1].custom["flow"] == "dropout", "a second press changes nothing"
    assert (await s.actions(any_db, asked.reference)).count("not_answer") == 1


async def test_words_nobody_understands_lead_back_to_the_question_alone(db: Database) -> None:
    asked = Asked(db)
    await asked.begin()
    taken = await asked.says("嗯呢那个啥", heard={"intent": "out_of_scope", "confidence": 0.1})
    nothing = {"intent": "out_of_scope", "confidence": 0.1}
    said = await asked.says(press=payload(taken, NOT_MEANT), heard=nothing)
    assert len(said) == 1 and QUESTION in said[0].text


async def test_of_a_settled_case_nothing_waits(db: Database) -> None:
    asked = Asked(db)
    await asked.begin(kind="aid")
    await s.do(db, c.Withdraw(asked.reference), asked.who.actor, asked.player.clock.at)
    said = await asked.says("在包头他二叔家住着呢")
    assert "已经转给" not in said[0].text and not await asked.waits()


async def replied(db: Database) -> Asked:
    """A family to whom the officer wrote, and who has been handed back to the bot."""
    asked = Asked(db)
    await asked.begin()
    await asked.says("在姥姥家住着呢")
    by, at = Actor.officer(asked.officer), asked.player.clock.at
    await s.do(db, c.Reply(asked.reference, text="周一我在校门口等"), by, at)
    await s.do(db, c.HandBack(asked.reference), by, at)
    return asked


@pytest.mark.parametrize(
    "words", ["好的，谢谢老师，他爷爷还问书本费谁出", "羊圈塌了那天怕是去不了"]
)
async def test_words_after_an_officers_reach_the_officer_when_the_bot_has_no_use_for_them(
    db: Database, words: str
) -> None:
    asked = await replied(db)
    (said,) = await asked.says(words, heard={"intent": "thank"})
    assert said.text.startswith("收到，已经转给工作人员") and titles([said]) == [NOT_MEANT]
    assert (await asked.notes())[-1] == words
    press = payload([said], NOT_MEANT)
    again = await asked.says(press=press, heard={"intent": "thank"})
    assert not any("转给" in message.text for message in again), "heard by the bot this time"


async def test_plain_thanks_after_an_officer_stay_with_the_bot(db: Database) -> None:
    asked = await replied(db)
    (said,) = await asked.says("好的谢谢", heard={"intent": "thank"})
    assert "转给" not in said.text and len(await asked.notes()) == 1


async def test_a_wish_after_an_officer_is_for_the_bot(db: Database) -> None:
    asked = await replied(db)
    said = await asked.says("我想找个普通话班")
    assert said[-1].custom["flow"] == "training" and len(await asked.notes()) == 1
