"""How far up matters went: where they stand on the ladder, and how often they climbed."""

from bot.reports.folding import Tally, total
from bot.reports.model import Cell, Chart, Heading, Line, Part, Report, Spot, Table
from bot.reports.scope import Scope, month_bounds, months_before
from bot.words import render
from storage.kinds import RecordKind
from storage.uow import UnitOfWork

HEADING = Heading(
    "climbing",
    "逐级上报",
    "事情走到了哪一级，到点没人办自己往上走了多少次。",
)

LADDER = ("嘎查村", "苏木乡镇", "旗县", "盟市", "自治区")
_KINDS = (RecordKind.DROPOUT_CASE, RecordKind.ESCALATION, RecordKind.AID_APPLICATION)
_TREND = 6


async def climbing_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of a place and time."""
    found: dict[RecordKind, Tally] = {
        kind: await uow.counts.tally(scope.query(kind), scope.prefixes, ("ladder",))
        for kind in _KINDS
    }
    lines = tuple(_kind(scope, kind, tally) for kind, tally in found.items())
    spots = tuple(
        Spot(name, sum(tally.get((step,), 0) for tally in found.values()))
        for step, name in enumerate(LADDER)
    )
    note = "一件事现在由哪一级的人负责。没人办就往上走一级。"
    table = Table("现在在哪一级", ("事项", *LADDER, "合计"), lines, note)
    return Report(
        HEADING,
        scope.place,
        scope.period,
        (Part(table, (Chart("bars", "现在在哪一级", spots),)), await _climbs(uow, scope)),
    )


def _kind(scope: Scope, kind: RecordKind, tally: Tally) -> Line:
    steps = (
        Cell(tally.get((step,), 0), scope.rows(kind, ladder=str(step)))
        for step in range(len(LADDER))
    )
    return (Cell(render(f"kind.{kind}")), *steps, Cell(total(tally), scope.rows(kind)))


_CLIMBS = (("escalate", "system"), ("escalate", "officer"), ("overdue", "system"))
"""What was done and by whom, in the order of the columns."""


async def _climbs(uow: UnitOfWork, scope: Scope) -> Part:
    over = months_before(scope.last, _TREND)
    lines: list[Line] = []
    for month in over:
        acts = await uow.counts.actions(
            ("escalate", "overdue"), *month_bounds(month), scope.prefixes
        )
        lines.append(
            (
                Cell(month),
                *(
                    Cell(
                        acts.get(act, 0),
                        {"region": scope.region, "act": ".".join(act), "in": month},
                    )
                    for act in _CLIMBS
                ),
            )
        )
    heads = ("月份", "到点自动上报", "工作人员上报", "已到最上一级再催")
    series = tuple((heads[n], tuple(_number(line[n]) for line in lines)) for n in (1, 2))
    chart = Chart("trend", "近六个月上报次数", labels=over, series=series)
    return Part(Table("上报次数", heads, tuple(lines)), (chart,))


def _number(cell: Cell) -> float:
    return 0.0 if isinstance(cell.value, str) else float(cell.value)
