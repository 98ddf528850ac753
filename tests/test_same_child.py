"""One child told of by two people: one record, and nobody hears the number of somebody else."""

import re

import pytest

from bot.rights.secrecy import reading
from storage.db import Database
from storage.kinds import Role
from storage.models.message import OutboxMessage
from storage.repositories.record_query import RecordQuery
from tests.conversation import Player
from tests.engine import engine
from tests.service.support import officer

REPORT = "科右中旗好腰苏木镇二中初二有个孩子叫巴图，14岁，十月八号起不上学了，不想念了，我叫{name}"
APPLY = (
    "我给苏日娜申请助学金，她14岁，在第二中学上初二，家在科右中旗好腰苏木镇，低保户，五口人，"
    "一年收入两万，我叫{name}，我是她{who}，电话{phone}"
)
MOTHER = APPLY.format(name="乌云", who="妈妈", phone="13947820000")
AUNT = APPLY.format(name="其木格", who="大姨", phone="13947820009")


@pytest.fixture
def player(db: Database) -> Player:
    return Player(db, engine())


async def tell(player: Player, who: str, *texts: str) -> list[OutboxMessage]:
    return [answer for text in texts for answer in await player.say({"user": text}, who)]


async def report(player: Player, who: str, name: str) -> list[OutboxMessage]:
    return await tell(player, who, REPORT.format(name=name), "后面的都不填了", "对")


def filed(answers: list[OutboxMessage]) -> dict[str, object]:
    (one,) = [f for answer in answers for f in answer.custom.get("filed", [])]
    return dict(one)


def words(answers: list[OutboxMessage]) -> str:
    return "\n".join(f"{a.text} {a.custom} {a.buttons}" for a in answers)


async def test_a_stranger_gets_a_receipt_and_never_the_number(player: Player) -> None:
    first = str(filed(await report(player, "teacher", "白音"))["reference"])
    answers = await report(player, "neighbour", "乌兰")
    mine = filed(answers)
    assert mine["linked"] is True and mine["kind"] == "dropout_case"
    assert re.fullmatch(r"D\d\d-\d{4}-\d{3}", str(mine["reference"])) and mine["reference"] != first
    assert first not in words(answers) and "白音" not in words(answers)
    asked = await tell(player, "neighbour", "查进度", f"{first}到哪一步了")
    assert f"{mine['reference']}），您说的已经交给工作人员了" in words(asked)
    assert "核实" not in words(asked)
    async with player.db.read() as uow:
        rows, _ = await uow.records.page(RecordQuery(limit=10))
        by_receipt, _ = await uow.records.page(RecordQuery(reference=str(mine["reference"])))
    assert [row.reference for row in rows] == [row.reference for row in by_receipt] == [first]


async def test_the_office_reads_what_the_second_one_said_and_not_who(player: Player) -> None:
    first = str(filed(await report(player, "teacher", "白音"))["reference"])
    await report(player, "neighbour", "乌兰")
    async with player.db.read() as uow:
        joined = [entry for entry in await uow.audit.of(first) if entry.action == "join"]
    note = str((joined[0].detail or {})["note"])
    assert "年龄：14岁；" in note and "原因：不想念" in note
    assert "乌兰" not in note and "=" not in note and "None" not in note


async def test_a_receipt_is_good_for_more_news_and_told_again(player: Player) -> None:
    first = str(filed(await report(player, "teacher", "白音"))["reference"])
    receipt = filed(await report(player, "neighbour", "乌兰"))["reference"]
    again = await report(player, "neighbour", "乌兰")
    assert filed(again)["reference"] == receipt and first not in words(again)
    news = {"user": f"{receipt}，我昨天又去他家了，还是不肯去", "heard": {
        "intent": "update_case",
        "entities": [{"entity": "case_number", "value": receipt}],
    }}  # fmt: skip
    added = await player.say(news, "neighbour")
    assert str(receipt) in words(added) and first not in words(added)
    async with player.db.read() as uow:
        notes = [str((entry.detail or {}).get("note")) for entry in await uow.audit.of(first)]
    assert any("还是不肯去" in note for note in notes)
    clerk = await officer(player.db, "录入员", Role.CLERK)
    async with player.db.read() as uow:
        record = await uow.records.get(first)
        assert record is not None
        read = await reading(uow, clerk, [record])
    assert read("白音和乌兰都去过") == "白*和乌*都去过"


async def test_who_filed_it_sees_their_own_number_again(player: Player) -> None:
    first = filed(await report(player, "teacher", "白音"))
    assert filed(await report(player, "teacher", "白音")) == {**first, "linked": True}


async def test_an_aunt_may_send_papers_but_takes_back_nothing(player: Player) -> None:
    first = filed(await tell(player, "mother", MOTHER, "同意", "后面的都不填了", "对"))
    answers = await tell(player, "aunt", AUNT, "同意", "后面的都不填了", "对")
    number = str(first["reference"])
    assert filed(answers)["linked"] is True and number not in words(answers)
    photo = await player.say({"photos": 1}, "aunt")
    assert number not in words(photo)
    async with player.db.read() as uow:
        assert len(await uow.attachments.of_reference(number)) == 1
    back = await tell(player, "aunt", "我要撤回申请", "对")
    assert number not in words(back)
    async with player.db.read() as uow:
        record = await uow.records.get(number)
        assert record is not None and record.status == "submitted"


async def test_after_a_deletion_the_receipt_is_nobodys(player: Player) -> None:
    await report(player, "teacher", "白音")
    receipt = filed(await report(player, "neighbour", "乌兰"))["reference"]
    await tell(player, "neighbour", "删除我的信息", "对")
    asked = await tell(player, "neighbour", f"{receipt}到哪一步了")
    assert "交给工作人员了" not in words(asked)
    async with player.db.read() as uow:
        row = await uow.receipts.get(str(receipt))
        assert row is not None and (row.person_id, row.name) == (None, "")
