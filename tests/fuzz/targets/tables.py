"""Spreadsheets taken in row by row: sessions, people, officers, lists; nothing of it is kept."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache

from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.rights.actor import SYSTEM
from bot.spreadsheets import lists, officers, people, sessions
from bot.spreadsheets.read import rows_of
from bot.spreadsheets.table import BadFile, Row
from storage.db import Database
from storage.keys import Keyring
from storage.kinds import ListKind
from tests.backup.filled import NOW
from tests.fuzz import backup_seeds as made
from tests.fuzz.scratch import folder
from tests.fuzz.targets.base import Target, one_of

Take = Callable[[Acting, Sequence[Row]], Awaitable[object]]


async def _take_list(turn: Acting, rows: Sequence[Row]) -> object:
    kind = one_of(tuple(ListKind), repr(rows[:1]).encode())
    return await lists.take_list(turn, rows, lists.Heading(kind, "名单", "152222"))


KINDS: tuple[tuple[Mapping[str, str], Take], ...] = (
    (sessions.COLUMNS, sessions.take_sessions),
    (people.COLUMNS, people.take_people),
    (officers.COLUMNS, officers.take_officers),
    (lists.HEADS, _take_list),
)


class _Undone(Exception):
    """Nothing of a run may be left for the next."""


@lru_cache(maxsize=1)
def _runner() -> tuple[asyncio.Runner, Database]:
    path, runner = folder() / "tables.db", asyncio.Runner()
    shutil.copy(made.empty_database(), path)
    keyring = Keyring([bytes(range(32))])
    return runner, runner.run(Database.open(f"sqlite:///{path}", keyring))


def _tables(content: bytes) -> None:
    runner, db = _runner()
    for columns, take in KINDS:
        try:
            rows = rows_of(content, columns)
        except BadFile as bad:
            assert bad.reason
            continue
        assert not any("\0" in cell for row in rows for cell in row.cells.values())
        runner.run(_taken(db, rows[:20], take))


async def _taken(db: Database, rows: Sequence[Row], take: Take) -> None:
    try:
        async with db.write() as uow:
            await take(Acting(uow, SYSTEM, NOW), rows)
            await uow.session.flush()
            raise _Undone
    except (_Undone, Refused):
        return


def _files() -> list[bytes]:
    head = "名称,主办单位,对象,级别,方式,地区,地点,开始日期,结束日期,名额,报名截止\n"
    rows = "夜校,教育局,农牧民,基础,线下,科右中旗,文化站,2026-12-01,2026/12/20,30,2026-11-30\n"
    person = "姓名,电话,身份,地区\n乌兰,13947820000,家长,科右中旗\n王芳,13947820001,干部,152222\n"
    officer = "姓名,角色,地区\n王芳,经办人,科右中旗\n李强,管理员,150000\n"
    one = ",".join(lists.COLUMNS.values())
    listed = "苏日娜,2018,152222201801011234,高力板中心小学,二年级,高力板镇,乌兰,13947820000,低保"
    said = (head + rows * 2, person, officer, f"{one}\n{listed}\n", f"名单\n{one}\n示例\n{listed}")
    return [*(text.encode() for text in said), (head + rows).encode("gb18030")]


TARGETS = (Target("tables", _tables, _files, 0.01, is_text=False, longest=1 << 13),)
