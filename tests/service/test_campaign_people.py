"""Whom a campaign reaches: shared phones, people who are one, mornings, those who said no."""

from collections import Counter

from bot.clock import local, local_day
from bot.outreach.spread import moments
from bot.rights.actor import Actor
from bot.workers.reminders import fire_due
from flows import commands as c
from storage.kinds import Role
from tests.service import support as s
from tests.service.lists import compared
from tests.service.test_campaigns import HOUR, NOON, Village, reached, the_morning, village

__all__ = ["village"]


async def test_a_shared_phone_is_told_what_the_preview_shows(village: Village) -> None:
    async with village.db.write() as uow:
        person = await uow.people.get(village.people["白音"].person_id)
        assert person is not None
        person.is_phone_shared = True
    found = await reached(village.db, await village.draft())
    await village.running()
    await the_morning(village.db)
    shown = {one.person_id: one.shown for one in found.recipients}
    (told,) = await village.heard("白音")
    assert told == shown[village.people["白音"].person_id] and "孩子" not in told


async def test_two_who_turn_out_to_be_one_hear_it_once(village: Village) -> None:
    await village.running()
    one, other = village.people["白音"], village.people["斯琴"]
    async with village.db.write() as uow:
        await uow.people.give_everything(other.person_id, one.person_id)
        rows = await uow.reminders.of_person(one.person_id)
        assert len(rows) == 2
        rows[1].due_at = NOON + 4 * HOUR  # what is due soon would go along
    assert len(await the_morning(village.db)) == 2
    (event,) = await fire_due(village.db, NOON + 4 * HOUR)
    assert event.why == "这次的消息已经收到过了"


async def test_many_are_spread_over_mornings_that_officers_can_answer(village: Village) -> None:
    people = range(1, 3001)
    when = moments(people, [village.author, village.boss], s.BANNER, s.NOW)
    days = Counter(local_day(at) for at in when.values())
    assert len(days) >= 3 and max(days.values()) < 1500
    assert all(at > s.NOW and 8 <= local(at).hour < 12 for at in when.values())
    assert not any(day.weekday() > 4 for day in days)
    alone = moments(people, [village.author], s.BANNER, s.NOW)
    assert len({local_day(at) for at in alone.values()}) > len(days)


async def test_who_approves_and_who_wrote_hear_of_it(village: Village) -> None:
    league = await s.officer(village.db, "盟里", Role.SUPERVISOR, region="152200")
    id = await village.draft()
    assert await s.notices(village.db, village.boss) == [
        f"第 {id} 次群发写好了，等您看过再批准。请到工作台的“名单”。"
    ]
    assert await s.notices(village.db, league) == [], "somebody nearer may approve it"
    await s.do(village.db, c.ApproveCampaign(id), Actor.officer(village.boss))
    stop = c.StopCampaign(id, reason="话没写好")
    await s.do(village.db, stop, Actor.officer(village.boss))
    approved, stopped = await s.notices(village.db, village.author)
    assert "批准了" in approved and "话没写好" in stopped


async def test_who_said_no_is_not_asked_again(village: Village) -> None:
    first = await village.running()
    await the_morning(village.db)
    for name, answer in (("白音", "declined"), ("乌云", "done"), ("斯琴", "apply")):
        who = village.people[name]
        async with village.db.read() as uow:
            (row,) = await uow.reminders.of_person(who.person_id)
        await s.do(village.db, c.AnswerReminder(row.id, answer), who.actor, NOON)
    async with village.db.read() as uow:
        assert await uow.campaigns.answers(first) == {"apply": 1, "declined": 1, "done": 1}
    found = await reached(village.db, await village.draft())
    (left,) = found.recipients
    assert left.person_id == village.people["斯琴"].person_id
    assert found.skipped == {"said_no": 1, "said_done": 2, "unknown": 1, "no_phone": 1}


async def test_an_officers_word_counts_at_the_moment_of_sending(village: Village) -> None:
    """A namesake's application was looked at before: it keeps nobody from being written to."""
    await village.running()
    who = village.people["白音"]
    kin = await s.person(village.db, "namesake")
    namesake = {"child_name": "巴特尔", "age": 10, "phone": "13922222222", "id_number": None}
    reference = await s.application(village.db, kin.actor, **namesake)
    rows = await compared(village.db, village.list_id)
    (row,) = [row for row in rows if row.name == "巴特尔"]
    assert row.applied == "none", "compared before the application was filed"
    async with village.db.write() as uow:
        await uow.outreach.compare_again(village.list_id)
    await compared(village.db, village.list_id)
    judged = c.JudgeMatch(row.id, reference, False)
    await s.do(village.db, judged, Actor.officer(village.author))
    await the_morning(village.db)
    assert len(await s.said(village.db, who.conversation_id)) == 1
