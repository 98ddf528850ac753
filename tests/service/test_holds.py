"""A free place is kept a day for each who waits, in turn; never twice, never beyond the class."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.rights.actor import Actor
from bot.workers.holds import release_due
from bot.workers.reminders import fire_due
from bot.workers.tick import tick, tick_between
from flows.commands import (
    BookTraining,
    GivePlace,
    MarkAttendance,
    MoveRegistration,
    MuteReminders,
    TakePlace,
    Withdraw,
)
from storage.db import Database
from storage.kinds import ReminderKind
from storage.models.reminder import Reminder
from storage.models.training import Registration
from tests.service import support as s

DAY = timedelta(days=1)


async def held(db: Database, reference: str) -> Registration:
    record = await s.record(db, reference)
    assert isinstance(record, Registration)
    return record


async def offers(db: Database, who: s.Somebody) -> list[Reminder]:
    async with db.read() as uow:
        rows = await uow.reminders.of_person(who.person_id)
    return [row for row in rows if row.kind == ReminderKind.PLACE]


async def queue(db: Database, waiting: int, **course: Any) -> list[tuple[s.Somebody, str]]:
    """A full class of one, and so many who wait; the first of the list has the place."""
    session = await s.session(db, **course)
    found = []
    for number in range(waiting + 1):
        who = await s.person(db, f"p{number}")
        booked = await s.book(db, who.actor, session)
        found.append((who, booked.reference or ""))
    return found


async def cancel(db: Database, one: tuple[s.Somebody, str], now: datetime = s.NOW) -> None:
    await s.do(db, Withdraw(one[1]), one[0].actor, now)


async def test_kept_a_day_and_then_taken(any_db: Database) -> None:
    first, second, third = await queue(any_db, 2)
    await cancel(any_db, first)
    record = await held(any_db, second[1])
    assert (record.status, record.held_until) == ("waitlisted", s.NOW + DAY)
    assert await offers(any_db, third[0]) == []
    latecomer = await s.person(any_db, "late")
    assert (await s.book(any_db, latecomer.actor, "S26-0001")).status == "waitlisted"
    taken = await s.do(any_db, TakePlace(second[1]), second[0].actor, s.NOW + DAY / 2)
    assert (taken.status, taken.changed) == ("booked", True)
    again = await s.do(any_db, TakePlace(second[1]), second[0].actor, s.NOW + DAY / 2)
    assert (again.status, again.changed) == ("booked", False)
    async with any_db.read() as uow:
        rows = await uow.reminders.of_person(second[0].person_id, waiting_only=True)
    assert {"session", "session_soon", "attendance"} <= {row.kind for row in rows}


async def test_without_an_answer_the_next_is_asked(db: Database) -> None:
    first, second, third = await queue(db, 2)
    await cancel(db, first)
    await tick_between(db, s.NOW, s.NOW + DAY - timedelta(minutes=1))
    assert (await held(db, second[1])).held_until is not None
    events = await tick(db, s.NOW + DAY)
    assert "hold" in [event.kind for event in events]
    silent, asked = await held(db, second[1]), await held(db, third[1])
    assert (silent.status, silent.held_until) == ("waitlisted", None)
    assert asked.held_until == s.NOW + 2 * DAY
    assert [row.answer for row in await offers(db, second[0])] == ["silent"]
    assert any("还排着队" in text for text in await s.said(db, second[0].conversation_id))
    with pytest.raises(Refused, match="已经让给别人"):
        await s.do(db, TakePlace(second[1]), second[0].actor, s.NOW + DAY)


async def test_the_silent_come_after_the_others_and_are_asked_twice(db: Database) -> None:
    first, second, third = await queue(db, 2, starts_on=date(2026, 12, 20))
    await cancel(db, first)
    await tick_between(db, s.NOW, s.NOW + 10 * DAY)
    asked = [len(await offers(db, who)) for who, _ in (second, third)]
    assert asked == [2, 2]
    assert [(await held(db, ref)).held_until for _, ref in (second, third)] == [None, None]
    booked = await s.do(db, TakePlace(third[1]), third[0].actor, s.NOW + 10 * DAY)
    assert booked.status == "booked"


async def test_declined_goes_to_the_next(db: Database) -> None:
    first, second, third = await queue(db, 2)
    await cancel(db, first)
    await cancel(db, second, s.NOW + timedelta(hours=1))
    assert (await held(db, second[1])).status == "cancelled"
    assert (await held(db, third[1])).held_until == s.NOW + timedelta(hours=25)


async def test_in_the_night_the_day_begins_in_the_morning(db: Database) -> None:
    first, second = await queue(db, 1)
    night = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 23:00 in Hohhot
    await cancel(db, first, night)
    (offer,) = await offers(db, second[0])
    assert offer.due_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert (await held(db, second[1])).held_until == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


async def test_never_beyond_the_beginning_of_the_class(db: Database) -> None:
    first, second = await queue(db, 1, starts_on=date(2026, 11, 23), schedule="下午3点")
    await cancel(db, first)
    assert (await held(db, second[1])).held_until == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    await release_due(db, datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    assert (await held(db, second[1])).held_until is None


async def test_too_late_to_ask_anybody(db: Database) -> None:
    first, second = await queue(db, 1, starts_on=date(2026, 11, 23), schedule="上午11点")
    await cancel(db, first)
    assert await offers(db, second[0]) == []


async def test_an_offer_not_yet_sent_is_kept_longer(db: Database) -> None:
    first, second = await queue(db, 1)
    await cancel(db, first)
    await release_due(db, s.NOW + DAY)
    assert (await held(db, second[1])).held_until == s.NOW + 2 * DAY


async def test_whom_no_message_reaches_is_asked_by_telephone(db: Database) -> None:
    here = await s.officer(db, "高娃")
    first, second = await queue(db, 1)
    await s.do(db, MuteReminders((ReminderKind.PLACE,)), second[0].actor)
    await cancel(db, first)
    (offer,) = await offers(db, second[0])
    assert offer.status == "suppressed"
    assert any("打电话" in text for text in await s.notices(db, here))


async def test_an_officer_books_who_said_yes_on_the_telephone(db: Database) -> None:
    here = Actor.officer(await s.officer(db, "高娃"))
    first, second, third = await queue(db, 2)
    await s.do(db, MuteReminders((ReminderKind.PLACE,)), second[0].actor)
    await cancel(db, first)
    with pytest.raises(Refused, match="已经让给别人"):
        await s.do(db, GivePlace(third[1]), here)
    given = await s.do(db, GivePlace(second[1]), here, s.NOW + timedelta(hours=1))
    assert given.status == "booked"
    assert any("给您报上了" in text for text in await s.said(db, second[0].conversation_id))


async def test_who_was_there_is_marked_by_the_office_and_may_be_put_right(db: Database) -> None:
    here = Actor.officer(await s.officer(db, "高娃"))
    who = await s.person(db)
    booked = await s.book(db, who.actor, await s.session(db))
    reference = booked.reference or ""
    with pytest.raises(Refused, match="还没开课"):
        await s.do(db, MarkAttendance(reference, present=True), here)
    after = s.NOW + 9 * DAY
    assert (await s.do(db, MarkAttendance(reference), here, after)).status == "absent"
    right = MarkAttendance(reference, present=True)
    assert (await s.do(db, right, here, after)).status == "attended"


async def test_one_place_is_never_given_twice(any_db: Database) -> None:
    first, second, third = await queue(any_db, 2)
    await cancel(any_db, first)
    later = s.NOW + timedelta(hours=2)

    async def book() -> str | None:
        slots = {**s.REGISTRATION, "person_name": "另一个"}
        command = BookTraining("T26-9999-0001", slots, "S26-0001", s.BANNER)
        return (await s.do(any_db, command, third[0].actor, later)).status

    async def take() -> str | None:
        return (await s.do(any_db, TakePlace(second[1]), second[0].actor, later)).status

    booked, taken = await asyncio.gather(book(), take())
    assert (booked, taken) == ("waitlisted", "booked")


async def test_two_workers_release_a_place_once(any_db: Database) -> None:
    first, second, third = await queue(any_db, 2, seats=1)
    await cancel(any_db, first)
    await fire_due(any_db, s.NOW + timedelta(hours=1))
    both = await asyncio.gather(*(release_due(any_db, s.NOW + DAY) for _ in range(2)))
    assert sorted(len(events) for events in both) == [0, 1]
    assert [len(await offers(any_db, who)) for who, _ in (second, third)] == [1, 1]
    texts = await s.said(any_db, second[0].conversation_id)
    assert len([text for text in texts if "还排着队" in text]) == 1


async def test_another_session_and_the_old_place_goes_on(db: Database) -> None:
    first, second = await queue(db, 1)
    other = await s.session(db, "S26-0002", starts_on=date(2026, 12, 8))
    moved = await s.do(db, MoveRegistration(first[1], other), first[0].actor)
    assert (moved.reference, moved.status) == (first[1], "booked")
    assert (await held(db, second[1])).held_until == s.NOW + DAY
    async with db.read() as uow:
        rows = await uow.reminders.of_person(first[0].person_id, waiting_only=True)
    assert rows[0].due_at == datetime(2026, 12, 7, 2, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="报满了"):
        await s.do(db, MoveRegistration(second[1], other), second[0].actor)
    assert (await held(db, second[1])).held_until == s.NOW + DAY


async def test_there_and_back_again_is_reminded_of_the_first(db: Database) -> None:
    who = await s.person(db)
    course = await s.session(db, seats=5)
    other = await s.session(db, "S26-0002", starts_on=date(2026, 12, 8), seats=5)
    booked = await s.book(db, who.actor, course)
    for target in (other, course):
        await s.do(db, MoveRegistration(booked.reference or "", target), who.actor)
    async with db.read() as uow:
        rows = await uow.reminders.of_person(who.person_id, waiting_only=True)
    assert [row.kind for row in rows] == ["session", "session_soon", "attendance"]
    assert rows[0].due_at == datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


async def test_whom_a_full_week_keeps_from_the_offer_the_office_asks(any_db: Database) -> None:
    here = await s.officer(any_db, "高娃")
    first, second = await queue(any_db, 1)
    whose = second[0].person_id, second[0].conversation_id
    async with any_db.write() as uow:
        for number in range(3):
            row = await uow.reminders.add("session", *whose, s.NOW, "", dedupe_key=f"sent{number}")
            assert row is not None
            uow.reminders.tell(row, None, s.NOW - number * DAY)
    await cancel(any_db, first)
    (event,) = [e for e in await fire_due(any_db, s.NOW + DAY / 24) if e.kind == "place"]
    assert not event.is_sent, event.why
    assert any("打电话" in text for text in await s.notices(any_db, here))


async def test_a_class_that_has_begun_is_not_announced(db: Database) -> None:
    who = await s.person(db)
    session = await s.session(db, schedule="上午9点", starts_on=date(2026, 12, 1))
    await s.book(db, who.actor, session)
    told = await fire_due(db, datetime(2026, 12, 1, 1, 30, tzinfo=UTC))
    assert ("session", "已经开课，提醒晚了") in {(e.kind, e.why) for e in told}
    assert not any(e.is_sent for e in told)


async def test_two_hours_before_means_before_the_new_hour(db: Database) -> None:
    who = await s.person(db)
    session = await s.session(db, schedule="上午9点", starts_on=date(2026, 12, 1))
    await s.book(db, who.actor, session)
    await s.session(db, schedule="下午3点", starts_on=date(2026, 12, 1))
    told = await fire_due(db, datetime(2026, 12, 1, 0, 0, tzinfo=UTC))
    assert ("session_soon", "这个班改期了") in {(e.kind, e.why) for e in told}
    later = await fire_due(db, datetime(2026, 12, 1, 5, 0, tzinfo=UTC))
    assert [e.is_sent for e in later if e.kind == "session_soon"] == [True]
