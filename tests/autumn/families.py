"""Families in bulk: people with a web chat each, written straight through the tables."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from storage.db import Database
from storage.models.base import Base
from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.models.reminder import Reminder

CHUNK = 2000
HOME = "152222"


async def add_families(
    db: Database, number: int, now: datetime, people: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    """People 1 to `number`, each with the conversation of the same number, in an empty database.

    `people` holds by number what is special about a person.
    """
    special = people or {}
    plain = {"language": "zh", "reminders_on": True, "is_phone_shared": False, "created_at": now}
    plain |= {"home_region": HOME, "push_hour": None, "muted": None, "role": None}
    for ids in chunks(range(1, number + 1)):
        persons = [{**plain, **special.get(id, {}), "id": id} for id in ids]
        talks = [_talk(id, now) for id in ids]
        await add_rows(db, Person, persons)
        await add_rows(db, Conversation, talks)


def _talk(id: int, now: datetime) -> dict[str, Any]:
    address = {"channel": "web", "address": f"family-{id}", "state": {}}
    return {"id": id, "person_id": id, "updated_at": now, **address}


async def add_reminders(db: Database, rows: Sequence[Mapping[str, Any]]) -> None:
    """Own reminders, each given by person, moment, words and key."""
    for some in chunks(rows):
        await add_rows(db, Reminder, [_reminder(row) for row in some])


def _reminder(row: Mapping[str, Any]) -> dict[str, Any]:
    due = {"planned_for": row["due_at"], "conversation_id": row["person_id"]}
    return {"kind": "own", "status": "waiting", **due, **row}


async def add_rows(db: Database, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of one table in a transaction of their own."""
    async with db.write() as uow:
        await uow.session.execute(insert(model), [dict(row) for row in rows])


def chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Some rows at a time."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
