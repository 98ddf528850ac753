"""What comes round: windows for families, returns and visits for officers; each once."""

from collections import Counter
from datetime import date, time, timedelta

import pytest

from bot.clock import at_local, local, local_day
from bot.rights.actor import Actor
from bot.workers import windows
from bot.workers.calls import call_officers_due, next_call
from bot.workers.reminders import fire_due
from bot.workers.visits import call_for_visits_due
from bot.workers.windows import next_window, plan_windows_due
from flows import commands as c
from flows.policy.loader import load
from flows.policy.reminders import reminder_rules
from flows.reminders.plan import mornings_needed, row_for, slot
from flows.workdays import calendar_for
from storage.db import Database
from storage.kinds import PersonRole, Role
from storage.models.reminder import Reminder
from tests.service import support as s

DAY = timedelta(days=1)
PLANNED = at_local(date(2026, 9, 1), time(8, 30))


async def families(db: Database, many: int, region: str = s.BANNER) -> list[s.Somebody]:
    """People with a home, a while ago."""
    found = [await s.person(db, f"p{number}") for number in range(many)]
    async with db.write() as uow:
        for one in found:
            person = await uow.people.get(one.person_id)
            talk = await uow.conversations.get(one.conversation_id)
            assert person is not None and talk is not None
            person.home_region, talk.updated_at = region, PLANNED - 9 * DAY
    return found


async def reminders_of(db: Database, who: s.Somebody) -> list[Reminder]:
    async with db.read() as uow:
        return await uow.reminders.of_person(who.person_id)


async def test_every_family_hears_of_a_window_in_its_own_minute(
    any_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "_SOME", 3)
    people = await families(any_db, 8)
    async with any_db.write() as uow:
        cadre = await uow.people.get(people[7].person_id)
        away = await uow.people.get(people[6].person_id)
        assert cadre is not None and away is not None
        cadre.role, away.reminders_on = PersonRole.CADRE, False
    assert await plan_windows_due(any_db, PLANNED - timedelta(seconds=1)) == []
    assert next_window(PLANNED - timedelta(seconds=1)) == PLANNED
    assert len(await plan_windows_due(any_db, PLANNED)) == 2
    assert await plan_windows_due(any_db, PLANNED + DAY) == []
    rows = [await reminders_of(any_db, who) for who in people]
    assert [len(found) for found in rows] == [1, 1, 1, 1, 1, 1, 0, 0]
    moments = [local(found[0].due_at) for found in rows[:6]]
    assert len(set(moments)) == 6
    assert {moment.date() for moment in moments} == {date(2026, 9, 2)}
    assert all(time(8, 30) <= moment.time() < time(11, 30) for moment in moments)
    applied = await s.application(any_db, people[0].actor)
    async with any_db.write() as uow:
        record = await uow.records.get(applied)
        assert record is not None
        record.opened_at = PLANNED - 2 * DAY
    events = await fire_due(any_db, at_local(date(2026, 9, 2), time(11, 29)))
    late = {event.why for event in events} - {"发晚了，错开时间再发"}
    assert late <= {"到了申请时间，还没申请", "已经申请了"} and len(events) == 6


async def test_a_window_is_told_in_the_chat_that_was_used_last(any_db: Database) -> None:
    (who, other) = await families(any_db, 2)
    async with any_db.write() as uow:
        await uow.people.give_everything(other.person_id, who.person_id)
        talk = await uow.conversations.get(who.conversation_id)
        assert talk is not None
        talk.updated_at = PLANNED - DAY
    await plan_windows_due(any_db, PLANNED)
    (row,) = await reminders_of(any_db, who)
    assert row.conversation_id == who.conversation_id


async def test_a_window_is_no_news_for_who_left_nothing_here(db: Database) -> None:
    (gone,) = await families(db, 1)
    asked, witness = [await s.person(db, name) for name in ("asked", "witness")]
    await s.dropout(db, witness.actor)
    await s.application(db, gone.actor)
    await s.do(db, c.DeleteMyData(), gone.actor)
    await plan_windows_due(db, PLANNED)
    kinds = [row.kind for who in (gone, asked, witness) for row in await reminders_of(db, who)]
    assert "window" not in kinds


async def test_a_window_is_not_told_when_it_is_over_or_somebody_applied(db: Database) -> None:
    (who, other) = await families(db, 2)
    await plan_windows_due(db, PLANNED)
    async with db.write() as uow:
        for one in (who, other):
            (row,) = await uow.reminders.of_person(one.person_id)
            row.due_at = row.planned_for = at_local(date(2026, 9, 2), time(9))
    await s.application(db, who.actor)
    async with db.write() as uow:
        talk = await uow.conversations.get(who.conversation_id)
        assert talk is not None
        talk.updated_at = PLANNED - DAY
    events = await fire_due(db, at_local(date(2026, 9, 2), time(9)))
    assert sorted(event.why for event in events) == ["到了申请时间，还没申请", "已经申请了"]
    (told,) = await s.said(db, other.conversation_id)
    assert "9月1日" in told and "10月31日" in told and "元" not in told


