"""The checklist, paper by paper: accepted, sent back for a reason, sent again, asked only once."""

from datetime import timedelta

import pytest

from bot.cases.papers import PaperLine, missing_papers, paper_lines
from bot.errors import Conflict, Refused
from bot.rights.actor import Actor
from flows import commands as c
from flows.commands import DocumentRef
from storage.db import Database
from storage.models.officer import Officer
from tests.service import support as s

BOOK = "household_register"
FORM = "recognition_form"


async def photo(db: Database, who: s.Somebody, name: str = "1") -> int:
    async with db.write() as uow:
        row = await uow.attachments.add(
            sha256=name, mime="image/jpeg", size=1, path=name, name="",
            created_at=s.NOW, person_id=who.person_id,
        )  # fmt: skip
        return row.id


async def send(db: Database, who: s.Somebody, reference: str, document: str) -> str | None:
    ref = DocumentRef(await photo(db, who), document)
    return (await s.do(db, c.AmendRecord(reference, documents=(ref,)), who.actor)).status


async def lines(db: Database, reference: str) -> dict[str, PaperLine]:
    async with db.read() as uow:
        record = await uow.records.get(reference)
        assert record is not None
        return {line.paper.key: line for line in await paper_lines(uow, record)}


async def states(db: Database, reference: str) -> tuple[str, str]:
    found = await lines(db, reference)
    return found[FORM].state, found[BOOK].state


async def begun(db: Database) -> tuple[Officer, Actor, s.Somebody, str]:
    officer = await s.officer(db, "甲")
    who = await s.person(db)
    return officer, Actor.officer(officer), who, await s.application(db, who.actor)


async def test_each_paper_has_its_own_state(any_db: Database) -> None:
    _, by, who, reference = await begun(any_db)
    assert await states(any_db, reference) == ("missing", "missing")
    await send(any_db, who, reference, BOOK)
    assert await states(any_db, reference) == ("missing", "received")
    await s.do(any_db, c.AcceptDocument(reference, document=BOOK), by)
    await s.do(any_db, c.AcceptDocument(reference, document=FORM), by)  # seen at the school
    assert await states(any_db, reference) == ("accepted", "accepted")
    assert await s.said(any_db, who.conversation_id) == []
    async with any_db.read() as uow:
        record = await uow.records.get(reference)
        assert record is not None and await missing_papers(uow, record) == []


async def test_only_the_one_sent_back_comes_again(any_db: Database) -> None:
    officer, by, who, reference = await begun(any_db)
    await send(any_db, who, reference, FORM)
    await send(any_db, who, reference, BOOK)
    await s.do(any_db, c.AcceptApplication(reference), by)
    assert await states(any_db, reference) == ("accepted", "accepted")
    back = c.ReturnForCorrection(reference, document=BOOK, fault="blurred", reason="第二页")
    assert (await s.do(any_db, back, by)).status == "returned"
    told = (await s.said(any_db, who.conversation_id))[-1]
    assert "户口簿" in told and "看不清，第二页" in told and "窗边" in told and "申请表" not in told
    line = (await lines(any_db, reference))[BOOK]
    assert (line.state, line.reason, len(line.old)) == ("sent_back", "看不清，第二页", 1)
    assert await send(any_db, who, reference, BOOK) == "under_review"
    line = (await lines(any_db, reference))[BOOK]
    assert (line.state, line.reason, len(line.photos), len(line.old)) == ("received", "", 1, 1)
    assert "户口簿" in (await s.notices(any_db, officer))[-1]
    assert (await s.record(any_db, reference)).due_at is not None
    assert await states(any_db, reference) == ("accepted", "received")


async def test_the_status_waits_for_the_last_of_several(db: Database) -> None:
    _, by, who, reference = await begun(db)
    for document in (FORM, BOOK):
        await send(db, who, reference, document)
        back = c.ReturnForCorrection(reference, document=document, reason="缺页")
        await s.do(db, back, by)
    assert await send(db, who, reference, "other") == "returned"  # it takes the first one's place
    assert await states(db, reference) == ("received", "sent_back")
    assert await send(db, who, reference, BOOK) == "submitted"


async def test_an_answer_sent_back_is_answered_by_its_slot_or_in_words(db: Database) -> None:
    _, by, who, reference = await begun(db)
    back = c.ReturnForCorrection(reference, document="school", reason="没有这个学校")
    await s.do(db, back, by)
    assert "学校应该是" in (await s.said(db, who.conversation_id))[-1]
    note = c.AmendRecord(reference, note="更正：是第二中学")
    assert (await s.do(db, note, who.actor)).status == "submitted"
    await s.do(db, back, by)
    slot = c.AmendRecord(reference, {"school": "第二中学"})
    assert (await s.do(db, slot, who.actor)).status == "submitted"


async def test_accepting_what_was_sent_back_lets_the_application_go_on(db: Database) -> None:
    _, by, _, reference = await begun(db)
    await s.do(db, c.ReturnForCorrection(reference, document=BOOK, fault="expired"), by)
    done = await s.do(db, c.AcceptDocument(reference, document=BOOK), by)
    assert done.status == "submitted"
    assert (await states(db, reference))[1] == "accepted"


async def test_what_is_refused(db: Database) -> None:
    _, by, who, reference = await begun(db)
    with pytest.raises(Refused, match="材料清单"):
        await s.do(db, c.AcceptDocument(reference, document="成绩单"), by)
    with pytest.raises(Refused, match="原因"):
        await s.do(db, c.ReturnForCorrection(reference, document=BOOK), by)
    version = (await s.record(db, reference)).version
    await send(db, who, reference, BOOK)
    with pytest.raises(Conflict):
        await s.do(db, c.AcceptDocument(reference, version, BOOK), by)


async def test_the_reminder_names_only_what_was_sent_back(db: Database) -> None:
    _, by, who, reference = await begun(db)
    for document in (FORM, BOOK, "proof_dibao"):
        await send(db, who, reference, document)
        await s.do(db, c.AcceptDocument(reference, document=document), by)
    back = c.ReturnForCorrection(reference, document="proof_dibao", fault="expired")
    await s.do(db, back, by, s.NOW + timedelta(days=1))
    async with db.read() as uow:
        texts = [row.text for row in await uow.reminders.of_person(who.person_id)]
    assert "低保证" in texts[-1] and "户口簿" not in texts[-1]
