"""A filed record: what is stored, who answers for it, who hears of it."""

import pytest

from bot.errors import Conflict
from bot.rights.actor import SYSTEM
from flows.commands import DocumentRef, FileRecord
from storage.db import Database
from storage.kinds import EscalationType, RecordKind, Role
from storage.models.case import Case
from tests.service import support as s


async def test_an_application(any_db: Database) -> None:
    who = await s.person(any_db)
    reference = await s.application(any_db, who.actor)
    record = await s.record(any_db, reference)
    assert (record.kind, record.status, record.version) == ("aid_application", "submitted", 1)
    assert record.slots["id_number"] == "152222201801011234"
    assert record.due_at is not None and record.due_at > s.NOW
    assert record.name_key and record.phone_hash and record.id_hash
    async with any_db.read() as uow:
        person = await uow.people.by_phone("13948123456")
        assert person is not None and person.id == who.person_id and person.name == "乌云"
        (reminder,) = await uow.reminders.of_person(who.person_id)
    assert reminder.due_at.isoformat() == "2026-11-26T02:00:00+00:00"
    assert "户口簿" in reminder.text and "低保证" not in reminder.text


async def test_who_reported_is_kept_apart(any_db: Database) -> None:
    who = await s.person(any_db)
    record = await s.record(any_db, await s.dropout(any_db, who.actor))
    assert not {"reporter_name", "phone"} & set(record.slots)
    assert record.phone_hash is None
    async with any_db.read() as uow:
        assert isinstance(record, Case)
        reporter = await uow.records.reporter(record)
        assert reporter is not None
        assert (reporter.name, reporter.phone) == ("白音", "13847900000")


async def test_an_anonymous_report_has_no_reporter(db: Database) -> None:
    who = await s.person(db)
    reference = await s.dropout(db, who.actor, reporter_name=None, phone=None)
    record = await s.record(db, reference)
    async with db.read() as uow:
        assert isinstance(record, Case)
        assert await uow.records.reporter(record) is None


async def test_the_same_reference_twice_is_one(any_db: Database) -> None:
    who, other = await s.person(any_db), await s.person(any_db, "p2")
    command = FileRecord(RecordKind.DROPOUT_CASE, "D26-0000-000", s.DROPOUT, s.BANNER)
    assert (await s.do(any_db, command, who.actor)).changed
    again = await s.do(any_db, command, who.actor)
    assert (again.changed, again.status) == (False, "reported")
    with pytest.raises(Conflict):
        await s.do(any_db, command, other.actor)
    assert await s.actions(any_db, "D26-0000-000") == ["file", "route"]


@pytest.mark.parametrize(
    ("region", "answers", "level"),
    [
        (s.VILLAGE, "嘎查", 0),
        (s.TOWN, "苏木", 1),
        ("152222104", "旗", 2),
        ("152221", "盟", 3),
        ("150102", "管理员", 4),
        (None, "管理员", 4),
    ],
)
async def test_the_nearest_level_answers(
    db: Database, region: str | None, answers: str, level: int
) -> None:
    for name, code in (("嘎查", s.VILLAGE), ("苏木", s.TOWN), ("旗", s.BANNER), ("盟", "152200")):
        await s.officer(db, name, region=code)
    await s.officer(db, "管理员", Role.ADMIN, region="152900")
    who = await s.person(db)
    record = await s.record(db, await s.dropout(db, who.actor, region))
    async with db.read() as uow:
        answerable = await uow.officers.get(record.assigned_to_id or 0)
    assert answerable is not None and answerable.name == answers
    assert record.ladder_level == level


async def test_the_least_loaded_answers_and_all_of_the_level_hear(db: Database) -> None:
    clerk = await s.officer(db, "登记员", Role.CLERK)
    first, second = await s.officer(db, "甲"), await s.officer(db, "乙")
    who = await s.person(db)
    answerable = [
        (await s.record(db, await s.dropout(db, who.actor))).assigned_to_id for _ in range(3)
    ]
    assert answerable == [first.id, second.id, first.id]
    for officer in (clerk, first, second):
        assert len(await s.notices(db, officer)) == 3


