"""What the monitoring asks: right on either database, and never by reading a whole table."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.db import Database
from storage.models.supervision import Supervision
from storage.repositories.figures import Figures, Queue
from storage.revisions import newest
from storage.uow import UnitOfWork
from tests.storage import make
from tests.storage.make import NOW, later

AN_HOUR = timedelta(hours=1)
BEFORE = NOW - AN_HOUR


async def fill(db: Database) -> None:
    """Something of everything that is counted, and beside each something that is not."""
    await make.messages(db, "one", "two")
    await make.replies(db, "said", channel="telegram")
    await make.replies(db, "said", "again")
    async with db.write() as uow:
        await _queues(uow)
        officer = await uow.officers.add(
            name="王老师", role="officer", region_code="152222", password_hash="x", now=NOW
        )
        late: dict[str, Any] = {"region_code": "152222103201", "due_at": BEFORE}
        uow.session.add_all(
            [
                make.application("A1", **late, assigned_to_id=officer.id),
                make.application("A2", **late, status="paid"),
                make.case("D1", **late),
                make.case("D2", status="closed"),
                make.case("D3", status="monitoring", due_at=later(days=1)),
                make.registration("T1", due_at=BEFORE),
                _escalation("E1", "emergency", status="open", opened_at=BEFORE),
                _escalation("E2", "human", status="open"),
                _escalation("E3", "emergency", status="acknowledged"),
            ]
        )
        for number, moment in enumerate((BEFORE, later(days=1))):
            await uow.session.flush()
            row = Supervision(
                reference=f"D{number}", demand="办", due_at=moment, by_id=officer.id, at=NOW
            )
            uow.session.add(row)
        await uow.audit.add(BEFORE, "system", None, "backup")
        await uow.audit.add(NOW, "system", None, "escalate")


async def _queues(uow: UnitOfWork) -> None:
    talk = await make.conversation(uow)
    row = await uow.inbox.by_external("web", "a/one")
    assert row is not None
    await uow.inbox.park(row, NOW, "broken")
    left = await uow.conversations.get_or_create("web", "left", NOW)
    left.gone_at = NOW
    for number, attempts in ((talk.id, 8), (talk.id, 0), (left.id, 8)):
        vain = await uow.outbox.add(number, "never", [], {}, NOW)
        assert vain is not None
        vain.attempts = attempts
        await uow.outbox.fail(vain.id, "tried or called off")
    await uow.outbox.add(talk.id, "tomorrow", [], {}, NOW, later(days=1))
    for number, due in enumerate((BEFORE, later(days=3))):
        await uow.reminders.add(
            "own", talk.person_id, talk.id, due, "记得", dedupe_key=f"k{number}"
        )


def _escalation(reference: str, type: str, **values: Any) -> Any:
    return make.case(reference, kind="escalation", type=type, **values)


async def test_what_waits_is_counted_and_what_does_not_is_not(any_db: Database) -> None:
    await fill(any_db)
    async with any_db.read() as uow:
        figures = uow.figures
        assert await figures.inbox(NOW) == Queue(1, NOW)
        assert (await figures.parked()).count == 1
        assert await figures.outbox(NOW) == {"telegram": Queue(1, NOW), "web": Queue(2, NOW)}
        assert await figures.unsent(BEFORE) == {"web": Queue(1, NOW)}
        assert await figures.unsent(NOW) == {}
        assert await figures.reminders(NOW) == Queue(1, BEFORE)
        assert await figures.inbox(BEFORE) == Queue()


async def test_what_nobody_looked_at_is_counted(any_db: Database) -> None:
    await fill(any_db)
    async with any_db.read() as uow:
        figures = uow.figures
        assert await figures.overdue(NOW) == {
            ("aid_application", "152222", True): 1,
            ("dropout_case", "152222", False): 1,
            ("training_registration", "", False): 1,
        }
        assert await figures.unacknowledged() == {
            "emergency": Queue(1, BEFORE),
            "human": Queue(1, NOW),
        }
        cases = await figures.open_cases()
        assert (cases["reported"], cases["monitoring"], cases["returned"]) == (1, 1, 0)
        assert not {"closed", "open"} & cases.keys()
        assert await figures.supervised_late(NOW) == 1
        assert await figures.oldest_clock(NOW) == BEFORE
        assert await figures.oldest_clock(BEFORE - AN_HOUR) is None
        assert await figures.last("backup") == BEFORE
        assert await figures.last("restore") is None
        assert await figures.bytes() > 100_000
        assert await figures.revision() == newest()


async def test_messages_are_counted_by_the_hour(any_db: Database) -> None:
    await fill(any_db)
    async with any_db.read() as uow:
        assert await uow.figures.heard_each_hour(later(hours=2), 4) == [0, 2, 0, 0]
        assert await uow.figures.heard_each_hour(later(minutes=-1), 2) == [0, 0]


async def test_an_answer_given_up_is_tried_again_a_push_is_not(any_db: Database) -> None:
    await fill(any_db)
    async with any_db.write() as uow:
        (row,) = await uow.outbox.given_up(BEFORE, 10)
        assert await uow.outbox.try_again(row.id, later(days=1))
        assert not await uow.outbox.try_again(row.id, NOW), "it waits already"
        assert await uow.outbox.given_up(BEFORE, 10) == []
    async with any_db.write() as uow:
        found = await uow.outbox.get(row.id)
        assert found is not None
        assert (found.status, found.attempts, found.due_at) == ("queued", 0, later(days=1))
        await uow.outbox.fail(row.id, "in vain again")
        found.attempts = 8
        talk = await make.conversation(uow)
        told = await uow.reminders.add(
            "documents", talk.person_id, talk.id, NOW, "带上户口本", dedupe_key="push"
        )
        assert told is not None
        uow.reminders.tell(told, row.id, NOW)
    async with any_db.write() as uow:
        assert await uow.outbox.given_up(BEFORE, 10) == []
        assert not await uow.outbox.try_again(row.id, NOW)


async def ask_everything(figures: Figures) -> None:
    for question in (
        figures.inbox,
        figures.outbox,
        figures.unsent,
        figures.reminders,
        figures.oldest_clock,
        figures.overdue,
        figures.supervised_late,
    ):
        await question(NOW)
    await figures.parked()
    await figures.unacknowledged()
    await figures.open_cases()
    await figures.last("backup")
    await figures.heard_each_hour(NOW, 24)


@asynccontextmanager
async def statements() -> AsyncIterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        seen.append((args[2], args[3]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_no_question_reads_a_whole_table(db: Database) -> None:
    tables = {"inbox", "outbox", "reminders", "conversations", "cases", "applications"}
    tables |= {"registrations", "supervisions", "audit"}
    async with db.read() as uow:
        async with statements() as seen:
            await ask_everything(uow.figures)
        connection = await uow.session.connection()
        asked = [(sql, values) for sql, values in seen if sql.startswith("SELECT")]
        assert len(asked) > 10
        for sql, values in asked:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            steps = [str([*row][-1]) for row in plan]
            scanned = {step.split()[1] for step in steps if step.startswith("SCAN")}
            assert not scanned & tables, (sql, steps)


@pytest.mark.slow
@pytest.mark.postgres
async def test_postgresql_has_an_index_for_each_question(postgres_url: str, keyring: Any) -> None:
    database = await Database.open(postgres_url, keyring)
    try:
        async with database.read() as uow:
            connection = await uow.session.connection()
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            async with statements() as seen:
                await ask_everything(uow.figures)
            for sql, values in [each for each in seen if each[0].startswith("SELECT")]:
                plan = await connection.exec_driver_sql(f"EXPLAIN {sql}", values)
                lines = "\n".join(str(row[0]) for row in plan)
                assert not re.search(r"Seq Scan on", lines), (sql, lines)
    finally:
        await database.close()
