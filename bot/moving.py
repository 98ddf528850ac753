"""Moves all records from the embedded database to an empty PostgreSQL, and compares every row."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import ServiceError
from bot.rights.actor import SYSTEM
from bot.service.presence import SILENT
from storage.db import Database
from storage.engine import make_engine
from storage.keys import Keyring
from storage.loading import Loading, is_empty
from storage.migrate import downgrade, upgrade
from storage.portable import Shape
from storage.revisions import newest
from storage.snapshot import Snapshot, snapshot

SAY_EVERY = 50_000

Say = Callable[[str], None]


class MoveError(ServiceError):
    """Nothing was moved; the target is as empty as before."""


@dataclass(frozen=True)
class Moved:
    """One table: how many rows, and a hash of what is in them, the same on both sides."""

    table: str
    rows: int
    sha256: str


async def move(source: str, target: str, keyring: Keyring, now: datetime, say: Say) -> list[Moved]:
    """Copy all rows as they are, still encrypted, under their numbers. Raises MoveError.

    The source stays as it is, and nobody can write to it meanwhile.
    """
    if not await is_empty(target):
        raise MoveError("目标数据库里已经有表了。请新建一个空的数据库再搬；这条命令不会清空它。")
    await upgrade(source)
    await _refuse_while_in_use(source, keyring, now)
    async with _shut(source):
        try:
            moved = await _copy(source, target, say)
            await _settle(target, keyring, moved, now)
        except BaseException as error:
            with suppress(DBAPIError, OSError):  # leave it as empty as it was
                await downgrade(target, "base")
            if isinstance(error, DBAPIError):
                raise MoveError(f"目标数据库写不进去：{error.orig}") from None
            raise
    return moved


async def _refuse_while_in_use(source: str, keyring: Keyring, now: datetime) -> None:
    db = await Database.open(source, keyring)  # a wrong key is told here
    try:
        async with db.read() as uow:
            alive = await uow.processes.seen_since(now - SILENT)
            loose = (await uow.session.execute(text("PRAGMA foreign_key_check"))).all()
    finally:
        await db.close()
    if alive:
        raise MoveError(
            f"服务还在运行（{alive[0].name}）。请先停掉它；如果它刚被强行结束，等一分钟再搬。"
        )
    if loose:
        raise MoveError(f"表 {loose[0][0]} 里有 {len(loose)} 行指着不存在的记录，没有搬。")


@asynccontextmanager
async def _shut(source: str) -> AsyncIterator[None]:
    """Hold the write lock of SQLite: what came in now would be left behind."""
    engine = make_engine(source)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))  # takes the lock
            yield
    finally:
        await engine.dispose()


async def _copy(source: str, target: str, say: Say) -> list[Moved]:
    loading = await Loading.prepare(target, newest())
    try:
        async with snapshot(source) as here:
            moved = [await _table(here, shape, loading, say) for shape in here.shapes]
            say("正在逐行比较……")
            await _compare(target, here.shapes, moved)
            last = {shape.name: await here.last_number(shape) for shape in here.shapes}
            await loading.count_on({name: top for name, top in last.items() if top}, 0)
    finally:
        await loading.close()
    return moved


async def _table(here: Snapshot, shape: Shape, loading: Loading, say: Say) -> Moved:
    seen = hashlib.sha256()
    rows = 0
    async for lines in here.lines(shape):
        seen.update(b"".join(lines))
        try:
            await loading.add(shape, lines)
        except DBAPIError as error:
            where = f"表 {shape.name} 第 {rows + 1} 到 {rows + len(lines)} 行"
            raise MoveError(f"{where}里有 PostgreSQL 不收的内容：{error.orig}") from None
        if rows // SAY_EVERY < (rows + len(lines)) // SAY_EVERY:
            say(f"{shape.name}：已经搬了 {rows + len(lines)} 行")
        rows += len(lines)
    return Moved(shape.name, rows, seen.hexdigest())


async def _compare(target: str, shapes: Sequence[Shape], moved: Sequence[Moved]) -> None:
    """Read everything back; foreign keys are the server's own to check, and it did."""
    async with snapshot(target) as there:
        for shape, sent in zip(shapes, moved, strict=True):
            seen, rows = hashlib.sha256(), 0
            async for lines in there.lines(shape):
                seen.update(b"".join(lines))
                rows += len(lines)
            if Moved(shape.name, rows, seen.hexdigest()) != sent:
                raise MoveError(f"表 {shape.name} 搬过去以后不一样了，没有搬。")


async def _settle(target: str, keyring: Keyring, moved: Sequence[Moved], now: datetime) -> None:
    """Open it as the service will, which tries the key, and leave a line in the log."""
    db = await Database.open(target, keyring)
    try:
        async with db.write() as uow:
            for process in await uow.processes.seen_since(datetime.min.replace(tzinfo=now.tzinfo)):
                await uow.processes.leaves(process.name)
            detail = {"tables": len(moved), "rows": sum(each.rows for each in moved)}
            await uow.audit.add(now, SYSTEM.kind.value, None, "move", detail=detail)
    finally:
        await db.close()
