"""What people want to be told, when and how: kept, audited, and never against the night."""

from datetime import timedelta

import pytest

from bot.errors import NotFound, Refused
from flows.commands import (
    CancelReminder,
    MuteReminders,
    PauseReminders,
    SetPushHour,
    SetReminder,
    SharePhone,
    SwitchReminders,
)
from storage.db import Database
from storage.kinds import ReminderKind
from storage.models.person import Person
from tests.service import support as s


async def settings(db: Database, who: s.Somebody) -> Person:
    async with db.read() as uow:
        found = await uow.people.get(who.person_id)
        assert found is not None
        return found


async def test_kinds_are_muted_one_by_one(db: Database) -> None:
    who = await s.person(db)
    await s.do(db, MuteReminders((ReminderKind.SESSION, ReminderKind.ATTENDANCE)), who.actor)
    await s.do(db, MuteReminders((ReminderKind.DOCUMENTS,)), who.actor)
    assert (await settings(db, who)).muted == ["attendance", "documents", "session"]
    await s.do(db, MuteReminders((ReminderKind.SESSION,), muted=False), who.actor)
    assert (await settings(db, who)).muted == ["attendance", "documents"]
    again = await s.do(db, MuteReminders((ReminderKind.DOCUMENTS,)), who.actor)
    assert not again.changed


async def test_one_kind_wanted_again_after_all_were_stopped(db: Database) -> None:
    who = await s.person(db)
    await s.do(db, SwitchReminders(on=False), who.actor)
    await s.do(db, MuteReminders((ReminderKind.DOCUMENTS,), muted=False), who.actor)
    person = await settings(db, who)
    assert person.reminders_on and person.muted is not None
    assert "documents" not in person.muted
    assert {"session", "campaign", "window"} <= set(person.muted)


async def test_starting_again_ends_pause_and_mute(db: Database) -> None:
    who = await s.person(db)
    await s.do(db, MuteReminders((ReminderKind.CAMPAIGN,)), who.actor)
    await s.do(db, PauseReminders(s.NOW + timedelta(days=30)), who.actor)
    assert (await settings(db, who)).paused_until == s.NOW + timedelta(days=30)
    assert (await s.do(db, SwitchReminders(on=True), who.actor)).changed
    person = await settings(db, who)
    assert (person.muted, person.paused_until, person.reminders_on) == (None, None, True)


async def test_a_pause_ends_and_begins_in_the_future(db: Database) -> None:
    who = await s.person(db)
    for until in (s.NOW, s.NOW + timedelta(days=400)):
        with pytest.raises(Refused, match="最多停一年"):
            await s.do(db, PauseReminders(until), who.actor)


async def test_no_hour_of_the_night(db: Database) -> None:
    who = await s.person(db)
    for hour in (7, 21):
        with pytest.raises(Refused, match="夜里"):
            await s.do(db, SetPushHour(hour), who.actor)
    await s.do(db, SetPushHour(20), who.actor)
    await s.do(db, SharePhone(True), who.actor)
    person = await settings(db, who)
    assert (person.push_hour, person.is_phone_shared) == (20, True)


async def test_only_ones_own_reminder_is_taken_back_and_once(db: Database) -> None:
    who, other = await s.person(db), await s.person(db, "p2")
    await s.do(db, SetReminder("交户口本", s.NOW + timedelta(days=1)), who.actor)
    async with db.read() as uow:
        (row,) = await uow.reminders.of_person(who.person_id)
    with pytest.raises(NotFound):
        await s.do(db, CancelReminder(row.id), other.actor)
    first = await s.do(db, CancelReminder(row.id), who.actor)
    second = await s.do(db, CancelReminder(row.id), who.actor)
    assert (first.status, first.changed, second.changed) == ("cancelled", True, False)


async def test_a_push_is_not_cancelled_as_ones_own(db: Database) -> None:
    who = await s.person(db)
    await s.book(db, who.actor, await s.session(db))
    async with db.read() as uow:
        row = (await uow.reminders.of_person(who.person_id))[0]
    with pytest.raises(NotFound):
        await s.do(db, CancelReminder(row.id), who.actor)
