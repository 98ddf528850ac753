"""An incident: what is to be done by when, whom it concerns, who was told; all in an open log."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.errors import NotAllowed, NotFound, Refused
from bot.incidents import acting
from bot.incidents.standing import Facts, Standing
from bot.rights.access import access_record
from flows.policy.incidents import load_incidents
from storage.db import Database
from storage.kinds import Role
from storage.models.officer import Officer
from tests.service import support as s

HOUR = timedelta(hours=1)
FACTS = Facts("王某的账号夜里看了很多记录", "account_misused", ("names", "phones"), 0, True)
FOUND = s.NOW - HOUR


async def opened(db: Database, chief: Officer, facts: Facts = FACTS) -> int:
    async with db.write() as uow:
        return (await acting.open_incident(uow, chief, FOUND, facts, s.NOW)).id


async def stands(db: Database, chief: Officer, id: int) -> Standing:
    async with db.read() as uow:
        return await acting.standing(uow, chief, id)


async def chief_of(db: Database, region: str = s.BANNER) -> Officer:
    return await s.officer(db, f"管理员{region}", Role.ADMIN, region)


async def test_what_is_to_be_done_follows_from_what_happened(any_db: Database) -> None:
    chief = await chief_of(any_db)
    id = await opened(any_db, chief)
    found = await stands(any_db, chief, id)
    tasks = {task.duty.id: task for task in found.tasks}
    assert {"stop", "authority", "minors_authority", "guardians", "police"} <= tasks.keys()
    assert not {"reporters", "superior", "restore"} & tasks.keys()
    assert tasks["stop"].due_at == FOUND + HOUR and not tasks["stop"].is_late(s.NOW)
    assert tasks["stop"].is_late(s.NOW + HOUR)
    async with any_db.write() as uow:
        wider = replace(FACTS, data=("reporters",), people=300, ongoing=False)
        await acting.put_facts(uow, chief, id, wider, s.NOW)
    more = {task.duty.id for task in (await stands(any_db, chief, id)).tasks}
    assert {"reporters", "superior"} <= more


async def test_what_was_done_first_counts_and_nothing_is_rewritten(db: Database) -> None:
    chief = await chief_of(db)
    id = await opened(db, chief)
    for note in ("停了账号，打了 13948123456", "又停一次"):
        async with db.write() as uow:
            await acting.put_done(uow, chief, id, "stop", s.NOW, note, s.NOW)
    (stop,) = [t for t in (await stands(db, chief, id)).tasks if t.duty.id == "stop"]
    assert (stop.done_at, stop.note) == (s.NOW, "停了账号，打了 139****3456")
    async with db.read() as uow:
        incident = await uow.incidents.get(id)
        assert incident is not None
        kinds = [entry.kind for entry in await uow.incidents.log(incident)]
        entries, _ = await uow.audit.page(action="incident")
    assert kinds == ["facts", "done", "done"] and len(entries) == 3


@pytest.mark.parametrize("when", [s.NOW + HOUR, FOUND - HOUR])
async def test_times_that_cannot_be_are_refused(db: Database, when: object) -> None:
    chief = await chief_of(db)
    id = await opened(db, chief)
    with pytest.raises(Refused):
        async with db.write() as uow:
            await acting.put_done(uow, chief, id, "stop", when, "", s.NOW)  # type: ignore[arg-type]


async def test_it_lists_whom_an_account_saw_and_tells_their_families_once(
    any_db: Database,
) -> None:
    chief, thief = await chief_of(any_db), await s.officer(any_db, "王某")
    mother, father = await s.person(any_db, "p1"), await s.person(any_db, "p2")
    seen = await s.application(any_db, mother.actor)
    again = await s.dropout(any_db, mother.actor)
    unseen = await s.application(any_db, father.actor, child_name="巴图")
    async with any_db.write() as uow:
        for reference in (seen, again):
            await access_record(uow, thief, reference, s.NOW - HOUR / 2)
        await access_record(uow, thief, unseen, s.NOW - 5 * HOUR)
    id = await opened(any_db, chief)
    async with any_db.write() as uow:
        many = await acting.look_up(uow, chief, id, thief.id, FOUND, s.NOW, s.NOW)
    found = await stands(any_db, chief, id)
    assert many == 2 and set(found.references) == {seen, again}
    for told in (1, 0):
        async with any_db.write() as uow:
            assert await acting.tell_families(uow, chief, id, "您家的电话被看过", s.NOW) == told
    assert (await s.said(any_db, mother.conversation_id)).count("您家的电话被看过") == 1
    assert await s.said(any_db, father.conversation_id) == []


async def test_words_are_filled_in_and_gaps_must_be_closed_first(db: Database) -> None:
    chief = await chief_of(db)
    id = await opened(db, chief)
    found = await stands(db, chief, id)
    words = acting.words_for(found, load_incidents().to_families, "中旗教育局")
    assert "姓名、学校、住址、电话" in words and "（请填写" in words and FACTS.what in words
    with pytest.raises(Refused, match="没填"):
        async with db.write() as uow:
            await acting.tell_families(uow, chief, id, words, s.NOW)


async def test_it_ends_with_a_reason_and_then_only_can_be_read(db: Database) -> None:
    chief = await chief_of(db)
    id = await opened(db, chief)
    with pytest.raises(Refused, match="还在继续"):
        async with db.write() as uow:
            await acting.close(uow, chief, id, "好了", s.NOW)
    async with db.write() as uow:
        await acting.put_facts(uow, chief, id, replace(FACTS, ongoing=False), s.NOW)
        await acting.close(uow, chief, id, "账号停了", s.NOW)
    assert (await stands(db, chief, id)).incident.closed_at == s.NOW
    with pytest.raises(Refused, match="已经了结"):
        async with db.write() as uow:
            await acting.put_note(uow, chief, id, "再记", s.NOW)


async def test_only_administrators_of_the_place(db: Database) -> None:
    chief = await chief_of(db)
    id = await opened(db, chief)
    with pytest.raises(NotAllowed):
        await stands(db, await s.officer(db, "主管", Role.SUPERVISOR), id)
    with pytest.raises(NotFound):
        await stands(db, await chief_of(db, "150422"), id)
    assert (await stands(db, await chief_of(db, "150000"), id)).incident.id == id


def test_no_limit_of_law_is_told_that_nobody_has_read() -> None:
    for duty in load_incidents().duties:
        if duty.whom and not duty.law_time:
            assert "没有查到" in duty.time_words
        if not duty.confidence.firm:
            assert "没有查到原文" in duty.cited
    assert load_incidents().to_do("lost_device", (), 0, date(2020, 1, 1)) == ()
