"""The same thing is not said from two sides, and one's own reminder opens no door to a push."""

from datetime import date, time, timedelta

from bot.clock import at_local
from bot.rights.actor import Actor
from bot.workers.reminders import fire_due
from flows import commands as c
from storage.db import Database
from storage.kinds import RecordKind, ReminderKind, Role
from storage.models.reminder import Reminder
from tests.service import support as s

DAY = timedelta(days=1)
FILED = at_local(date(2026, 11, 23), time(10))


async def waiting(db: Database, who: s.Somebody) -> list[Reminder]:
    async with db.read() as uow:
        return await uow.reminders.of_person(who.person_id, waiting_only=True)


async def test_a_paper_sent_back_starts_one_row_of_reminders_anew(db: Database) -> None:
    who, officer = await s.person(db), await s.officer(db, "o", role=Role.ADMIN, region="15")
    reference = await s.application(db, who.actor)
    assert len(await fire_due(db, FILED + 3 * DAY)) == 1
    (second,) = await waiting(db, who)
    back = c.ReturnForCorrection(reference, document="recognition_form", reason="看不清")
    await s.do(db, back, Actor.officer(officer), FILED + 8 * DAY)
    (again,) = await waiting(db, who)
    assert again.due_at == FILED + 11 * DAY != second.due_at


async def test_another_moment_stands_in_for_what_would_come_next(db: Database) -> None:
    who = await s.person(db)
    await s.application(db, who.actor)
    await fire_due(db, FILED + 3 * DAY)
    told = {row.status: row for row in await all_of(db, who)}["fired"]
    tomorrow = c.AnswerReminder(told.id, "later", FILED + 4 * DAY)
    await s.do(db, tomorrow, who.actor, FILED + 3 * DAY + timedelta(hours=1))
    assert [row.due_at for row in await waiting(db, who)] == [FILED + 4 * DAY]
    for days in (4, 11, 18, 25):
        await fire_due(db, FILED + days * DAY)
    # Three times by itself, the one that was asked for, and no more.
    assert [row.status for row in await all_of(db, who)].count("fired") == 4


async def test_papers_of_an_accepted_application_are_not_asked_for(db: Database) -> None:
    who, officer = await s.person(db), await s.officer(db, "o", role=Role.ADMIN, region="15")
    reference = await s.application(db, who.actor)
    (told,) = await fire_due(db, FILED + 3 * DAY)
    (row,) = [row for row in await all_of(db, who) if row.status == "fired"]
    accept = c.AcceptApplication(reference)
    await s.do(db, accept, Actor.officer(officer), FILED + 4 * DAY)
    later = c.AnswerReminder(row.id, "later", FILED + 6 * DAY)
    await s.do(db, later, who.actor, FILED + 5 * DAY)
    (event,) = await fire_due(db, FILED + 6 * DAY)
    assert told.is_sent and not event.is_sent and event.why == "材料已经齐了"


async def all_of(db: Database, who: s.Somebody) -> list[Reminder]:
    async with db.read() as uow:
        return await uow.reminders.of_person(who.person_id)


async def test_an_own_reminder_opens_no_door_to_a_push(db: Database) -> None:
    who = await s.person(db)
    due = at_local(date(2026, 11, 27), time(10))
    async with db.write() as uow:
        for number in range(2):
            row = await uow.reminders.add(
                ReminderKind.WINDOW, who.person_id, who.conversation_id, due - DAY, "x",
                dedupe_key=f"told{number}",
            )  # fmt: skip
            assert row is not None
            uow.reminders.tell(row, None, due - (number + 1) * DAY)
        for kind in (ReminderKind.OWN, ReminderKind.DOCUMENTS):
            reference = "A26-0000-001" if kind == ReminderKind.DOCUMENTS else None
            await uow.reminders.add(
                kind, who.person_id, who.conversation_id, due, "交户口本", reference,
                dedupe_key=kind.value,
            )  # fmt: skip
    await s.do(
        db, c.FileRecord(RecordKind.AID_APPLICATION, "A26-0000-001", s.APPLICATION), who.actor
    )
    events = await fire_due(db, due)
    assert {event.kind: event.is_sent for event in events} == {"own": True, "documents": False}
