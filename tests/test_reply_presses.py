"""Each button under a push of each kind is answered and kept: at once, a month later, twice."""

from datetime import timedelta

import pytest

from bot.pushes.choices import choices
from storage.db import Database
from storage.kinds import ReminderKind
from storage.models.reminder import Reminder
from tests.conversation import CHANNEL, START, Player
from tests.engine import engine

ABOUT = {ReminderKind.WINDOW: "window:recognition:opens:2026"}
PLAIN = [
    (ReminderKind.WINDOW, "done", "记下了"),
    (ReminderKind.WINDOW, "apply", "同意"),
    (ReminderKind.PUBLICATION, "ok", "好的"),
    (ReminderKind.DECISION, "object", "工作人员"),
    (ReminderKind.CAMPAIGN, "declined", "不打扰"),
    (ReminderKind.CAMPAIGN, "apply", "同意"),
]


async def told(db: Database, kind: ReminderKind, about: str | None = None) -> Reminder:
    """A push of this kind, told in the conversation of u1."""
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create(CHANNEL, "u1", START)
        row = await uow.reminders.add(
            kind, talk.person_id, talk.id, START, "有件事", dedupe_key=f"x:{kind}", about=about
        )
        assert row is not None
        shown = choices([row])
        message = await uow.outbox.add(talk.id, "有件事", shown, {}, START)
        assert message is not None
        row.status, row.done_at, row.outbox_id = "fired", START, message.id
        return row


async def answer_of(db: Database, row: Reminder) -> str | None:
    async with db.read() as uow:
        found = await uow.reminders.get(row.id)
        return found.answer if found else None


@pytest.mark.parametrize(("kind", "reply", "says"), PLAIN)
async def test_a_press_is_kept_and_answered(
    db: Database, kind: ReminderKind, reply: str, says: str
) -> None:
    row = await told(db, kind, ABOUT.get(kind))
    player = Player(db, engine())
    answers = await player.say({"press": f"!reply.{reply}={row.id}"})
    assert says in "".join(answer.text for answer in answers)
    assert await answer_of(db, row) == reply


async def test_what_other_offices_take_is_explained(db: Database) -> None:
    row = await told(db, ReminderKind.WINDOW, "window:loans:opens:2026")
    answers = await Player(db, engine()).say({"press": f"!reply.apply={row.id}"})
    assert "贷款" in answers[-1].text
    assert answers[-1].custom.get("flow") is None


@pytest.mark.slow
@pytest.mark.parametrize("kind", ReminderKind)
async def test_every_button_twice_and_a_month_later(db: Database, kind: ReminderKind) -> None:
    row = await told(db, kind, ABOUT.get(kind))
    player = Player(db, engine())
    for later in (timedelta(), timedelta(days=30)):
        player.clock.at += later
        for button in choices([row]):
            for _ in range(2):
                answers = await player.say({"press": button["payload"]})
                assert answers and all(answer.text for answer in answers)
                await player.say({"user": "取消"})


async def test_the_words_of_a_push_older_than_three_days_are_heard_by_themselves(
    db: Database,
) -> None:
    row = await told(db, ReminderKind.CAMPAIGN)
    player = Player(db, engine())
    await player.say({"user": "不用了", "later": {"days": 4}})
    assert await answer_of(db, row) is None
    other = await told(db, ReminderKind.WINDOW)
    await Player(db, engine()).say({"user": "已经申请过了", "id": "second"})
    assert await answer_of(db, other) == "done"
