"""Thirty days of reminders, played through on a copy."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.coming import rehearse
from bot.workers.events import DEFAULT, Event
from bot.workers.reminders import fire_due
from bot.workers.windows import plan_windows_due
from flows.commands import SetReminder
from storage.db import Database
from storage.kinds import Role
from storage.models.conversation import Conversation
from storage.models.person import Person
from tests.service import support as s
from tests.web.conftest import Client, FakeService, add_officer
from tests.web.test_desk import sign_in

MONTH = timedelta(days=30)


async def _home(db: Database, who: s.Somebody, region: str = s.BANNER) -> None:
    async with db.write() as uow:
        person = await uow.people.get(who.person_id)
        assert person is not None
        person.home_region = region


@pytest.mark.slow
async def test_a_rehearsal_tells_what_will_happen_and_changes_nothing(any_db: Database) -> None:
    who, muted, elsewhere = [await s.person(any_db, f"p{number}") for number in range(3)]
    for one in (who, muted):
        await s.application(any_db, one.actor, child_name=f"苏日娜{one.person_id}")
        await _home(any_db, one)
    await s.application(any_db, elsewhere.actor, child_name="巴图")
    await _home(any_db, elsewhere, "152201")
    async with any_db.write() as uow:
        person = await uow.people.get(muted.person_id)
        assert person is not None
        person.reminders_on = False
    coming = await rehearse(any_db, s.BANNER, s.NOW, s.NOW + MONTH, 100, DEFAULT)
    assert coming.people == 2 and coming.left_out == 0
    told = [event for event in coming.events if event.kind == "documents" and event.is_sent]
    silent = [event for event in coming.events if event.kind == "documents" and not event.is_sent]
    assert [event.to for event in told] == ["web:p0"] * 3
    assert [event.why for event in silent] == ["本人退订了提醒"]
    assert set(coming.names) == {"web:p0", "web:p1"}
    async with any_db.read() as uow:
        rows = await uow.reminders.of_person(who.person_id)
    assert [row.status for row in rows] == ["waiting"]
    assert await s.said(any_db, who.conversation_id) == []
    really = [event for day in range(31) for event in await _fired(any_db, day)]
    assert [e.text for e in really if e.to == "web:p0"] == [e.text for e in told]


async def _fired(db: Database, day: int) -> list[Event]:
    return await fire_due(db, s.NOW + timedelta(days=day))


async def test_own_words_and_officers_of_other_places_are_not_shown(db: Database) -> None:
    who = await s.person(db)
    await _home(db, who)
    await s.do(db, SetReminder("去医院复查", s.NOW + timedelta(days=1)), who.actor)
    await s.officer(db, "本旗", Role.SUPERVISOR)
    await s.officer(db, "外旗", Role.SUPERVISOR, "152201")
    coming = await rehearse(db, s.BANNER, s.NOW, s.NOW + MONTH, 100, DEFAULT)
    (own,) = [event for event in coming.events if event.kind == "own"]
    assert own.is_sent and "医院" not in own.text
    assert {event.to for event in coming.events if event.kind != "own"} == {"本旗"}


async def test_the_page_shows_words_and_reasons(client: Client, service: FakeService) -> None:
    await add_officer(service, "旗", Role.OFFICER)
    await sign_in(client, "旗")
    who = await s.person(service.db)
    await _home(service.db, who)
    await s.application(service.db, who.actor)
    page = (await client.get("/desk/rehearsal")).text
    assert "还差材料" in page and "每月" not in page.split("<h2>")[0]
    assert "苏日娜" not in page, "a family is told by its masked name only"
    held = (await client.get("/desk/rehearsal?show=held&days=5")).text
    assert "会发的" in held and "今后 5 天" in held
    assert (await client.get("/desk/rehearsal?days=9999&show=x")).status_code == 200


@pytest.mark.slow
async def test_a_window_comes_on_the_day_that_so_many_families_really_get(db: Database) -> None:
    before = datetime(2026, 8, 31, 2, 0, tzinfo=UTC)
    async with db.write() as uow:
        people = [Person(home_region=s.BANNER, created_at=before) for _ in range(1300)]
        uow.session.add_all(people)
        await uow.session.flush()
        for number, person in enumerate(people):
            talk = {"channel": "web", "address": f"p{number}", "state": {}, "updated_at": before}
            uow.session.add(Conversation(person_id=person.id, **talk))
    coming = await rehearse(db, s.BANNER, before, before + MONTH, 5, DEFAULT)
    shown = {event.to: event.at for event in coming.events if event.kind == "window"}
    await plan_windows_due(db, before + timedelta(days=1))
    async with db.read() as uow:
        (planned,) = await uow.reminders.of_person(people[0].id)
    assert shown["web:p0"] == planned.due_at
    assert len({moment.date() for moment in shown.values()}) > 1
