"""What is held of minors: counts by kind, age and place, and of everything else that is kept."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from bot.reports.model import Cell, Line, Table
from bot.rights.territory import place_name
from bot.words import render
from flows.policy.retention import load_retention
from storage.models.application import Application
from storage.models.attachment import Attachment
from storage.models.case import Case
from storage.models.outreach import OutreachRow
from storage.models.training import Registration
from storage.regions import prefix, within
from storage.schema import metadata
from storage.uow import UnitOfWork

AGES = ("不满14岁", "14到17岁", "18岁以上", "没写年龄")
_PAGE = 500
_BANNER = 6
_TABLES: tuple[Any, ...] = (Application, Case, Registration)
_PLACED = {table.__tablename__: table for table in (*_TABLES, OutreachRow)}
Counts = Counter[tuple[str, str, str]]
"""Kind, banner and age → how many."""


async def held(uow: UnitOfWork, region: str) -> list[Table]:
    """By kind and age, by banner, and every table with what is in it."""
    counts: Counts = Counter()
    for table in _TABLES:
        await _count(uow, table, region, counts)
    return [_by_kind(counts), _by_banner(counts), await _everything(uow, region)]


async def _count(uow: UnitOfWork, table: Any, region: str, counts: Counts) -> None:
    """Records are opened a page at a time: how old somebody is stands among the sealed answers."""
    after = 0
    while True:
        columns = select(table.id, table.kind, table.region_code, table.slots)
        query = columns.where(table.id > after, within(table.region_code, region))
        rows = (await uow.session.execute(query.order_by(table.id).limit(_PAGE))).all()
        for id, kind, place, slots in rows:
            after = id
            counts[kind, _banner(place), age_group((slots or {}).get("age"))] += 1
        if len(rows) < _PAGE:
            return


def age_group(age: object) -> str:
    """The group that the law tells apart."""
    if not isinstance(age, int) or isinstance(age, bool):
        return AGES[3]
    return AGES[0] if age < 14 else AGES[1] if age < 18 else AGES[2]


def _banner(place: str | None) -> str:
    return prefix(place)[:_BANNER] if place else ""


def _by_kind(counts: Counts) -> Table:
    lines = [
        _line(render(f"kind.{kind}"), [n for n in counts if n[0] == kind], counts)
        for kind in sorted({kind for kind, _, _ in counts})
    ]
    note = "登记时的年龄。已经删除的不在里面。一个孩子可能有几条记录。"
    return Table("各类记录和年龄", ("记录", "合计", *AGES), tuple(lines), note)


def _by_banner(counts: Counts) -> Table:
    places = sorted({place for _, place, _ in counts})
    lines = [_line(_name(place), [n for n in counts if n[1] == place], counts) for place in places]
    return Table("各旗县和年龄", ("地方", "合计", *AGES), tuple(lines))


def _name(place: str) -> str:
    return place_name(place) or place or "地点不详"


def _line(name: str, names: Sequence[tuple[str, str, str]], counts: Counts) -> Line:
    ages = Counter[str]()
    for each in names:
        ages[each[2]] += counts[each]
    return (Cell(name), Cell(sum(ages.values())), *(Cell(ages[age]) for age in AGES))


async def _everything(uow: UnitOfWork, region: str) -> Table:
    """Every table of the database; those without a place are counted for the whole installation."""
    lines = []
    for name, kept in load_retention().tables.items():
        table = metadata.tables[name]
        query: Any = select(func.count()).select_from(table)
        placed = name in _PLACED
        if placed:
            query = query.where(within(_PLACED[name].region_code, region))
        if name == Attachment.__tablename__:
            query = query.where(table.c.status != "deleted")
        many = await uow.session.scalar(query) or 0
        where = "本地区" if placed else "整个系统"
        sealed = f"{len(kept.sealed)} 列" if kept.sealed else "没有"
        lines.append((Cell(kept.holds), Cell(many), Cell(where), Cell(sealed)))
    heads = ("是什么", "几行", "范围", "加密的")
    return Table("每张表里有多少", heads, tuple(lines), widths=(9, 2, 2, 2))
