"""Derives the stage of school of records filed before reports counted by it.

It is inside the encrypted answers, so no migration can: done at the start, in small transactions.
"""

from sqlalchemy import select, update

from bot.cases.records import stage_code
from storage.db import Database
from storage.repositories.record_query import TABLES, RecordModel

_BATCH = 500


async def code_stages(db: Database) -> int:
    """Fill in what is missing; how many records got their stage."""
    done = 0
    for table in TABLES:
        while coded := await _batch(db, table):
            done += coded
    return done


async def _batch(db: Database, table: RecordModel) -> int:
    missing = select(table.id, table.slots).where(table.stage.is_(None)).limit(_BATCH)
    async with db.read() as uow:  # most starts find nothing and need not wait for a writer
        if (await uow.session.execute(missing.limit(1))).first() is None:
            return 0
    async with db.write() as uow:
        # What another process that starts now is at is left to it.
        mine = missing.order_by(table.id).with_for_update(skip_locked=True)
        rows = (await uow.session.execute(mine)).all()
        for id, slots in rows:
            # Past the version on purpose: nobody's open form is outdated by this.
            told = update(table).where(table.id == id)
            stage = stage_code((slots or {}).get("grade"))
            await uow.session.execute(told.values(stage=stage))
    return len(rows)
