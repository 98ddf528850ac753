"""Work groups: a topic a case, told from the audit log, and lines written in them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import Away, Gone
from bot.groups.board import ThreadGone
from bot.groups.hearing import Said, Taken, take
from bot.groups.telling import Teller
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType, Role
from storage.models.officer import Officer
from tests.service import support as s

CHAT = -1001
LATER = timedelta(minutes=1)


class Wall:
    """A messenger with topics, in memory; `failing` is raised by the next post."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.posts: list[tuple[int, int, str]] = []
        self.closed: set[int] = set()
        self.failing: list[Exception] = []

    async def open(self, chat: int, title: str) -> int:
        self.titles.append(title)
        return len(self.titles)

    async def post(
        self, chat: int, thread: int, text: str, buttons: Sequence[dict[str, Any]]
    ) -> None:
        if self.failing:
            raise self.failing.pop()
        self.posts.append((chat, thread, text))

    async def close(self, chat: int, thread: int) -> None:
        self.closed.add(thread)

    async def reopen(self, chat: int, thread: int) -> None:
        self.closed.discard(thread)


class Office:
    """A banner's supervisor whose chat and group are tied, and the clock."""

    def __init__(self, db: Database, officer: Officer) -> None:
        self.db = db
        self.officer = officer
        self.wall = Wall()
        self.now = s.NOW
        self.teller = Teller(db, self.wall, lambda: self.now, breath=0)

    async def hear(self, text: str, thread: int | None = None, who: int = 77) -> Taken | None:
        said = Said(CHAT, who, thread, text, None, has_topics=True)
        return await take(self.db, "telegram", said, self.now)

    async def told(self) -> list[str]:
        """What the group is told a little later."""
        self.now += LATER
        before = len(self.wall.posts)
        await self.teller.tell_all()
        return [text for _, _, text in self.wall.posts[before:]]


@pytest.fixture
async def office(db: Database) -> Office:
    officer = await s.officer(db, "王主管", Role.SUPERVISOR)
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("telegram", "77", s.NOW)
        mine = await uow.officers.get(officer.id)
        assert mine is not None
        mine.conversation_id = talk.id
    tied = Office(db, officer)
    taken = await tied.hear("绑定工作群")
    assert taken is not None and taken.told is not None and "科尔沁右翼中旗" in taken.told
    return tied


async def test_each_case_has_a_topic_and_no_child_is_named(office: Office) -> None:
    village = await s.person(office.db)
    first = await s.dropout(office.db, village.actor, s.VILLAGE)
    second = await s.dropout(office.db, village.actor, child_name="小军", age=13)
    texts = await office.told()
    assert [title.split()[0] for title in office.wall.titles] == [first, second]
    assert "巴仁哲里木镇" in office.wall.titles[0]
    for text in [*texts, *office.wall.titles]:
        assert not any(secret in text for secret in ("巴特尔", "小军", "三中", "138479", "白音"))
    assert await office.told() == []


async def test_news_go_into_the_topic_which_closes_with_the_case(office: Office) -> None:
    case = await s.dropout(office.db, (await s.person(office.db)).actor)
    await office.told()
    version = (await s.record(office.db, case)).version
    note = c.AddNote(case, version, "孩子在包头舅舅家")
    await s.do(office.db, note, Actor.officer(office.officer), office.now)
    (text,) = await office.told()
    assert "王主管：备注" in text and "包头" not in text
    assert len(office.wall.titles) == 1
    async with office.db.write() as uow:
        row = await uow.records.get(case)
        assert row is not None
        row.status = "closed"
        await uow.audit.add(office.now, "system", None, "approve_close", case, None, s.BANNER)
    assert len(await office.told()) == 1
    assert office.wall.closed == {1}


async def test_complaints_and_applications_stay_out(office: Office) -> None:
    parent = (await s.person(office.db)).actor
    await s.escalation(office.db, parent, EscalationType.COMPLAINT)
    await s.application(office.db, parent)
    assert await office.told() == []
    await s.escalation(office.db, parent, EscalationType.EMERGENCY)
    assert len(await office.told()) == 1


async def test_the_narrowest_group_is_told(office: Office) -> None:
    async with office.db.write() as uow:
        await uow.groups.tie(-1002, s.TOWN, office.officer.id, 0, s.NOW)
    village = await s.person(office.db)
    await s.dropout(office.db, village.actor, s.VILLAGE)
    await s.dropout(office.db, village.actor, s.BANNER, child_name="小军")
    await office.told()
    assert sorted(chat for chat, _, _ in office.wall.posts) == [-1002, CHAT]


async def test_a_failure_loses_and_repeats_nothing(office: Office) -> None:
    actor = (await s.person(office.db)).actor
    await s.dropout(office.db, actor)
    await s.dropout(office.db, actor, child_name="小军", age=13)
    office.wall.failing = [Away(30.0)]
    assert await office.told() == []
    office.now += LATER
    texts = await office.told()
    assert len(texts) == len(set(texts)) == 2
    assert len(office.wall.titles) == 2


async def test_a_deleted_topic_is_opened_anew(office: Office) -> None:
    await s.dropout(office.db, (await s.person(office.db)).actor)
    office.wall.failing = [ThreadGone()]
    await office.told()
    assert len(await office.told()) == 1
    assert len(office.wall.titles) == 2


async def test_who_throws_the_bot_out_hears_nothing_more(office: Office) -> None:
    actor = (await s.person(office.db)).actor
    await s.dropout(office.db, actor)
    office.wall.failing = [Gone("kicked")]
    await office.told()
    await s.dropout(office.db, actor, child_name="小军", age=13)
    assert await office.told() == []


async def test_a_line_in_a_topic_needs_no_number(office: Office) -> None:
    case = await s.dropout(office.db, (await s.person(office.db)).actor)
    await office.told()
    assert await office.hear("接单", thread=1) == Taken(line=f"接单 {case}")
    wanted = Taken(line=f"家访记录 {case} 上门 奶奶 答应回学校")
    assert await office.hear("劝返记录 上门 奶奶 答应回学校", thread=1) == wanted
    assert await office.hear(f"备注 {case} 去过了", thread=9) == Taken(line=f"备注 {case} 去过了")
    assert await office.hear("看看再说", thread=1) is None
    assert await office.hear("接单", thread=1, who=78) is None


async def test_only_who_answers_for_a_unit_ties_a_group(office: Office) -> None:
    stranger = await office.hear("绑定工作群", who=78)
    assert stranger is not None and "主管" in str(stranger.told)
    plain = Said(CHAT, 77, None, "绑定工作群", None, has_topics=False)
    answer = await take(office.db, "telegram", plain, office.now)
    assert answer is not None and "话题" in str(answer.told)
    ended = await office.hear("解绑工作群")
    assert ended is not None and ended.told is not None
    await s.dropout(office.db, (await s.person(office.db)).actor)
    assert await office.told() == []
