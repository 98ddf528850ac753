"""One message, one transaction: redelivery, bursts, crashes between any two steps, parking."""

import asyncio
import errno
from datetime import timedelta

import pytest

from bot.cases import references
from bot.channels.base import Inbound
from bot.clock import local_day
from bot.config import Config
from bot.login.codes import MISSES_FORGOTTEN, MOST_MISSES
from bot.turns.intake import MOST_DEATHS, Intake
from flows.words import find
from nlu.types import Context, Understanding
from storage.db import Database
from storage.models.application import Application
from storage.models.case import Case
from storage.repositories.record_query import RecordQuery
from tests.conversation import Clock, Player
from tests.engine import engine

STEPS = (
    "claim",
    "claimed",
    "understand",
    "turn",
    "flow",
    "commands",
    "before_commit",
    "after_commit",
)
REPORT = (
    "我们科右中旗好腰苏木镇二中初二有个孩子叫小军，今年十四岁，九月初就没来上学，不想念了",
    "后面的都不填了",
)


class Crash(BaseException):
    """The process dies; no handler of ours may catch it."""


class Broken:
    """An engine that always fails."""

    def understand(self, text: str, context: Context) -> Understanding:
        raise RuntimeError("broken")


async def records(db: Database) -> list[Application | Case]:
    async with db.read() as uow:
        rows, _ = await uow.records.page(RecordQuery(limit=200))
        return [row for row in rows if isinstance(row, Application | Case)]


async def texts(db: Database, who: str = "u1") -> list[str]:
    async with db.read() as uow:
        conversation = await uow.conversations.find("rest", who)
        assert conversation is not None
        return [row.text for row in await uow.outbox.after(conversation.id, 0)]


def message(number: int, text: str, clock: Clock, who: str = "u1") -> Inbound:
    return Inbound("rest", who, f"{who}-{number}", clock.at, text=text)


async def drain(intake: Intake) -> None:
    while await intake.handle_next():
        pass


async def reported(player: Player) -> None:
    for text in REPORT:
        await player.say({"user": text})


async def test_the_same_update_five_times_is_one_message(any_db: Database) -> None:
    player = Player(any_db, engine())
    await reported(player)
    yes = Inbound("rest", "u1", "the-yes", player.clock.at, text="对")
    first = await player.intake.answer(yes)
    for _ in range(4):
        again = await player.intake.answer(yes)
        assert [row.id for row in again] == [row.id for row in first]
    assert len(await records(any_db)) == 1


async def test_a_burst_is_answered_in_order(any_db: Database) -> None:
    clock = Clock()
    intake = Intake(any_db, engine(), Config(), clock)
    for number, text in enumerate(("我要报告一个孩子不上学了", "小军", "科右中旗好腰苏木镇"), 1):
        assert await intake.accept(message(number, text, clock))
    await asyncio.gather(*(drain(intake) for _ in range(3)))
    said = await texts(any_db)
    assert [said[1].splitlines()[-1], *said[2:]] == [
        find("dropout.child_name"),
        find("dropout.region"),
        find("dropout.school").format(who="小军"),
    ]


@pytest.mark.parametrize("step", STEPS)
async def test_a_crash_between_any_two_steps_loses_and_repeats_nothing(
    step: str, any_db: Database
) -> None:
    player = Player(any_db, engine())
    await reported(player)
    before = len(await texts(any_db))

    def die(name: str) -> None:
        if name == step:
            raise Crash

    player.on_step = die
    yes = message(99, "对", player.clock)
    await player.intake.accept(yes)
    with pytest.raises(Crash):
        await player.intake.handle_next()

    player.on_step = lambda _: None
    player.clock.at += timedelta(minutes=5)  # the lease of the dead worker ends
    await drain(player.intake)
    assert len(await records(any_db)) == 1
    assert len(await texts(any_db)) == before + 1


async def test_a_message_that_always_fails_is_parked_and_apologised_for(any_db: Database) -> None:
    clock = Clock()
    async with any_db.write() as uow:
        admin = await uow.officers.add(
            name="管理员",
            role="admin",
            region_code="150000",
            password_hash="x",
            now=clock.at,
        )
    intake = Intake(any_db, Broken(), Config(), clock)
    await intake.accept(message(1, "你好", clock))
    for _ in range(6):
        clock.at += timedelta(minutes=2)
        await drain(intake)
    async with any_db.read() as uow:
        parked = await uow.inbox.parked()
        notices = await uow.notices.unseen(admin.id)
    assert [row.attempts for row in parked] == [3]
    assert len(notices) == 1
    assert await texts(any_db) == [find("common.apology")]

    working = Intake(any_db, engine(), Config(), clock)
    await working.answer(message(2, "你好", clock))
    assert len(await texts(any_db)) == 2, "the next message is not held up"


