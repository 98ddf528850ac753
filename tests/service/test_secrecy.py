"""Who reported a child is not read from the words of a case by those below supervisor."""

import pytest

from bot.cases.views import record_view
from bot.rights.actor import Actor
from bot.rights.health_words import health_words_covered
from bot.rights.secrecy import reading
from flows.commands import AddNote, AmendRecord
from storage.db import Database
from storage.kinds import Role
from tests.service import support as s

WORDS = "我是白音，13847900000，孩子又去打工了"


async def test_events_cover_the_reporter_and_leave_officers_words_alone(db: Database) -> None:
    who = await s.person(db)
    clerk = await s.officer(db, "录入员", Role.CLERK)
    leader = await s.officer(db, "主管", Role.SUPERVISOR)
    case = await s.dropout(db, who.actor)
    await s.do(db, AmendRecord(case, note=WORDS), who.actor)
    await s.do(db, AddNote(case, text="监护人电话13911112222"), Actor.officer(clerk))
    async with db.read() as uow:
        record = await uow.records.get(case)
        assert record is not None
        entries = await uow.audit.of(case)
        covered, open_ = [
            str(record_view(record, entries, {}, await reading(uow, officer, [record])))
            for officer in (clerk, leader)
        ]
    assert "我是白*，138****0000，孩子又去打工了" in covered
    assert "13911112222" in covered
    assert WORDS in open_


async def test_a_clerk_reads_no_word_of_illness(db: Database) -> None:
    """The whole clause goes: what is said of the place may tell of it too."""
    who = await s.person(db)
    clerk, officer = await s.officer(db, "录入员", Role.CLERK), await s.officer(db, "甲")
    case = await s.dropout(db, who.actor)
    told = "孩子得了白血病在包头，想念书。原因：生病或残疾"
    async with db.read() as uow:
        record = await uow.records.get(case)
        assert record is not None
        read = await reading(uow, clerk, [record])
        knowing = await reading(uow, officer, [record])
    assert read(told) == "（保密），想念书。原因：（保密）"
    assert "白血病" in knowing(told)


@pytest.mark.parametrize(
    "text",
    [
        "他脑子里有毛病，大夫说养着",
        "在旗医院住院呢",
        "困难：家里有人生大病、低保",
        "腿摔断了下不了地",
    ],
)
def test_ways_of_telling_of_illness(text: str) -> None:
    assert "（保密）" in health_words_covered(text)


@pytest.mark.parametrize("text", ["在家放羊，不想念书", "家里困难，是低保户", "他爸在包头打工"])
def test_other_words_stay(text: str) -> None:
    assert health_words_covered(text) == text
