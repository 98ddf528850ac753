"""Places in sessions: never more than seats, never twice the same, never lost when freed."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import NotFound, Refused
from bot.turns.lookup import TurnLookup
from flows.commands import Withdraw
from storage.db import Database
from tests.service import support as s


async def test_the_last_place_and_the_waiting_list(any_db: Database) -> None:
    first, second = await s.person(any_db), await s.person(any_db, "p2")
    course = await s.session(any_db)
    booked = await s.book(any_db, first.actor, course)
    waiting = await s.book(any_db, second.actor, course)
    assert (booked.status, waiting.status) == ("booked", "waitlisted")
    cancelled = await s.do(any_db, Withdraw(booked.reference or ""), first.actor)
    assert cancelled.status == "cancelled"
    assert (await s.record(any_db, waiting.reference)).status == "waitlisted"
    async with any_db.read() as uow:
        gone = await uow.reminders.of_person(first.person_id)
        (offer,) = await uow.reminders.of_person(second.person_id)
    assert {row.status for row in gone} == {"cancelled"}
    assert (offer.kind, offer.status, offer.due_at) == ("place", "waiting", s.NOW)
    assert (waiting.reference or "-") in offer.text


async def test_the_same_person_twice_is_one_registration(db: Database) -> None:
    who = await s.person(db)
    course = await s.session(db, seats=5)
    first = await s.book(db, who.actor, course)
    again = await s.book(db, who.actor, course)
    assert (again.reference, again.changed) == (first.reference, False)
    mother = await s.book(db, who.actor, course, person_name="高娃")
    assert mother.reference != first.reference


async def test_after_cancelling_one_may_register_again(db: Database) -> None:
    who = await s.person(db)
    course = await s.session(db)
    first = await s.book(db, who.actor, course)
    await s.do(db, Withdraw(first.reference or ""), who.actor)
    repeated = await s.do(db, Withdraw(first.reference or ""), who.actor)
    assert not repeated.changed
    again = await s.book(db, who.actor, course)
    assert (again.status, again.changed) == ("booked", True)


@pytest.mark.parametrize(
    "course",
    [
        None,
        {"starts_on": date(2026, 11, 22)},
        {"apply_by": date(2026, 11, 22)},
    ],
)
async def test_interest_where_nothing_can_be_joined(
    db: Database, course: dict[str, Any] | None
) -> None:
    who = await s.person(db)
    reference = await s.session(db, **course) if course else None
    assert (await s.book(db, who.actor, reference)).status == "interested"


async def test_seats_without_a_limit(db: Database) -> None:
    course = await s.session(db, seats=None)
    for number in range(3):
        who = await s.person(db, f"p{number}")
        assert (await s.book(db, who.actor, course)).status == "booked"


async def test_no_reminder_of_what_is_tomorrow_already(db: Database) -> None:
    who = await s.person(db)
    course = await s.session(db, starts_on=date(2026, 11, 24))
    await s.book(db, who.actor, course, s.NOW + timedelta(hours=1))
    async with db.read() as uow:
        rows = await uow.reminders.of_person(who.person_id)
        assert [row.kind for row in rows] == ["session_soon", "attendance"]


async def test_only_ones_own_can_be_taken_back(db: Database) -> None:
    who, other = await s.person(db), await s.person(db, "p2")
    booked = await s.book(db, who.actor, await s.session(db))
    with pytest.raises(NotFound):
        await s.do(db, Withdraw(booked.reference or ""), other.actor)
    case = await s.dropout(db, who.actor)
    with pytest.raises(Refused, match="失学登记不能撤回"):
        await s.do(db, Withdraw(case), who.actor)


@pytest.mark.parametrize(("days", "found"), [(7, True), (9, False)])
async def test_a_session_chosen_weeks_ago_is_not_promised(
    db: Database, days: int, found: bool
) -> None:
    who = await s.person(db)
    course = await s.session(db)
    async with db.read() as uow:
        person = await uow.people.get(who.person_id)
        assert person is not None
        lookup = TurnLookup(uow, person, s.NOW + timedelta(days=days))
        assert (await lookup.session(course) is not None) is found
