"""Fills a database with people who have talked to us before, each with plausible rows."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import use_keyring
from storage.engine import make_engine
from storage.keys import Keyring
from storage.schema import metadata

CHUNK = 25_000
"""People added in one transaction."""

TALKED = 2
"""Messages of each person, and answers to them."""

_WORDS = "我想给孩子申请助学金，她上初二，在旗里的二中，家里五口人，去年收入两万左右。"
_ANSWER = "记下了。请问孩子在哪个学校上学？写学校的名字就行，比如“二中”。不清楚就说“不知道”。"
_STATE = {"stack": [], "home": "152222", "last_topic": 3, "filed": ["A26-000001"]}
_SLOTS = {
    **{"child_name": "苏日娜", "age": 14, "grade": "初中二年级", "school": "二中"},
    **{"region": "152222103", "hardship": ["dibao"], "household_size": 5, "annual_income": 20000},
    **{"applicant_name": "乌云", "relation": "mother", "phone": "13947820000"},
}


async def fill(url: str, keyring: Keyring, people: int, say: Callable[[str], None]) -> None:
    """Add so many people to a migrated database; nothing of it must survive a power cut."""
    engine = make_engine(url)
    use_keyring(engine.dialect, keyring)
    began = time.perf_counter()
    try:
        for first in range(1, people + 1, CHUNK):
            last = min(first + CHUNK - 1, people)
            async with engine.connect() as connection:
                await _without_waiting_for_the_disk(connection)
                async with connection.begin():
                    await connection.run_sync(_add, first, last)
            say(f"{last:,} of {people:,} people, {time.perf_counter() - began:.0f} s")
        async with engine.connect() as connection:
            await _tidy(connection)
    finally:
        await engine.dispose()


async def _without_waiting_for_the_disk(connection: AsyncConnection) -> None:
    if connection.dialect.name == "sqlite":
        raw = await connection.get_raw_connection()
        await raw.driver_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]
    else:
        await connection.exec_driver_sql("SET synchronous_commit = off")
        await connection.commit()


async def _tidy(connection: AsyncConnection) -> None:
    """New rows get ids behind ours, the planner knows how much there is, and all is on the disk."""
    if connection.dialect.name == "sqlite":
        return
    await connection.execution_options(isolation_level="AUTOCOMMIT")
    for table in metadata.sorted_tables:
        if "id" in table.c and table.name not in {"key_check"}:
            next_id = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
            await connection.execute(
                text(f"{next_id} (SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)")
            )
    await connection.exec_driver_sql("VACUUM ANALYZE")
    await connection.exec_driver_sql("CHECKPOINT")  # else filling goes on while we measure


def _add(connection: Connection, first: int, last: int) -> None:
    for name, many, columns in _rows():
        table = metadata.tables[name]
        numbers = _numbers(first, last, many)
        values = columns(numbers, table)
        connection.execute(
            insert(table).from_select(
                list(values), select(*values.values()), include_defaults=False
            )
        )


def _numbers(first: int, last: int, many: int) -> ColumnElement[int]:
    start, end = (first - 1) * many + 1, last * many
    numbers = select(literal(start).label("i")).cte("numbers", recursive=True)
    following = select(numbers.c.i + 1).where(numbers.c.i < end)
    return numbers.union_all(following).c.i


Values = dict[str, ColumnElement[Any]]
Columns = Callable[[ColumnElement[int], Table], Values]


def _rows() -> Iterator[tuple[str, int, Columns]]:
    """Every table, how many rows of it a person has, and what stands in them."""
    yield "people", 1, _people
    yield "conversations", 1, _conversations
    yield "inbox", TALKED, _inbox
    yield "outbox", TALKED, _outbox
    yield "applications", 1, _applications
    yield "audit", 2, _audit


def _fixed(table: Table, values: Mapping[str, Any]) -> Values:
    """The same in every row, as the column stores it."""
    return {name: literal(value, table.c[name].type) for name, value in values.items()}


def _key(prefix: str, number: ColumnElement[int]) -> ColumnElement[str]:
    return literal(prefix).concat(func.substr((number + 10_000_000).concat(""), 2))


def _past(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _owner(number: ColumnElement[int], many: int) -> ColumnElement[int]:
    return (number - 1) // many + 1


def _people(number: ColumnElement[int], table: Table) -> Values:
    same: dict[str, Any] = {
        "name": "乌云",
        "phone": "13947820000",
        "role": "parent",
        "home_region": "152222103",
    }
    same |= {"language": "zh", "reminders_on": True, "created_at": _past(60)}
    return {
        "id": number,
        "phone_hash": _key("many-people-", number),
        **_fixed(table, {**same, "is_phone_shared": False}),
    }


def _conversations(number: ColumnElement[int], table: Table) -> Values:
    same: dict[str, Any] = {
        "channel": "telegram",
        "state": _STATE,
        "code_misses": 0,
        "updated_at": _past(30),
    }
    own: Values = {"id": number, "person_id": number, "address": _key("7", number)}
    return {**own, **_fixed(table, same)}


def _inbox(number: ColumnElement[int], table: Table) -> Values:
    payload = {"channel": "telegram", "address": "70000001", "text": _WORDS, "files": []}
    when = {"sent_at": _past(30), "received_at": _past(30), "ready_at": _past(30)}
    same: dict[str, Any] = {
        "channel": "telegram",
        "payload": payload,
        "status": "handled",
        "attempts": 1,
    }
    heard = {"intent": "apply_aid", "confidence": 0.97}
    own: Values = {"id": number, "conversation_id": _owner(number, TALKED)}
    own |= {"external_id": _key("m", number)}
    return {**own, **_fixed(table, {**same, **when, "handled_at": _past(30), "heard": heard})}


def _outbox(number: ColumnElement[int], table: Table) -> Values:
    buttons = [{"title": "不知道", "payload": "!answer=unknown"}]
    same: dict[str, Any] = {
        "text": _ANSWER,
        "buttons": buttons,
        "custom": {"flow": "aid", "asks": "school"},
    }
    when = {"created_at": _past(30), "due_at": _past(30), "sent_at": _past(30)}
    own: Values = {"id": number, "conversation_id": _owner(number, TALKED), "in_reply_to": number}
    own |= {"external_id": _key("t", number)}
    return {**own, **_fixed(table, {**same, **when, "status": "sent", "attempts": 1})}


def _applications(number: ColumnElement[int], table: Table) -> Values:
    when = {"opened_at": _past(50), "updated_at": _past(20), "closed_at": _past(20)}
    same: dict[str, Any] = {
        "kind": "aid_application",
        "status": "paid",
        "version": 5,
        "region_code": "152222103",
    }
    same |= {"opened_month": f"{_past(50):%Y-%m}", "stage": "paid", "slots": _SLOTS}
    same |= {"level": "special", "ladder_level": 0}
    own: Values = {"id": number, "person_id": number, "conversation_id": number}
    own |= {"reference": _key("A25-", number), "reference_key": _key("A25", number)}
    own |= {"name_key": _key("name-", number), "phone_hash": _key("phone-", number)}
    return {**own, **_fixed(table, {**same, **when})}


def _audit(number: ColumnElement[int], table: Table) -> Values:
    same = {"at": _past(30), "actor_kind": "person", "action": "application.opened"}
    own: Values = {"id": number, "actor_id": _owner(number, 2)}
    own |= {"reference": _key("A25-", _owner(number, 2))}
    return {**own, **_fixed(table, {**same, "region_code": "152222103"})}
