"""Who reported a child is not read from the words of a case by those below supervisor."""

from bot.actor import Actor
from bot.secrecy import reading
from bot.views import record_view
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
