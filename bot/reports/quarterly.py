"""一季度一复核: the banner checks each quarter what the months reported, and what lies there."""

from bot.reports.folding import total
from bot.reports.model import Cell, Chart, Heading, Line, Part, Report, Spot, Table
from bot.reports.monthly import KIND, month_numbers
from bot.reports.scope import Scope, month_bounds, months, months_before
from bot.words import sentences
from storage.kinds import CLOSED_STATUSES
from storage.kinds import DropoutStatus as D
from storage.repositories.counted import NONE, Cut
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

HEADING = Heading(
    "quarterly",
    "控辍保学：一季度一复核",
    "旗县每季度复核各校报的数，开学时实地看、入户看。",
)

_OPEN = tuple(status for status in D if status not in CLOSED_STATUSES)
_SHORT = ("拖着没核实", "没走访过", "没有人办", "抽查销号依据")
"""What is to be checked, short enough for a picture."""

_OUT = (D.REPORTED, D.CONTESTED, D.VERIFIED, D.PERSUADING)


async def quarterly_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of the quarter in which the last month lies, up to that month."""
    quarter = Scope(scope.region, *_quarter(scope.last))
    checks = await _to_check(uow, quarter)
    numbers = (_number(many) for _, many in checks.lines)
    spots = tuple(Spot(name, many) for name, many in zip(_SHORT, numbers, strict=True))
    chart = Chart("bars", "要复核的", spots)
    return Report(
        HEADING,
        scope.place,
        quarter.period,
        (
            Part(checks, (chart,)),
            Part(await _side_by_side(uow, quarter)),
            await _codes(uow, quarter),
        ),
    )


def _quarter(month: str) -> tuple[str, str]:
    year, first = month[:4], (int(month[5:7]) - 1) // 3 * 3 + 1
    return f"{year}-{first:02d}", month


async def _side_by_side(uow: UnitOfWork, quarter: Scope) -> Table:
    each = [
        await month_numbers(uow, quarter.month(month))
        for month in months(quarter.first, quarter.last)
    ]
    lines: list[Line] = [(Cell(name), *(numbers[name] for numbers in each)) for name in each[0]]
    return Table("逐月对照", ("项目", *months(quarter.first, quarter.last)), tuple(lines))


async def _to_check(uow: UnitOfWork, quarter: Scope) -> Table:
    """What should not be lying there any more."""
    _, end = month_bounds(quarter.last)
    before = months_before(quarter.last, 2)[0]
    wanted = {
        "上个月底以前登记，还没核实": (
            (D.REPORTED,),
            Cut(last_month=before),
            {"to": before},
        ),
        "还没复学，一次也没走访过": (
            _OUT,
            Cut(last_month=quarter.last, is_unvisited=True),
            {"unvisited": "1", "to": quarter.last},
        ),
        "登记以后还没有人办": (
            _OPEN,
            Cut(last_month=quarter.last, is_acted=False),
            {"acted": "0", "to": quarter.last},
        ),
        "本季度销号，抽查依据": (
            (D.CLOSED, D.EXCLUDED),
            Cut(closed_since=month_bounds(quarter.first)[0], closed_before=end),
            {"closed_in": quarter.first, "closed_to": quarter.last},
        ),
    }
    lines = []
    for name, (statuses, cut, asked) in wanted.items():
        query = RecordQuery(kinds=(KIND,), statuses=statuses, cut=cut)
        many = total(await uow.counts.tally(query, quarter.prefixes, ()))
        place = {"kind": KIND, "region": quarter.region, "status": ",".join(statuses)}
        lines.append((Cell(name), Cell(many, {**place, **asked})))
    return Table("要复核的", ("项目", "人数"), tuple(lines))


async def _codes(uow: UnitOfWork, quarter: Scope) -> Part:
    cut = Cut(
        closed_since=month_bounds(quarter.first)[0], closed_before=month_bounds(quarter.last)[1]
    )
    query = RecordQuery(kinds=(KIND,), cut=cut)
    tally = await uow.counts.tally(query, quarter.prefixes, ("closing",))
    named = sorted(((code or "", many) for (code,), many in tally.items()), key=lambda p: -p[1])
    behind = {
        "kind": KIND,
        "region": quarter.region,
        "closed_in": quarter.first,
        "closed_to": quarter.last,
    }
    lines = tuple(
        (
            Cell(sentences().get(f"closing.{code}", code or "没有写")),
            Cell(many, {**behind, "closing": code or NONE}),
        )
        for code, many in named
    )
    spots = tuple(Spot(str(name.value), _number(many)) for name, many in lines)
    note = "包括重复和撤回的。"
    table = Table("本季度办结的依据", ("依据", "人数"), lines, note)
    return Part(table, (Chart("bars", "本季度办结的依据", spots),) if spots else ())


def _number(cell: Cell) -> float:
    return 0.0 if isinstance(cell.value, str) else float(cell.value)
