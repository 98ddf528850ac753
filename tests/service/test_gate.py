"""The outbound gate: each reason not to write now, one message for all, a weekly limit."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clock import at_local
from bot.gate.chain import Passing, budget, hindrance
from bot.gate.message import compose
from bot.gate.repeating import is_promised, next_of, of_key
from bot.gate.verdict import Item
from bot.workers.reminders import fire_due
from flows.policy.reminders import reminder_rules
from storage.db import Database
from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.models.reminder import Reminder
from tests.service import support as s

RULES = reminder_rules()
NOON = at_local(date(2026, 11, 24), time(12))
QUIET = (time(21), time(8))
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def passing(kind: str = "documents", now: datetime = NOON, late: timedelta = MINUTE) -> Passing:
    """A reminder that nothing hinders."""
    due = now - late
    row = Reminder(id=1, kind=kind, person_id=1, conversation_id=1, due_at=due, planned_for=due)
    person = Person(id=1, reminders_on=True, created_at=NOON)
    talk = Conversation(id=1, person_id=1, state={}, updated_at=now - 9 * HOUR)
    return Passing(Item(row, person, talk), RULES.of(kind), RULES.gate, now, QUIET)


def person_of(given: Passing) -> Person:
    assert given.item.person is not None
    return given.item.person


def talk_of(given: Passing) -> Conversation:
    assert given.item.talk is not None
    return given.item.talk


def test_what_nothing_hinders_goes() -> None:
    assert hindrance(passing()) is None


def why(given: Passing) -> str:
    verdict = hindrance(given)
    assert verdict is not None and verdict.text is None
    return verdict.why


def until(given: Passing) -> datetime:
    verdict = hindrance(given)
    assert verdict is not None and verdict.until is not None
    return verdict.until.astimezone(UTC)


def test_who_unsubscribed_hears_only_what_they_asked_for() -> None:
    given, own = passing(), passing("own")
    person_of(given).reminders_on = person_of(own).reminders_on = False
    assert "退订" in why(given)
    assert hindrance(own) is None
    muted = passing()
    person_of(muted).muted = ["documents"]
    assert "这一类" in why(muted)
    person_of(muted).muted = ["session"]
    assert hindrance(muted) is None


def test_a_gone_chat_hears_nothing() -> None:
    given = passing("own")
    talk_of(given).gone_at = NOON
    assert "停用" in why(given)


def test_the_night_is_quiet_and_the_morning_no_flood() -> None:
    night = at_local(date(2026, 11, 24), time(23))
    hours = {
        until(replace(given, item=replace(given.item, row=_of(given, number))))
        for number in range(1, 40)
        for given in [passing(now=night)]
    }
    first, last = at_local(date(2026, 11, 25), time(8)), at_local(date(2026, 11, 25), time(8, 50))
    assert len(hours) > 30 and min(hours) >= first and max(hours) < last
    assert hindrance(passing("own", night)) is None


def _of(given: Passing, person: int) -> Reminder:
    row = given.item.row
    return Reminder(kind=row.kind, person_id=person, due_at=row.due_at, planned_for=row.due_at)


def test_what_comes_too_late_is_dropped_and_what_would_be_too_late_too() -> None:
    assert "过时" in why(passing("session", late=25 * HOUR))
    night = at_local(date(2026, 11, 24), time(22))
    assert "过时" in why(passing("session_soon", night))
    assert hindrance(passing("own", late=30 * DAY)) is None


def test_after_hours_without_service_the_late_ones_keep_their_distance() -> None:
    given = passing(late=3 * HOUR + 20 * MINUTE)  # due at 8:40
    assert until(given) == at_local(date(2026, 11, 24), time(12, 40))
    mass = passing("window", late=3 * HOUR + 20 * MINUTE)
    assert until(mass) == at_local(date(2026, 11, 25), time(8, 40))
    friday = passing("window", at_local(date(2026, 11, 27), time(12)), 2 * HOUR)
    assert until(friday) == at_local(date(2026, 11, 30), time(10))
    assert hindrance(passing("session", late=3 * HOUR)) is None


def test_who_is_talking_is_left_in_peace() -> None:
    given = passing()
    talk_of(given).updated_at = NOON - 4 * MINUTE
    assert until(given) == NOON + 6 * MINUTE
    talk_of(given).updated_at = NOON - 20 * MINUTE
    assert hindrance(given) is None
    talk_of(given).state = {"stack": [{"flow": "aid"}]}
    assert until(given) == NOON + 40 * MINUTE
    taken = passing()
    talk_of(taken).officer_id = 7
    assert "工作人员" in why(taken)


def test_who_fills_in_a_form_in_another_chat_is_left_in_peace_too() -> None:
    given = passing()
    form = {"stack": [{"flow": "aid"}]}
    other = Conversation(id=2, person_id=1, state=form, updated_at=NOON - 20 * MINUTE)
    there = replace(given, item=replace(given.item, others=(other,)))
    assert until(there) == NOON + 40 * MINUTE


@pytest.mark.parametrize(
    ("kind", "hour", "expected"),
    [
        ("documents", 15, at_local(date(2026, 11, 24), time(15))),
        ("documents", 9, at_local(date(2026, 11, 25), time(9))),
        ("session", 15, at_local(date(2026, 11, 24), time(15))),
        ("session", 9, None),
        ("session_soon", 15, None),
        ("documents", 12, None),
    ],
)
def test_the_hour_that_suits_a_person(kind: str, hour: int, expected: datetime | None) -> None:
    given = passing(kind)
    person_of(given).push_hour = hour
    verdict = hindrance(given)
    assert (verdict.until if verdict else None) == expected


def test_a_pause_ends_on_its_day() -> None:
    given = passing()
    person_of(given).paused_until = NOON + 2 * DAY
    assert until(given) == NOON + 2 * DAY
    person_of(given).paused_until = NOON + 30 * DAY
    assert "过时" in why(given)
    person_of(given).paused_until = NOON - DAY
    assert hindrance(given) is None


def test_the_last_message_of_a_week_is_for_what_has_a_day() -> None:
    sent = [NOON - 5 * DAY, NOON - DAY]
    undated, dated = [RULES.of("documents")], [RULES.of("documents"), RULES.of("session")]
    assert budget(undated, sent[:1], RULES.gate) is None
    assert budget(undated, sent, RULES.gate) == NOON + 2 * DAY
    assert budget(dated, sent, RULES.gate) is None
    assert budget(dated, [*sent, NOON - HOUR], RULES.gate) == NOON + 2 * DAY


def test_others_who_read_along_learn_nothing() -> None:
    row = Reminder(kind="documents")
    person = Person(is_phone_shared=True)
    text = compose([(row, "您的助学申请还差户口本")], person, RULES)
    assert "助学" not in text and "户口" not in text and "退订" in text
    assert "户口本" in compose([(row, "还差户口本")], Person(is_phone_shared=False), RULES)


async def test_a_family_with_several_things_gets_one_message(any_db: Database) -> None:
    who = await s.person(any_db)
    async with any_db.write() as uow:
        for number, hours in enumerate((0, 1, 9)):
            await uow.reminders.add(
                "own" if number == 0 else "campaign",
                who.person_id,
                who.conversation_id,
                s.NOW + DAY + hours * HOUR,
                f"第{number}件",
                dedupe_key=f"k{number}",
            )
    first = await fire_due(any_db, s.NOW + DAY)
    assert [event.kind for event in first] == ["own"], "a campaign that does not run is not told"
    reference = await s.application(any_db, who.actor)
    booked = await s.book(any_db, who.actor, await s.session(any_db, starts_on=date(2026, 11, 27)))
    day = at_local(date(2026, 11, 26), time(10))
    events = await fire_due(any_db, day)
    assert {event.reference for event in events if event.text} >= {reference, booked.reference}
    told = (await s.said(any_db, who.conversation_id))[-1]
    assert told.startswith("有几件事告诉您：") and "户口" in told and "文化站" in told
    assert told.count("退订") == 1
    assert await fire_due(any_db, day) == []
    async with any_db.read() as uow:
        fired = [r for r in await uow.reminders.of_person(who.person_id) if r.done_at == day]
    assert len({row.outbox_id for row in fired if row.status == "fired"}) == 1


async def test_papers_are_asked_for_three_times_and_no_more(db: Database) -> None:
    who = await s.person(db)
    await s.application(db, who.actor)
    now, told = s.NOW, 0
    for _ in range(60):
        now += DAY
        told += sum(e.kind == "documents" and "差材料" in e.why for e in await fire_due(db, now))
    assert told == 3


def test_a_kept_place_does_not_wait_for_the_hour_that_suits() -> None:
    given = passing("place")
    person_of(given).push_hour = 19
    assert hindrance(given) is None


async def test_what_was_promised_for_a_day_comes_in_a_full_week_too(db: Database) -> None:
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    whose, evening = (who.person_id, who.conversation_id), s.NOW + DAY + 9 * HOUR
    async with db.write() as uow:
        for number in range(3):
            row = await uow.reminders.add("session", *whose, s.NOW, "", dedupe_key=f"sent{number}")
            assert row is not None
            uow.reminders.tell(row, None, s.NOW + number * HOUR)
        add = uow.reminders.add
        await add("documents", *whose, evening, "", reference, dedupe_key="again:1:x#1")
    (event,) = await fire_due(db, evening)
    assert event.is_sent, event.why


async def test_whose_chat_is_gone_hears_of_it_in_another(db: Database) -> None:
    old, new = await s.person(db, "old"), await s.person(db, "new")
    async with db.write() as uow:
        await uow.people.give_everything(new.person_id, old.person_id)
        talk = await uow.conversations.get(old.conversation_id)
        assert talk is not None
        talk.gone_at = NOON
        whose = old.person_id, old.conversation_id
        await uow.reminders.add("own", *whose, NOON, "提醒您：交材料", dedupe_key="o")
    await fire_due(db, NOON)
    assert await s.said(db, old.conversation_id) == []
    assert len(await s.said(db, new.conversation_id)) == 1


def test_what_follows_a_promised_day_is_no_promise() -> None:
    row = Reminder(kind="documents", person_id=1, conversation_id=1, text="")
    row.dedupe_key = "again:7:2026-11-27T11:00:00+00:00#1"
    following = next_of(row, RULES.of("documents"), NOON)
    assert is_promised(row) and following is not None
    row.dedupe_key = following["dedupe_key"]
    assert not is_promised(row) and of_key(row.dedupe_key)[1] == 2
