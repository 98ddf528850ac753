"""A list of children as a file, and short ways to take it in and look at its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.handlers.acting import Acting
from bot.outreach.comparing import compare_some
from bot.rights.actor import Actor
from bot.spreadsheets.lists import COLUMNS, Heading, Taken, list_rows, take_list
from storage.db import Database
from storage.kinds import ListKind, Role
from storage.models.officer import Officer
from storage.models.outreach import OutreachRow
from storage.repositories.outreach import RowQuery
from tests.service import support as s

CHILD: dict[str, str] = {
    "name": "苏日娜",
    "id_number": "152222201801011234",
    "school": "高力板中心小学",
    "grade": "小学二年级",
    "region": "高力板镇",
    "guardian": "乌云",
    "phone": "13948123456",
}
"""The child of `support.APPLICATION`."""


def csv_of(*children: Mapping[str, str], heads: Sequence[str] = ()) -> bytes:
    """A CSV with the usual heads."""
    lines = [",".join(heads or COLUMNS.values())]
    lines += [",".join(child.get(column, "") for column in COLUMNS) for child in children]
    return "\n".join(lines).encode()


async def taken(
    db: Database,
    by: Officer,
    *children: Mapping[str, str],
    kind: ListKind = ListKind.DIBAO,
    title: str = "低保名单",
    **more: Any,
) -> Taken:
    """Import a list."""
    async with db.write() as uow:
        turn = Acting(uow, Actor.officer(by), more.pop("now", s.NOW))
        heading = Heading(kind, title, more.pop("region", by.region_code), **more)
        return await take_list(turn, list_rows(csv_of(*children)), heading)


async def compared(db: Database, list_id: int) -> list[OutreachRow]:
    """The rows of a list after all were compared."""
    async with db.write() as uow:
        while await compare_some(uow, s.NOW):
            pass
    return await rows_of_list(db, list_id)


async def rows_of_list(db: Database, list_id: int) -> list[OutreachRow]:
    """The rows of a list in their order."""
    async with db.read() as uow:
        return await uow.outreach.page(RowQuery(list_id, limit=500))


async def leader(db: Database, name: str = "主管", region: str = s.BANNER) -> Officer:
    """One who may import."""
    return await s.officer(db, name, Role.SUPERVISOR, region)
