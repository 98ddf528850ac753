"""What the gate asks of the database does not grow with how many people it writes to at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event

from bot.gate.firing import fire_some
from bot.workers.events import DEFAULT
from storage.db import Database
from storage.kinds import ReminderKind
from tests.service import support as s
from tests.storage import make

KINDS = (ReminderKind.OWN, ReminderKind.DOCUMENTS, ReminderKind.WINDOW)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that any engine executes meanwhile."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def plan(db: Database, kind: ReminderKind, number: int) -> None:
    """One due reminder of a person who filed an application of which all papers are missing."""
    reference = f"A26-{kind[:4].upper()}-{number:03}"
    slots = {"grade": "高中三年级", "hardship": ["dibao"]}
    who = await s.person(db, f"{kind}{number}")
    async with db.write() as uow:
        row = make.application(reference, person_id=who.person_id, slots=slots)
        row.conversation_id, row.status = who.conversation_id, "submitted"
        await uow.records.add(row)
        await uow.reminders.add(
            kind,
            who.person_id,
            who.conversation_id,
            s.NOW,
            "x",
            reference if kind == ReminderKind.DOCUMENTS else None,
            dedupe_key=reference,
            about="event:college_awards:opens:2026" if kind == ReminderKind.WINDOW else None,
        )


async def statements(db: Database, numbers: range) -> int:
    """How many it takes to write to these people, about each kind."""
    for kind in KINDS:
        for number in numbers:
            await plan(db, kind, number)
    with counted() as seen:
        async with db.write() as uow:
            events = await fire_some(uow, s.NOW + timedelta(minutes=1), DEFAULT)
    assert events is not None
    assert [len([e for e in events if e.kind == kind]) for kind in KINDS] == [len(numbers)] * 3
    return len(seen)


async def test_a_handful_costs_as_many_statements_as_one(db: Database) -> None:
    assert await statements(db, range(1)) == await statements(db, range(1, 13))
