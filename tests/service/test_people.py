"""What people say about themselves, agree to, are reminded of, and have erased."""

from datetime import timedelta

import pytest

from bot.errors import NotAllowed, Refused, WrongCode
from bot.login.codes import CODE_LASTS
from bot.rights.actor import SYSTEM, Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import PersonRole
from storage.models.case import Case
from storage.models.training import Registration
from tests.service import support as s


async def test_consent_is_a_receipt(db: Database) -> None:
    who = await s.person(db)
    command = c.RecordConsent("aid", True, "2026-11", relation="母亲")
    assert (await s.do(db, command, who.actor)).status == "granted"
    assert (await s.do(db, c.RecordConsent("aid", False, "2026-11"), who.actor)).status == "refused"
    async with db.read() as uow:
        first, last = await uow.consents.of_person(who.person_id)
    assert (first.granted, first.relation, first.channel, first.at) == (True, "母亲", "web", s.NOW)
    assert last.granted is False


async def test_updating_oneself(db: Database) -> None:
    who = await s.person(db)
    told = c.UpdatePerson(name="乌云", phone="13948123456", region=s.BANNER, role=PersonRole.CADRE)
    assert (await s.do(db, told, who.actor)).changed
    assert not (await s.do(db, c.UpdatePerson(), who.actor)).changed
    async with db.read() as uow:
        person = await uow.people.by_phone("13948123456")
    assert person is not None
    assert (person.name, person.home_region, person.role) == ("乌云", s.BANNER, "cadre")


@pytest.mark.parametrize(
    "command", [c.SwitchReminders(False), c.DeleteMyData(), c.LinkOfficer("1"), c.UpdatePerson()]
)
async def test_only_people_do_that(db: Database, command: c.Command) -> None:
    with pytest.raises(NotAllowed):
        await s.do(db, command, SYSTEM)


async def test_own_reminders(db: Database) -> None:
    who = await s.person(db)
    command = c.SetReminder("交材料", s.NOW + timedelta(days=3))
    assert (await s.do(db, command, who.actor)).changed
    assert not (await s.do(db, command, who.actor)).changed
    async with db.read() as uow:
        (reminder,) = await uow.reminders.of_person(who.person_id)
    assert (reminder.kind, reminder.text) == ("own", "您让我提醒您：交材料")


@pytest.mark.parametrize(("days", "words"), [(0, "已经过去"), (-1, "已经过去"), (400, "太远")])
async def test_moments_that_make_no_reminder(db: Database, days: int, words: str) -> None:
    who = await s.person(db)
    with pytest.raises(Refused, match=words):
        await s.do(db, c.SetReminder("x", s.NOW + timedelta(days=days)), who.actor)


async def test_the_switch(db: Database) -> None:
    who = await s.person(db)
    assert (await s.do(db, c.SwitchReminders(False), who.actor)).status == "off"
    assert not (await s.do(db, c.SwitchReminders(False), who.actor)).changed
    assert (await s.do(db, c.SwitchReminders(True), who.actor)).status == "on"


async def test_a_link_code_works_once(db: Database) -> None:
    officer = await s.officer(db, "甲")
    async with db.write() as uow:
        code = await uow.officers.add_link_code(officer.id, s.NOW + CODE_LASTS)
    chat = await s.person(db, "tg")
    assert (await s.do(db, c.LinkOfficer(f" {code} "), chat.actor)).detail == {"officer": "甲"}
    with pytest.raises(Refused, match="绑定码"):
        await s.do(db, c.LinkOfficer(code), chat.actor)
    async with db.read() as uow:
        linked = await uow.officers.get(officer.id)
    assert linked is not None and linked.conversation_id == chat.conversation_id


async def test_a_link_code_is_good_for_half_an_hour(db: Database) -> None:
    officer, chat = await s.officer(db, "甲"), await s.person(db, "tg")
    async with db.write() as uow:
        code = await uow.officers.add_link_code(officer.id, s.NOW + CODE_LASTS)
    with pytest.raises(WrongCode):
        await s.do(db, c.LinkOfficer(code), chat.actor, s.NOW + CODE_LASTS)


