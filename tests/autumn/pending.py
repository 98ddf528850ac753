"""A database with many reminders planned for later, and a hundred that are due again and again."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import text

from bot.workers.reminders import fire_due
from storage.db import Database
from storage.keys import Keyring
from tests.autumn.families import add_families, add_reminders
from tests.autumn.firer import KEY, NOW

T = TypeVar("T")

DUE = 100
PEOPLE = 1000
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)",
    "postgresql": "WITH n AS (SELECT i FROM generate_series(0, :many - 1) AS i)",
}
_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-11-25', (i % 500000) || ' minutes')",
    "postgresql": "timestamptz '2026-11-25' + (i % 500000) * interval '1 minute'",
}
_COLUMNS = "kind, person_id, conversation_id, text, dedupe_key, status, due_at, planned_for"


class Pending:
    """Reminders of some people, all of them planned for days to come."""

    def __init__(self, url: str, many: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._keys = count()
        self._db = self._do(Database.open(url, Keyring([KEY])))
        self._do(self._fill(many))

    def add_due(self) -> None:
        """A hundred people have one that is due now."""
        keys = (f"due:{next(self._keys)}" for _ in range(DUE))
        common = {"due_at": NOW - timedelta(minutes=1), "text": "交户口本"}
        rows = [
            {**common, "person_id": place * (PEOPLE // DUE) + 1, "dedupe_key": key}
            for place, key in enumerate(keys)
        ]
        self._do(add_reminders(self._db, rows))

    def settle(self) -> None:
        """A tick's part in it."""
        events = self._do(fire_due(self._db, NOW))
        if len(events) != DUE:
            raise RuntimeError(f"{len(events)} instead of {DUE} were due")

    def close(self) -> None:
        """Close the database."""
        self._do(self._db.close())
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    async def _fill(self, many: int) -> None:
        await add_families(self._db, PEOPLE, NOW - timedelta(days=30))
        async with self._db.write() as uow:
            dialect = uow.session.get_bind().dialect.name
            insert = (
                f"INSERT INTO reminders ({_COLUMNS}) {_NUMBERS[dialect]}"
                f" SELECT 'own', i % {PEOPLE} + 1, i % {PEOPLE} + 1, :words, 'later:' || i,"
                f" 'waiting', {_MOMENT[dialect]}, {_MOMENT[dialect]} FROM n"
            )
            if dialect == "sqlite":  # here WITH comes first
                insert = f"{_NUMBERS[dialect]} {insert.replace(_NUMBERS[dialect], '')}"
            words = self._db.keyring.encrypt("交户口本", "reminders.text")
            await uow.session.execute(text(insert), {"many": many, "words": words})
            if dialect == "postgresql":  # its autovacuum would do so within a minute
                await uow.session.execute(text("ANALYZE"))
