"""What the lists say is next: by the papers, the facts, the questions; for many lines at once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.cases.deadlines import is_urgent
from bot.cases.life import life_of
from bot.cases.next_things import Thing, next_thing, next_things
from bot.rights.actor import Actor
from bot.words import sentences
from flows import commands as c
from flows.dropout.next_step import NextStep, Who
from storage.db import Database
from storage.kinds import EscalationType, HardshipLevel, ResponsibleSide
from storage.models.case import Case
from tests.service import support as s
from tests.service.test_papers import BOOK, send
from tests.service.test_publishing import published, under_review


async def thing(db: Database, reference: str, now: datetime = s.NOW) -> Thing:
    async with db.read() as uow:
        record = await uow.records.get(reference)
        assert record is not None
        return await next_thing(uow, record, now)


async def test_an_application_says_which_papers_are_to_be_looked_at(any_db: Database) -> None:
    by, who = Actor.officer(await s.officer(any_db, "甲")), await s.person(any_db)
    reference = await s.application(any_db, who.actor)
    new = await thing(any_db, reference)
    assert new.what.startswith("受理") and "户口" in new.why, "papers that never came are named"
    await send(any_db, who, reference, BOOK)
    looked = await thing(any_db, reference)
    assert looked.what.startswith("看材料") and "1 样还没看" in looked.why
    back = c.ReturnForCorrection(reference, document=BOOK, reason="看不清")
    await s.do(any_db, back, by)
    waits = await thing(any_db, reference)
    assert waits.what == "等家里重新发" and "户口" in waits.why


async def test_a_paper_that_tells_of_health_is_not_named(db: Database) -> None:
    who = await s.person(db)
    reference = await s.application(db, who.actor, hardship=["serious_illness"])
    await send(db, who, reference, "proof_serious_illness")
    assert (await thing(db, reference)).what == "看材料：一样证明"


async def test_an_application_goes_on_to_its_level_publication_and_decision(db: Database) -> None:
    by, _, reference = await under_review(db, level=False)
    assert (await thing(db, reference)).what == "定档次"
    await s.do(db, c.SetLevel(reference, level=HardshipLevel.MODERATE), by)
    assert "困难" in (await thing(db, reference)).why
    await s.do(db, c.PublishApplication(reference), by)
    running = await thing(db, reference)
    assert (running.what, running.by) == ("等公示满，再认定通过", date(2026, 11, 30))
    over = await thing(db, reference, s.NOW + timedelta(days=8))
    assert over == Thing("认定通过，或者不通过", "公示满了")


async def test_an_objection_comes_first(db: Database) -> None:
    by, _, reference = await published(db)
    await s.do(db, c.RecordObjection(reference, text="他家有车"), by)
    assert (await thing(db, reference)).what == "处理公示的异议"


async def test_a_case_says_its_step_and_why(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "白乌云"))
    reference = await s.dropout(db, (await s.person(db)).actor)
    assert await thing(db, reference) == Thing(
        "核实孩子的身份、学籍和去向", "报上来还没核实", date(2026, 11, 24)
    )
    await s.do(db, c.VerifyCase(reference, identity=True, roll=True, whereabouts="在家"), by)
    for side in ResponsibleSide:
        await s.do(db, c.NameResponsible(reference, side=side, name="哈斯", post="老师"), by)
    assert (await thing(db, reference)).why == "还没去过家里"
    visit = c.LogVisit(reference, method="home", who="我", met="母亲", result="商量")
    await s.do(db, visit, by)
    planned = await thing(db, reference)
    assert planned.what.startswith("和家里商量好帮扶方案") and "11月23日" in planned.why


async def test_a_question_to_the_family_is_waited_for(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "白乌云"))
    reference = await s.dropout(db, (await s.person(db)).actor)
    await s.do(db, c.AskFamily(reference, text="在哪？"), by)
    asked = await thing(db, reference)
    assert (asked.what, asked.by) == ("等家里回答", date(2026, 11, 30))


async def test_a_longer_list_asks_the_database_no_more_often(db: Database) -> None:
    who = await s.person(db)
    references = [await s.dropout(db, who.actor, child_name=f"巴特尔{n}") for n in range(12)]
    references += [await s.application(db, who.actor, child_name=f"其其格{n}") for n in range(12)]
    few, many = await asked_for(db, references[11:13]), await asked_for(db, references)
    assert few == many <= 5


async def asked_for(db: Database, references: list[str]) -> int:
    """How many statements the next steps of these records take."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    async with db.read() as uow:
        records = [await uow.records.get(reference) for reference in references]
        event.listen(Engine, "before_cursor_execute", see)
        try:
            found = await next_things(uow, [r for r in records if r is not None], s.NOW)
        finally:
            event.remove(Engine, "before_cursor_execute", see)
    assert set(found) == set(references)
    return len(seen)


async def test_danger_is_urgent_until_it_is_settled(db: Database) -> None:
    reference = await s.escalation(db, (await s.person(db)).actor, EscalationType.EMERGENCY)
    assert is_urgent(await s.record(db, reference))
    async with db.write() as uow:
        row = await uow.records.get(reference)
        assert row is not None
        row.status = "closed"
        assert not is_urgent(row)


@pytest.mark.parametrize("key", [k[5:] for k in sentences() if k.startswith("next.")])
def test_every_step_has_its_reason(key: str) -> None:
    frame = {"by", "late", "open", "nobody", "second"}
    assert key in frame or f"thing.why.{key}" in sentences(), NextStep(key, Who.OWNER)


async def test_a_settled_case_asks_for_nothing_though_its_facts_stop_halfway(db: Database) -> None:
    reference = await s.dropout(db, (await s.person(db)).actor)
    async with db.write() as uow:
        case = await uow.records.get(reference)
        assert isinstance(case, Case)
        assert (await life_of(uow, case, {}, s.NOW)).next_words
        case.status = "duplicate"
        assert not (await life_of(uow, case, {}, s.NOW)).next_words
