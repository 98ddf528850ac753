"""Of a chat an officer reads what belongs to the record, nothing of the person's other matters."""

import pytest

from bot.rights.actor import Actor
from bot.web.record.talk import talk_of
from flows.commands import HandBack, Reply
from storage.db import Database
from storage.kinds import RecordKind, Role
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from tests.conversation import Player
from tests.engine import engine
from tests.service.support import do, dropout, officer

APPLY = (
    "我是苏日娜的妈妈，我叫乌云，孩子14岁，在第二中学上初二，家在科右中旗好腰苏木镇，低保户，五口人，"
    "一年收入两万，想给她申请助学金，电话13947820000"
)
NEIGHBOUR = "等一下，邻居家有个孩子不上学了，叫巴图，科右中旗好腰苏木镇，二中初二的，14岁，不想念了"
REPORTER = "十月八号没去的，我叫乌兰图雅，13947829999"


@pytest.fixture
def player(db: Database) -> Player:
    return Player(db, engine())


async def reference_of(db: Database, kind: RecordKind, type_: str | None = None) -> str:
    async with db.read() as uow:
        rows, _ = await uow.records.page(RecordQuery(kinds=(kind,), type=type_))
        return rows[0].reference


async def read(player: Player, who: Officer, reference: str) -> str:
    async with player.db.read() as uow:
        record = await uow.records.get(reference)
        assert record is not None
        talk = await talk_of(uow, who, record, player.clock.at)
        return "\n".join(line.text for line in talk)


async def both_filed(player: Player) -> tuple[str, str]:
    """An application with a dropout report, a policy question and a status asked in its middle."""
    for text in (APPLY, "同意", NEIGHBOUR, REPORTER, "后面的都不填了", "对"):
        await player.say({"user": text})
    await player.say({"user": "查进度"})
    await player.say({"user": "后面的都不填了"})
    await player.say({"user": "对"})
    await player.say({"user": "谢谢"})
    return (
        await reference_of(player.db, RecordKind.AID_APPLICATION),
        await reference_of(player.db, RecordKind.DROPOUT_CASE),
    )


async def test_an_application_shows_nothing_of_a_report_in_the_same_chat(player: Player) -> None:
    application, _ = await both_filed(player)
    clerk = await officer(player.db, "录入员", Role.CLERK)
    shown = await read(player, clerk, application)
    assert "给她申请助学金" in shown and "苏日娜的申请交上去了" in shown.replace("资助", "")
    assert "巴图" not in shown and "失学" not in shown and "13947829999" not in shown


async def test_a_report_shows_nothing_of_the_application_and_hides_who_reports(
    player: Player,
) -> None:
    _, case = await both_filed(player)
    clerk = await officer(player.db, "录入员", Role.CLERK)
    shown = await read(player, clerk, case)
    assert "邻居家有个孩子" in shown
    assert "低保户" not in shown and "乌兰图雅" not in shown and "13947829999" not in shown
    leader = await officer(player.db, "主管", Role.SUPERVISOR)
    assert "乌兰图雅" in await read(player, leader, case)


async def test_what_is_said_later_about_the_record_is_shown_with_it(player: Player) -> None:
    application, case = await both_filed(player)
    clerk = await officer(player.db, "录入员", Role.CLERK)
    await do(player.db, Reply(application, text="户口本拍清楚些"), Actor.officer(clerk))
    await player.say({"user": "好的，晚上拍"})
    await do(player.db, HandBack(application), Actor.officer(clerk))
    await player.say(
        {"user": "巴图到现在还没去上学，我又去问了", "heard": {"intent": "update_case"}}
    )
    later = await read(player, clerk, application)
    assert "户口本拍清楚些" in later and "晚上拍" in later and "我又去问了" not in later
    assert "我又去问了" in await read(player, clerk, case)


async def test_danger_in_a_form_belongs_to_its_own_case(player: Player) -> None:
    for text in (APPLY, "同意", "隔壁孩子天天被他爸打，浑身是伤", "后面的都不填了", "对"):
        await player.say({"user": text})
    await player.say({"user": "又在打孩子了，快来人"})
    application = await reference_of(player.db, RecordKind.AID_APPLICATION)
    emergency = await reference_of(player.db, RecordKind.ESCALATION, "emergency")
    clerk = await officer(player.db, "录入员", Role.CLERK)
    shown, alarm = await read(player, clerk, application), await read(player, clerk, emergency)
    assert "他爸" not in shown and "快来人" not in shown and "低保户" in shown
    assert "浑身是伤" in alarm and "快来人" in alarm and "低保户" not in alarm


async def test_a_report_that_raised_an_alarm_is_read_below_supervisor_only_once_filed(
    player: Player,
) -> None:
    await player.say({"user": "我叫乌兰图雅，我要报告一个孩子不上学了，叫巴图，14岁，打工去了"})
    emergency = await reference_of(player.db, RecordKind.ESCALATION, "emergency")
    async with player.db.write() as uow:
        record = await uow.records.get(emergency)
        assert record is not None
        record.region_code = "152222"
    clerk = await officer(player.db, "录入员", Role.CLERK)
    leader = await officer(player.db, "主管", Role.SUPERVISOR)
    assert await read(player, clerk, emergency) == ""
    assert "打工去了" in await read(player, leader, emergency)
    assert "打工去了" in record.slots["detail"] and "乌兰图雅" not in record.slots["detail"]


async def test_a_talk_about_children_of_two_banners_is_for_officers_of_both(
    player: Player,
) -> None:
    await player.say(
        {"user": "科右中旗好腰苏木镇二中初二有个孩子叫巴图，十四岁，九月初就没来上学，不想念了"}
    )
    await player.say({"user": "后面的都不填了"})
    await player.say({"user": "对"})
    case = await reference_of(player.db, RecordKind.DROPOUT_CASE)
    async with player.db.write() as uow:
        talk = await uow.conversations.find("rest", "u1")
        assert talk is not None
    near = await officer(player.db, "旗里", Role.OFFICER)
    assert "巴图" in await read(player, near, case)
    other = await _filed_elsewhere(player, talk.person_id, talk.id)
    async with player.db.write() as uow:
        (topic,) = await uow.topics.of(case)
        await uow.topics.tie(other, topic)
    assert await read(player, near, case) == ""


async def _filed_elsewhere(player: Player, person_id: int, conversation_id: int) -> str:
    return await dropout(player.db, Actor.person(person_id, conversation_id), region="150422")