@pytest.mark.parametrize(
    ("edge", "opened", "hears"),
    [
        ("opens", date(2025, 9, 10), True),  # in the last year until July: a student now
        ("opens", date(2026, 6, 30), True),
        ("opens", date(2025, 7, 30), False),  # left school a year before
        ("opens", date(2026, 9, 10), False),  # in the last year now
    ],
)
async def test_news_for_students_reaches_who_left_school_this_summer(
    db: Database, edge: str, opened: date, hears: bool
) -> None:
    (who,) = await families(db, 1)
    reference = await s.application(db, who.actor, grade="高中三年级", age=18)
    due = at_local(date(2026, 10, 12), time(9))
    async with db.write() as uow:
        record = await uow.records.get(reference)
        talk = await uow.conversations.get(who.conversation_id)
        assert record is not None and talk is not None
        record.opened_at = at_local(opened, time(12))
        talk.updated_at = due - 9 * DAY
        about = f"event:college_awards:{edge}:2026"
        add = uow.reminders.add
        await add("window", *_whose(who), due, "", dedupe_key="w", about=about)
    (event,) = [e for e in await fire_due(db, due) if e.kind == "window"]
    assert event.is_sent is hears, event.why


def _whose(who: s.Somebody) -> tuple[int, int]:
    return who.person_id, who.conversation_id


async def test_dates_of_a_place_stand_before_those_of_the_region() -> None:
    calendar = load().calendar
    common = row_for(calendar, "recognition", s.BANNER, date(2026, 9, 1))
    assert common is not None
    own = common.model_copy(update={"id": "x", "local_of": "recognition", "scope": ("152222",)})
    both = calendar.model_copy(update={"events": (*calendar.events, own)})
    assert row_for(both, "recognition", "152222103201", date(2026, 9, 1)) is own
    assert row_for(both, "recognition", "152201", date(2026, 9, 1)) is common


def test_many_families_are_spread_over_mornings_that_officers_can_bear() -> None:
    gate, is_workday = reminder_rules().gate, calendar_for(None).is_workday
    needed = mornings_needed(3000, 2, gate)
    assert mornings_needed(10, 2, gate) == 1 and 2 <= needed <= gate.days_at_most
    friday = date(2026, 9, 18)
    days = Counter(
        local_day(slot(number, friday, needed, gate, is_workday)) for number in range(3000)
    )
    assert len(days) == needed and all(is_workday(day) for day in days)
    assert max(days.values()) - min(days.values()) < 60


@pytest.mark.parametrize(
    ("day", "calls"),
    [
        (date(2026, 11, 26), {"monthly_return"}),  # Thursday; the 28th is a Saturday
        (date(2026, 11, 25), set()),
        (date(2026, 12, 25), {"quarterly_return", "monthly_return"}),  # the 26th is a Saturday
        (date(2026, 9, 1), {"census_autumn"}),
        (date(2026, 11, 28), set()),
    ],
)
async def test_officers_hear_once_of_what_comes_round(
    db: Database, day: date, calls: set[str]
) -> None:
    await s.officer(db, "旗", Role.SUPERVISOR)
    await s.officer(db, "校", Role.CLERK)
    morning = at_local(day, time(9))
    found = await call_officers_due(db, morning)
    assert {event.kind for event in found} == calls
    assert {event.to for event in found} <= {"旗"}
    assert await call_officers_due(db, morning + timedelta(minutes=5)) == []


@pytest.mark.parametrize(("days", "calls"), [(3, {"census_autumn"}), (8, set[str]())])
async def test_the_census_is_still_called_after_days_without_service(
    db: Database, days: int, calls: set[str]
) -> None:
    await s.officer(db, "旗", Role.SUPERVISOR)
    late = at_local(date(2026, 9, 1) + days * DAY, time(9))
    found = [*await call_officers_due(db, late), *await call_officers_due(db, late)]
    assert {event.kind for event in found} == calls and len(found) == len(calls)


def test_the_next_call_is_when_an_office_opens() -> None:
    after = at_local(date(2026, 11, 23), time(12))
    moment = next_call(after)
    assert moment is not None and local_day(moment) == date(2026, 11, 26)
    assert calendar_for(None).is_open(moment)


async def test_the_morning_of_a_promised_visit(db: Database) -> None:
    officer = await s.officer(db, "旗")
    who = await s.person(db)
    case = await s.dropout(db, who.actor)
    visit = c.LogVisit(
        case,
        on=date(2026, 11, 23),
        method="home",
        who="旗",
        met="祖母",
        result="说周末谈",
        next_on=date(2026, 11, 28),
    )
    await s.do(db, visit, Actor.officer(officer))
    friday, monday = (at_local(date(2026, 11, day), time(9)) for day in (27, 30))
    assert await call_for_visits_due(db, friday) == []
    (event,) = await call_for_visits_due(db, monday)  # the 28th is a Saturday
    assert (event.to, event.reference) == ("旗", case) and case in event.text
    assert await call_for_visits_due(db, monday + timedelta(minutes=1)) == []
    assert await call_for_visits_due(db, monday + DAY) == []
