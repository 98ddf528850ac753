"""Seals every sensitive value again with the newest key, some at a time, while others write."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    TableClause,
    Text,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    table,
    update,
)

from storage.columns import Encrypted, EncryptedJSON
from storage.db import Database
from storage.errors import KeyProblem
from storage.keys import Keyring, begins_with
from storage.schema import metadata

SOME = 100
"""Rows in one transaction: others who write wait no longer than for any of ours."""

_BREATH = 0.01
_TELL = 500
_ID_FROM, _ID_LENGTH = 4, 8
"""Where the id of its key stands in a value: k1.0a1b2c3d.…"""


@dataclass(frozen=True)
class Sealed:
    """The encrypted columns of one table, as the database holds them, each with its context."""

    clause: TableClause
    contexts: dict[str, str]

    def is_old(self, current: str) -> ColumnElement[bool]:
        """Whether a row has a value under another key."""
        new = f"{begins_with(current)}%"
        return or_(*(self.clause.c[name].not_like(new) for name in self.contexts))


@dataclass
class Progress:
    """What was sealed again, and the values that no key opens, as table.column and row."""

    values: int = 0
    unreadable: set[tuple[str, int]] = field(default_factory=set)


def sealed_tables() -> list[Sealed]:
    """Every table with something encrypted in it."""
    found = []
    for each in metadata.sorted_tables:
        contexts = dict(_sealed_columns(each))
        if contexts:
            columns = (column(name, Text) for name in contexts)
            found.append(Sealed(table(each.name, column("id", BigInteger), *columns), contexts))
    return found


async def values_by_key(db: Database) -> Counter[str]:
    """How many values lie under each key."""
    counts: Counter[str] = Counter()
    async with db.read() as uow:
        for sealed in sealed_tables():
            for name in sealed.contexts:
                value = sealed.clause.c[name]
                key = func.substr(value, _ID_FROM, _ID_LENGTH)
                query = select(key, func.count()).where(value.is_not(None)).group_by(key)
                for id, count in (await uow.session.execute(query)).tuples():
                    counts[str(id)] += count
    return counts


async def is_any_old(db: Database) -> bool:
    """Whether anything is left under another key than the newest."""
    async with db.read() as uow:
        for sealed in sealed_tables():
            old = select(exists().where(sealed.is_old(db.keyring.current)))
            if await uow.session.scalar(old):
                return True
    return False


async def seal_again(db: Database, say: Callable[[str, int], None]) -> Progress:
    """Go through all tables once; rows that somebody holds are left to the next time."""
    progress = Progress()
    for sealed in sealed_tables():
        told, last = progress.values, -1
        while last != 0:
            last = await _some(db, sealed, max(last, 0), progress)
            if progress.values >= told + _TELL or (last == 0 and progress.values > told):
                say(sealed.clause.name, progress.values - told)
                told = progress.values
            await asyncio.sleep(_BREATH)
    return progress


async def _some(db: Database, sealed: Sealed, after: int, progress: Progress) -> int:
    """Seal the next rows again; the number of the last one, 0 when there was none.

    What is written meanwhile is newer and stays: a value changes only if it still is what was
    read. Rows are locked only when they are free: who never waits is in nobody's way for long, and
    in no deadlock.
    """
    clause = sealed.clause
    async with db.read() as uow:
        query = select(clause).where(clause.c.id > after, sealed.is_old(db.keyring.current))
        found = (await uow.session.execute(query.order_by(clause.c.id).limit(SOME))).mappings()
        rows = [dict(row) for row in found]
    if not rows:
        return 0
    changes = {name: _changes(db.keyring, sealed, name, rows, progress) for name in sealed.contexts}
    async with db.write() as uow:
        ids = [row["id"] for row in rows]
        free = select(clause.c.id).where(clause.c.id.in_(ids)).order_by(clause.c.id)
        locked = await uow.session.scalars(free.with_for_update(skip_locked=True, key_share=True))
        mine = set(locked.all())
        connection = await uow.session.connection()
        for name, all_changes in changes.items():
            some = [change for change in all_changes if change["row"] in mine]
            if some:
                same = clause.c.id == bindparam("row"), clause.c[name] == bindparam("old")
                statement = update(clause).where(*same).values({name: bindparam("new")})
                await connection.execute(statement, some)
                progress.values += len(some)
    return int(rows[-1]["id"])


def _changes(
    ring: Keyring, sealed: Sealed, name: str, rows: Sequence[dict[str, Any]], progress: Progress
) -> list[dict[str, Any]]:
    """Number, old and new value of each row whose value is under another key."""
    found, new = [], begins_with(ring.current)
    for row in rows:
        value = row[name]
        if value is None or value.startswith(new):
            continue
        context = sealed.contexts[name]
        try:
            fresh = ring.encrypt(ring.decrypt(value, context), context)
        except KeyProblem:
            progress.unreadable.add((context, row["id"]))
            continue
        found.append({"row": row["id"], "old": value, "new": fresh})
    return found


def _sealed_columns(found: Table) -> Iterator[tuple[str, str]]:
    for each in found.columns:
        if isinstance(each.type, Encrypted | EncryptedJSON):
            yield each.name, each.type.column