async def test_erasing(any_db: Database) -> None:
    by = Actor.officer(await s.officer(any_db, "甲"))
    who, other = await s.person(any_db), await s.person(any_db, "p2")
    course = await s.session(any_db)
    gone, kept = [await s.application(any_db, who.actor) for _ in range(2)]
    await s.do(any_db, c.AcceptApplication(kept), by)
    case = await s.dropout(any_db, who.actor)
    booked = (await s.book(any_db, who.actor, course)).reference or ""
    waiting = (await s.book(any_db, other.actor, course)).reference or ""
    await s.do(any_db, c.RecordConsent("aid", True, "1"), who.actor)
    await s.do(any_db, c.SetReminder("x", s.NOW + timedelta(days=1)), who.actor)
    async with any_db.write() as uow:
        talk = await uow.conversations.lock(who.conversation_id)
        talk.state = {"drafts": [{"saved_at": s.NOW.isoformat(), "child_name": "苏日娜"}]}
        await uow.inbox.accept(talk.id, "web", "m1", {"text": "苏日娜"}, s.NOW, s.NOW, s.NOW)
        first = await uow.inbox.by_external("web", "m1")
        assert first is not None
        await uow.inbox.mark_handled(first, s.NOW)
        photo = await uow.attachments.add(
            sha256="x",
            mime="image/jpeg",
            size=1,
            path="x",
            name="户口.jpg",
            created_at=s.NOW,
            person_id=who.person_id,
        )
    outcome = await s.do(any_db, c.DeleteMyData(), who.actor)
    assert set(outcome.detail["erased"]) == {gone, booked}
    assert set(outcome.detail["kept"]) == {kept, case}
    erased, frozen = await s.record(any_db, gone), await s.record(any_db, case)
    assert (erased.slots, erased.name_key, erased.phone_hash, erased.id_hash) == ({}, *[None] * 3)
    assert erased.status == "withdrawn" and erased.person_id is None
    assert frozen.slots["child_name"] == "巴特尔" and frozen.status == "reported"
    assert (frozen.person_id, frozen.conversation_id) == (None, None)
    next_in_line = await s.record(any_db, waiting)
    assert isinstance(next_in_line, Registration) and next_in_line.held_until is not None
    async with any_db.read() as uow:
        person = await uow.people.get(who.person_id)
        assert person is not None
        assert (person.name, person.phone, person.phone_hash) == (None, None, None)
        message = await uow.inbox.by_external("web", "m1")
        assert message is not None and message.payload == {}
        assert await uow.reminders.of_person(who.person_id) == []
        assert len(await uow.consents.of_person(who.person_id)) == 1
        stored = await uow.attachments.get(photo.id)
        assert stored is not None and (stored.status, stored.person_id) == ("deleted", None)
        talk_now = await uow.conversations.get(who.conversation_id)
        assert talk_now is not None and talk_now.state == {}


async def test_who_joins_two_chats_hears_of_a_window_once_and_stays_paused(db: Database) -> None:
    first, second = await s.person(db, "p1"), await s.person(db, "p2")
    await s.do(db, c.PauseReminders(s.NOW + timedelta(days=9)), second.actor)
    async with db.write() as uow:
        for who in (first, second):
            key = f"w{who.person_id}"
            await uow.reminders.add(
                "window",
                who.person_id,
                who.conversation_id,
                s.NOW + timedelta(days=20, hours=who.person_id),
                "",
                dedupe_key=key,
                about="event:recognition:opens:2026",
            )
    await s.do(db, c.OfferJoin("246810"), first.actor)
    await s.do(db, c.JoinPeople("246810"), second.actor)
    async with db.read() as uow:
        rows = await uow.reminders.of_person(first.person_id)
        person = await uow.people.get(first.person_id)
    assert sorted(row.status for row in rows) == ["suppressed", "waiting"]
    assert person is not None and person.paused_until == s.NOW + timedelta(days=9)


async def test_what_waits_to_be_sent_is_not_sent_after_a_deletion(any_db: Database) -> None:
    who, other = await s.person(any_db), await s.person(any_db, "p2")
    async with any_db.write() as uow:
        for talk, text in ((who, "苏日娜的材料缺一样"), (other, "巴特尔的材料缺一样")):
            buttons = [{"title": "苏日娜", "value": "x"}]
            await uow.outbox.add(talk.conversation_id, text, buttons, {}, s.NOW)
        leased = await uow.outbox.add(who.conversation_id, "苏日娜", [], {}, s.NOW)
        assert leased is not None
        leased.leased_until = s.NOW + timedelta(minutes=1)
    await s.do(any_db, c.DeleteMyData(), who.actor)
    async with any_db.write() as uow:
        await uow.outbox.add(who.conversation_id, "删好了", [], {}, s.NOW)
        await uow.outbox.retry_at(leased.id, s.NOW, "busy")  # who held it gives it back
        claimed = await uow.outbox.claim_due(s.NOW, timedelta(minutes=1))
        assert sorted(row.text for row in claimed) == ["删好了", "巴特尔的材料缺一样"]
        rows = await uow.outbox.after(who.conversation_id, 0)
    assert [(row.status, row.text, row.buttons) for row in rows[:-1]] == [
        ("failed", "（已删除）", []),
        ("failed", "（已删除）", []),
    ]


async def test_the_words_about_a_record_that_goes_are_gone(any_db: Database) -> None:
    who, officer = await s.person(any_db), await s.officer(any_db, "甲")
    gone = await s.application(any_db, who.actor)
    stays = await s.dropout(any_db, who.actor)
    by = Actor.officer(officer)
    for reference in (gone, stays):
        await s.do(any_db, c.AddNote(reference, text="苏日娜的爸爸在包头"), by)
        async with any_db.write() as uow:
            await uow.notices.add(officer.id, reference, "苏日娜", s.NOW)
    await s.do(any_db, c.DeleteMyData(), who.actor)
    async with any_db.read() as uow:
        details = [entry.detail for entry in await uow.audit.of(gone)]
        kept = [entry.detail for entry in await uow.audit.of(stays)]
        notices = [notice.reference for notice in await uow.notices.unseen(officer.id)]
    assert not any(details) and any("包头" in str(detail) for detail in kept)
    assert gone not in notices and stays in notices


async def test_a_report_is_kept_without_its_reporter(db: Database) -> None:
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    async with db.write() as uow:
        talk = await uow.conversations.lock(who.conversation_id)
        talk.officer_id, talk.officer_reference = 1, reference
    await s.do(db, c.DeleteMyData(), who.actor)
    case = await s.record(db, reference)
    assert isinstance(case, Case) and case.slots["child_name"] == "巴特尔"
    async with db.read() as uow:
        assert await uow.records.reporter(case) is None
        talk_now = await uow.conversations.get(who.conversation_id)
    assert talk_now is not None and talk_now.officer_id is None, "or the bot is silent for ever"