async def test_nobody_at_all(db: Database) -> None:
    who = await s.person(db)
    record = await s.record(db, await s.dropout(db, who.actor))
    assert record.assigned_to_id is None


async def test_a_linked_officer_reads_a_neutral_line_in_the_chat(db: Database) -> None:
    chat = await s.person(db, "officer")
    await s.officer(db, "甲", conversation_id=chat.conversation_id)
    who = await s.person(db)
    reference = await s.dropout(db, who.actor)
    (text,) = await s.said(db, chat.conversation_id)
    assert reference in text and "巴**" in text
    assert "巴特尔" not in text and "13847900000" not in text and "白音" not in text


async def test_an_emergency_reaches_the_level_and_its_supervisors(db: Database) -> None:
    near = await s.officer(db, "嘎查", region=s.VILLAGE)
    clerk = await s.officer(db, "登记员", Role.CLERK, region=s.VILLAGE)
    boss = await s.officer(db, "旗主管", Role.SUPERVISOR)
    far = await s.officer(db, "盟", Role.SUPERVISOR, region="152200")
    who = await s.person(db)
    slots = {"detail": "孩子被打"}
    kind, type_ = RecordKind.ESCALATION, EscalationType.EMERGENCY
    reference = await s.file(db, who.actor, kind, slots, s.VILLAGE, type_)
    record = await s.record(db, reference)
    assert record.due_at is not None and (record.due_at - s.NOW).total_seconds() == 30 * 60
    for officer in (near, clerk, boss):
        (text,) = await s.notices(db, officer)
        assert "紧急" in text and "孩子被打" not in text
    assert await s.notices(db, far) == []


async def test_danger_in_an_unknown_place_goes_to_the_reporters_own(db: Database) -> None:
    near = await s.officer(db, "旗")
    await s.officer(db, "管理员", Role.ADMIN, region="150000")
    who = await s.person(db)
    async with db.write() as uow:
        person = await uow.people.get(who.person_id)
        assert person is not None
        person.home_region = s.TOWN
    kind, slots = RecordKind.ESCALATION, {"detail": "孩子被打"}
    danger = await s.file(db, who.actor, kind, slots, None, EscalationType.EMERGENCY)
    record = await s.record(db, danger)
    assert (record.assigned_to_id, record.region_code) == (near.id, s.TOWN)
    wish = await s.file(db, who.actor, kind, slots, None, EscalationType.HUMAN)
    assert (await s.record(db, wish)).region_code is None


async def test_papers_of_others_are_not_attached(db: Database) -> None:
    who, other = await s.person(db), await s.person(db, "p2")
    async with db.write() as uow:
        photos = [
            await uow.attachments.add(
                sha256=str(p),
                mime="image/jpeg",
                size=1,
                path="a",
                name="",
                created_at=s.NOW,
                person_id=p,
            )
            for p in (who.person_id, other.person_id)
        ]
    documents = tuple(DocumentRef(photo.id, "household_register") for photo in photos)
    command = FileRecord(
        RecordKind.AID_APPLICATION, "A26-0000-000", s.APPLICATION, s.BANNER, documents=documents
    )
    await s.do(db, command, who.actor)
    async with db.read() as uow:
        attached = await uow.attachments.of_reference("A26-0000-000")
        assert [photo.person_id for photo in attached] == [who.person_id]
        (reminder,) = await uow.reminders.of_person(who.person_id)
    assert "户口簿" not in reminder.text


async def test_the_service_itself_may_file(db: Database) -> None:
    record = await s.record(db, await s.dropout(db, SYSTEM))
    assert (record.person_id, record.conversation_id) == (None, None)
