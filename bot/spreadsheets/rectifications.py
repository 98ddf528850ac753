"""The rectification ledger (整改台账) of a month: what was open in it or closed in it."""

from collections.abc import Mapping

from bot.clock import local_day
from bot.reports.model import Cell, Table
from bot.reports.scope import Scope, month_bounds
from bot.rights.masking import masked_text
from bot.rights.territory import chain, covers
from bot.words import render
from nlu.divisions import lookup
from storage.models.supervision import Rectification
from storage.uow import UnitOfWork

TITLE = "整改台账"
MOST_ROWS = 20_000
_BANNER = 6
_HEADS = (
    "序号",
    "旗县",
    "苏木乡镇",
    "问题",
    "哪次检查发现的",
    "发现日期",
    "整改措施",
    "责任人",
    "整改期限",
    "状态",
    "进展和佐证",
    "说整改好的人",
    "销号人",
    "销号日期",
)


async def rectification_table(uow: UnitOfWork, scope: Scope, full: bool) -> Table:
    """The faults of a place by deadline; what somebody wrote freely loses long numbers."""
    names = {officer.id: officer.name for officer in await uow.officers.all()}
    rows = await uow.rectifications.within(scope.region[:_BANNER], MOST_ROWS)
    there = [row for row in rows if covers(scope.region, row.region_code) and _is_in(row, scope)]
    lines = tuple(
        tuple(map(Cell, (str(number), *_line(row, names, full))))
        for number, row in enumerate(there, start=1)
    )
    return Table(TITLE, _HEADS, lines)


def _is_in(row: Rectification, scope: Scope) -> bool:
    """Found before the month was over, and not closed before it began."""
    start, following = (local_day(moment) for moment in month_bounds(scope.last))
    return row.found_on < following and (row.closed_on is None or row.closed_on >= start)


def _line(row: Rectification, names: Mapping[int, str], full: bool) -> tuple[str, ...]:
    told = str if full else masked_text
    return (
        _unit(row.region_code, 2),
        _unit(row.region_code, 3),
        told(row.problem),
        row.inspection,
        row.found_on.isoformat(),
        told(row.measure),
        row.owner,
        row.deadline.isoformat(),
        render(f"rectification.{row.status}"),
        told(row.evidence),
        names.get(row.done_by_id or 0, ""),
        names.get(row.closed_by_id or 0, ""),
        row.closed_on.isoformat() if row.closed_on else "",
    )


def _unit(code: str, step: int) -> str:
    codes = chain(code)
    unit = lookup(codes[step]) if len(codes) > step else None
    return unit.name if unit else ""
