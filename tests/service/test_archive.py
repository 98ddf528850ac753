"""Closed records and the audit log are kept for years and then removed, and that is audited."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.rights.actor import Actor
from bot.workers.events import Rules
from bot.workers.reminders import fire_due
from bot.workers.retention import purge_old
from flows import commands as c
from storage.db import Database
from storage.models.case import Case
from storage.models.fact import CaseFact
from storage.repositories.misheard import Heard
from storage.repositories.record_query import RecordQuery
from tests.service import support as s

TEN_YEARS = timedelta(days=3650)
DAY = timedelta(days=1)


async def close(db: Database, reference: str, at: datetime) -> None:
    async with db.write() as uow:
        record = await uow.records.get(reference)
        assert record is not None
        record.status, record.closed_at = "closed", at


async def references(db: Database) -> list[str]:
    async with db.read() as uow:
        rows, _ = await uow.records.page(RecordQuery(limit=100))
        return sorted(row.reference for row in rows)


async def test_the_facts_of_a_case_go_with_it(any_db: Database) -> None:
    by = Actor.officer(await s.officer(any_db, "甲"))
    case = await s.dropout(any_db, (await s.person(any_db)).actor)
    await s.do(any_db, c.LogVisit(case, met="邻居"), by)
    async with any_db.read() as uow:
        first = await uow.session.scalar(select(CaseFact.id))
    await s.do(any_db, c.LogVisit(case, met="奶奶", corrects=first), by)
    await close(any_db, case, s.NOW)
    await purge_old(any_db, s.NOW + TEN_YEARS, Rules())
    assert await references(any_db) == []
    async with any_db.read() as uow:
        assert (await uow.session.scalars(select(CaseFact.id))).all() == []


async def test_a_closed_case_goes_with_all_that_belongs_to_it(
    any_db: Database, tmp_path: Path
) -> None:
    await s.officer(any_db, "甲")
    who, other = await s.person(any_db), await s.person(any_db, "p2")
    case, open_case = await s.dropout(any_db, who.actor), await s.dropout(any_db, other.actor)
    await s.do(any_db, c.AmendRecord(case, note="他叔叔叫白音"), who.actor)
    await s.do(any_db, c.JoinRecord(case, "D26-0000-013", "巴特尔", "也知道"), other.actor)
    (tmp_path / "x.jpg").write_bytes(b"x")
    async with any_db.write() as uow:
        photo = await uow.attachments.add(
            sha256="x",
            mime="image/jpeg",
            size=1,
            path="x.jpg",
            name="户口.jpg",
            created_at=s.NOW,
            person_id=who.person_id,
            reference=case,
        )
    await close(any_db, case, s.NOW)
    rules = Rules(files=tmp_path)
    await purge_old(any_db, s.NOW + TEN_YEARS - DAY, rules)
    assert await references(any_db) == sorted([case, open_case])
    events = await purge_old(any_db, s.NOW + TEN_YEARS, rules)
    assert "清理过期的个案1份" in [event.text for event in events]
    assert await references(any_db) == [open_case]
    assert not (tmp_path / "x.jpg").exists()
    async with any_db.read() as uow:
        assert await uow.receipts.get("D26-0000-013") is None
        assert await uow.attachments.get(photo.id) is None
        trail = await uow.audit.of(case)
        kept = await uow.records.get(open_case)
        assert isinstance(kept, Case) and await uow.records.reporter(kept) is not None
        assert [entry.action for entry in await uow.audit.of(open_case)][:1] == ["file"]
    assert [(entry.action, entry.detail or {}) for entry in trail] == [("purge_record", {})]


@pytest.mark.parametrize(("status", "stays"), [("reported", True), ("closed", False)])
async def test_an_open_case_is_never_removed(db: Database, status: str, stays: bool) -> None:
    case = await s.dropout(db, (await s.person(db)).actor)
    async with db.write() as uow:
        record = await uow.records.get(case)
        assert record is not None
        record.status = status
        record.closed_at = None if stays else s.NOW
    await purge_old(db, s.NOW + 2 * TEN_YEARS)
    assert (await references(db) == [case]) is stays
    async with db.read() as uow:
        assert ("file" in [entry.action for entry in await uow.audit.of(case)]) is stays


async def test_words_in_the_log_go_with_the_record_before_the_log_itself(db: Database) -> None:
    who = await s.person(db)
    case = await s.dropout(db, who.actor)
    await s.do(db, c.AmendRecord(case, note="他叔叔叫白音"), who.actor)
    await close(db, case, s.NOW)
    rules = Rules(records=timedelta(days=400), audit=timedelta(days=900))
    await purge_old(db, s.NOW + timedelta(days=400), rules)
    async with db.read() as uow:
        trail = await uow.audit.of(case)
    assert [entry.action for entry in trail] == ["file", "route", "amend", "purge_record"]
    assert not any(entry.detail for entry in trail)


async def test_a_person_of_whom_nothing_is_left_is_forgotten(db: Database) -> None:
    silent, busy = await s.person(db), await s.person(db, "p2")
    for who in (silent, busy):
        await s.do(db, c.UpdatePerson(name="乌云", phone="13948123456"), who.actor)
    await s.dropout(db, busy.actor)
    await purge_old(db, s.NOW + timedelta(days=731))
    async with db.read() as uow:
        people = [await uow.people.get(who.person_id) for who in (silent, busy)]
    assert [person.name for person in people if person] == [None, "乌云"]
    assert [person.phone for person in people if person] == [None, s.DROPOUT["phone"]]


async def test_the_words_of_a_reminder_go_with_the_messages(db: Database) -> None:
    who = await s.person(db)
    await s.do(db, c.SetReminder("去医院复查", s.NOW + DAY), who.actor)
    await fire_due(db, s.NOW + 2 * DAY)
    await s.do(db, c.SetReminder("去医院复查", s.NOW + 300 * DAY), who.actor)
    rules = Rules()
    await purge_old(db, s.NOW + 2 * DAY + rules.messages, rules)
    async with db.read() as uow:
        rows = await uow.reminders.of_person(who.person_id)
    assert [(row.status, bool(row.text)) for row in rows] == [("fired", False), ("waiting", True)]


async def test_sentences_that_nobody_judged_go_and_what_was_judged_stays(db: Database) -> None:
    old, late = date(2024, 1, 1), date(2026, 11, 1)
    async with db.write() as uow:
        for text, day in (("旧话", old), ("判过的旧话", old), ("新话", late)):
            await uow.misheard.note(Heard(text, "not_understood", "deny", 0.3), "152222", day)
        for row in await uow.misheard.page("waiting", "15", False):
            if row.text == "判过的旧话":
                row.status = "labelled"
    await purge_old(db, s.NOW)
    async with db.read() as uow:
        waiting = await uow.misheard.page("waiting", "15", False)
        assert [row.text for row in waiting] == ["新话"]
        assert await uow.misheard.count("labelled", "15", False) == 1
