"""A photo sent back by the office, sent again in the chat without a word: it finds its place."""

from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from tests.conversation import CHANNEL, START, Player
from tests.engine import engine
from tests.service import support as s
from tests.service.test_papers import BOOK, FORM, send, states


async def test_a_photo_in_the_chat_finds_the_application_that_waits(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "甲"))
    player = Player(db, engine())
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create(CHANNEL, "u1", START)
        who = s.Somebody(talk.person_id, talk.id)
    first = await s.application(db, who.actor)
    await s.application(db, who.actor, child_name="那日苏")
    await send(db, who, first, FORM)
    await send(db, who, first, BOOK)
    await s.do(db, c.ReturnForCorrection(first, document=BOOK, fault="blurred"), by)
    answers = await player.say({"photos": 1, "later": {"hours": 1}})
    assert first in "".join(answer.text for answer in answers)
    assert await states(db, first) == ("received", "received")
    assert (await s.record(db, first)).status == "submitted"