async def test_a_message_that_kills_the_process_every_time_is_parked(any_db: Database) -> None:
    clock = Clock()

    def die(name: str) -> None:
        if name == "claimed":
            raise Crash

    intake = Intake(any_db, engine(), Config(), clock, die)
    await intake.accept(message(1, "你好", clock))
    for _ in range(MOST_DEATHS):
        clock.at += timedelta(minutes=5)
        with pytest.raises(Crash):
            await intake.handle_next()
    async with any_db.read() as uow:
        assert await uow.inbox.parked() == []
    clock.at += timedelta(minutes=5)
    calm = Intake(any_db, engine(), Config(), clock)
    await drain(calm)
    async with any_db.read() as uow:
        assert len(await uow.inbox.parked()) == 1


class Full:
    """Understands once there is room on the disk again."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def understand(self, text: str, context: Context) -> Understanding:
        self.failures -= 1
        if self.failures >= 0:
            raise OSError(errno.ENOSPC, "no space left on device")
        return engine().understand(text, context)


@pytest.mark.slow
async def test_an_outage_is_not_counted_against_the_message(db: Database) -> None:
    clock = Clock()
    intake = Intake(db, Full(failures=9), Config(), clock)
    await intake.accept(message(1, "你好", clock))
    for _ in range(10):
        clock.at += timedelta(minutes=2)
        await drain(intake)
    async with db.read() as uow:
        row = await uow.inbox.by_external("rest", "u1-1")
        assert row is not None and (row.status, row.attempts) == ("handled", 1)
    assert find("common.apology") not in await texts(db)


async def test_days_count_from_the_moment_a_message_was_sent(db: Database) -> None:
    player = Player(db, engine())
    sent = player.clock.at
    await player.intake.accept(message(1, "小军昨天起就不来上学了，初二", player.clock))
    player.clock.at += timedelta(days=3)  # the service was down
    await drain(player.intake)
    async with db.read() as uow:
        conversation = await uow.conversations.find("rest", "u1")
        assert conversation is not None
        slots = conversation.state["stack"][0]["items"][0]["slots"]
    assert (
        slots["absent_since"] == (sent + timedelta(hours=8) - timedelta(days=1)).date().isoformat()
    )


async def test_the_bot_is_silent_while_an_officer_talks(db: Database) -> None:
    player = Player(db, engine())
    await reported(player)
    await player.say({"user": "对"})
    record = (await records(db))[0]
    async with db.write() as uow:
        conversation = await uow.conversations.find("rest", "u1")
        assert conversation is not None
        conversation.officer_id, conversation.officer_reference = 1, record.reference
    assert await player.say({"user": "孩子今天回来了一趟"}) == []
    async with db.read() as uow:
        notes = [(entry.detail or {}).get("note") for entry in await uow.audit.of(record.reference)]
    assert "孩子今天回来了一趟" in notes
    answers = await player.say({"user": "他爸打他，往死里打，快救救孩子"})
    assert any("110" in answer.text for answer in answers), "danger is answered all the same"


async def test_a_message_waiting_behind_a_deletion_is_still_answered(any_db: Database) -> None:
    player = Player(any_db, engine())
    await player.say({"user": "我想申请助学金，孩子叫苏日娜"})
    await player.say({"user": "删除我的个人信息"})
    for number, text in enumerate(("对，删掉", "你好"), 50):
        await player.intake.accept(message(number, text, player.clock))
    await drain(player.intake)
    assert find("delete.done") in await texts(any_db)
    async with any_db.read() as uow:
        assert await uow.inbox.parked() == []
        last = await uow.inbox.by_external("rest", "u1-51")
        assert last is not None and await uow.outbox.for_inbox(last.id)


async def test_a_message_that_cannot_be_read_back_holds_nobody_up(any_db: Database) -> None:
    clock = Clock()
    intake = Intake(any_db, engine(), Config(), clock)
    await intake.accept(message(1, "你好", clock, "u2"))
    async with any_db.write() as uow:
        row = await uow.inbox.by_external("rest", "u2-1")
        assert row is not None
        row.payload = {"no": "message"}
    assert await intake.answer(message(2, "你好", clock))
    await drain(intake)
    async with any_db.read() as uow:
        assert [row.external_id for row in await uow.inbox.parked()] == ["u2-1"]


async def test_a_refused_change_puts_the_open_form_aside(db: Database) -> None:
    player = Player(db, engine())
    await reported(player)
    (refusal,) = await player.say({"user": "绑定 99999999"})
    assert "编号" not in refusal.text
    async with db.read() as uow:
        conversation = await uow.conversations.find("rest", "u1")
        assert conversation is not None
        (draft,) = conversation.state["drafts"]
    assert draft["frame"]["items"][0]["slots"]["child_name"] == "小军"


async def test_codes_cannot_be_guessed(db: Database) -> None:
    player = Player(db, engine())
    async with db.write() as uow:
        officer = await uow.officers.add(
            name="甲", role="officer", region_code="152222", now=player.clock.at
        )
        code = await uow.officers.add_link_code(officer.id, player.clock.at + timedelta(hours=9))
    for number in range(MOST_MISSES):
        assert "不对" in (await player.say({"user": f"绑定 0000000{number}"}))[-1].text
    (told,) = await player.say({"user": f"绑定 {code}"})
    assert "过一个小时" in told.text
    player.clock.at += MISSES_FORGOTTEN
    assert "绑定好了" in (await player.say({"user": f"绑定 {code}"}))[-1].text


async def test_a_taken_reference_is_tried_again_with_another(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = Player(db, engine())
    numbers = iter(("D26-1000-009", "D26-1000-009", "D26-2000-008"))
    monkeypatch.setattr(references, "new_reference", lambda *_, **__: next(numbers))
    for who, name in (("u1", "小军"), ("u9", "小红")):
        for text in (REPORT[0].replace("小军", name), REPORT[1], "对"):
            await player.say({"user": text}, who)
    assert sorted(row.reference for row in await records(db)) == ["D26-1000-009", "D26-2000-008"]


async def test_an_identity_number_stays_in_the_record_only(db: Database) -> None:
    player = Player(db, engine())
    await player.say({"user": "你好，孩子身份证号15222220180101123X"})
    async with db.read() as uow:
        row = await uow.inbox.get(1)
    assert row is not None and row.payload["text"] == "你好，孩子身份证号**************123X"


async def test_a_shared_phone_and_place_reach_the_officer(db: Database) -> None:
    player = Player(db, engine())
    await reported(player)
    await player.say({"user": "对"})
    record = (await records(db))[0]
    async with db.write() as uow:
        conversation = await uow.conversations.find("rest", "u1")
        assert conversation is not None
        conversation.officer_id, conversation.officer_reference = 1, record.reference
    shared = Inbound(
        "rest", "u1", "c1", player.clock.at, phone="13812345678", location=(45.06, 121.48)
    )
    await player.intake.answer(shared)
    async with db.read() as uow:
        note = [(entry.detail or {}).get("note") for entry in await uow.audit.of(record.reference)]
    assert note[-1] == "电话：13812345678\n位置：45.06000，121.48000"


async def test_an_alarm_from_a_report_does_not_tell_who_reports(db: Database) -> None:
    player = Player(db, engine())
    text = REPORT[0].replace("不想念了", "去包头打工了")
    await player.say({"user": f"{text}，我的电话13812345678"})
    (alarm,) = await records(db)
    assert alarm.kind == "escalation" and alarm.slots["child_name"] == "小军"
    assert "phone" not in alarm.slots


async def test_questions_are_counted_as_they_are_asked_and_answered(any_db: Database) -> None:
    player = Player(any_db, engine())
    await reported(player)
    day = local_day(player.clock.at)
    async with any_db.read() as uow:
        counts = await uow.questions.between(day, day)
    assert counts["dropout", "confirm"] == (1, 0)
    await player.say({"user": "对"})
    async with any_db.read() as uow:
        counts = await uow.questions.between(day, day)
    assert counts["dropout", "confirm"] == (1, 1)
    assert all(answered <= asked for asked, answered in counts.values())
