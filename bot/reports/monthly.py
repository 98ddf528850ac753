"""一月一报告: what the school, or the banner for its schools, reports of dropouts each month.

教基厅函〔2024〕15号. The names stand in the ledgers; here are the numbers.
"""

from bot.reports.folding import Tally, by_unit, place_tiles, sums, total
from bot.reports.model import Cell, Chart, Heading, Line, Part, Report, Spot, Table
from bot.reports.scope import Scope, month_bounds, month_days, months_before
from storage.kinds import CLOSED_STATUSES, CaseFactKind, RecordKind
from storage.kinds import DropoutStatus as D
from storage.repositories.counted import Cut
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

HEADING = Heading(
    "monthly",
    "控辍保学：一月一报告",
    "学校每月向旗县报告疑似和已辍学的学生；名单在台账里。",
)

KIND = RecordKind.DROPOUT_CASE
GROUPS: dict[str, tuple[str, ...]] = {
    "疑似，待核实": (D.REPORTED, D.CONTESTED),
    "核实，劝返中": (D.VERIFIED, D.PERSUADING),
    "已复学或安置": (D.RETURNED, D.PLACED, D.MONITORING),
    "已销号": (D.CLOSED, D.EXCLUDED),
    "重复或撤回": (D.DUPLICATE, D.WITHDRAWN),
}
_OPEN = tuple(status for status in D if status not in CLOSED_STATUSES)
_ACTS = {
    CaseFactKind.VISIT: "本月劝返、家访（次）",
    CaseFactKind.RETURN: "本月复学或安置（人次）",
    CaseFactKind.REOPEN: "本月再次离校（人次）",
}
_TREND = 12


async def monthly_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of the last month asked for."""
    month = scope.month(scope.last)
    filed = await uow.counts.tally(month.query(KIND), scope.prefixes, (scope.by, "status"))
    numbers = await month_numbers(uow, month)
    tiles = place_tiles(
        month, "本月新登记", filed, lambda unit: month.rows_in(KIND, unit)
    )  # fmt: skip
    table = Table("本月数字", ("项目", "数"), tuple((Cell(k), c) for k, c in numbers.items()))
    return Report(
        HEADING,
        scope.place,
        scope.last,
        (
            Part(table),
            Part(_by_unit(month, filed), (_states(filed), tiles)),
            await _trend(uow, month),
        ),
    )


async def month_numbers(uow: UnitOfWork, month: Scope) -> dict[str, Cell]:
    """The numbers of one month by name; those of records know the rows behind them."""
    since, before = month_bounds(month.last)
    filed = await uow.counts.tally(month.query(KIND), month.prefixes, ("status",))
    within = Cut(closed_since=since, closed_before=before)
    closed_in = RecordQuery(kinds=(KIND,), statuses=(D.CLOSED, D.EXCLUDED), cut=within)
    closed = total(await uow.counts.tally(closed_in, month.prefixes, ()))
    running = RecordQuery(kinds=(KIND,), statuses=_OPEN, cut=Cut(last_month=month.last))
    still = total(await uow.counts.tally(running, month.prefixes, ()))
    acts = await uow.case_facts.counted(tuple(_ACTS), *month_days(month.last), month.prefixes)
    place = {"kind": KIND, "region": month.region}
    return {
        "本月新登记（人）": Cell(total(filed), month.rows(KIND)),
        **{f"其中：{name}": _of(month, filed, statuses) for name, statuses in GROUPS.items()},
        **{
            name: Cell(acts.get(kind, 0), {**place, "fact": kind.value, "in": month.last})
            for kind, name in _ACTS.items()
        },
        "本月销号（人）": Cell(
            closed, {**place, "status": "closed,excluded", "closed_in": month.last}
        ),
        "到月末登记、现在还没销号（人）": Cell(
            still, {**place, "to": month.last, "status": ",".join(_OPEN)}
        ),
    }


def _of(month: Scope, filed: Tally, statuses: tuple[str, ...]) -> Cell:
    many = total(filed, lambda status: status in statuses)
    return Cell(many, month.rows(KIND, status=",".join(statuses)))


def _by_unit(month: Scope, filed: Tally) -> Table:
    lines: list[Line] = []
    for unit, counts in by_unit(month, filed).items():
        cells = [Cell(month.unit_name(unit)), Cell(total(counts), month.rows_in(KIND, unit))]
        for statuses in GROUPS.values():
            many = total(counts, lambda status, wanted=statuses: status in wanted)
            cells.append(Cell(many, month.rows_in(KIND, unit, status=",".join(statuses))))
        lines.append(tuple(cells))
    heads = ("地方", "新登记", *GROUPS)
    return Table(
        "各地本月新登记的，现在怎么样", heads, (*lines, sums(lines, month.region)) if lines else ()
    )


def _states(filed: Tally) -> Chart:
    spots = (
        Spot(name, total(filed, lambda _, status, wanted=statuses: status in wanted))
        for name, statuses in GROUPS.items()
    )
    return Chart("bars", "本月新登记的，现在怎么样", tuple(spots))


async def _trend(uow: UnitOfWork, month: Scope) -> Part:
    over = months_before(month.last, _TREND)
    year = Scope(month.region, over[0], over[-1])
    tally = await uow.counts.tally(year.query(KIND), month.prefixes, ("month", "status"))
    settled = {*GROUPS["已复学或安置"], *GROUPS["已销号"]}
    filed = [total(tally, lambda m, _, month=each: m == month) for each in over]
    done = [
        total(tally, lambda m, status, month=each: m == month and status in settled)
        for each in over
    ]
    lines = tuple(
        (
            Cell(each),
            Cell(filed[n], year.month(each).rows(KIND)),
            Cell(done[n], year.month(each).rows(KIND, status=",".join(sorted(settled)))),
        )
        for n, each in enumerate(over)
    )
    names = ("新登记", "其中已回校、安置或销号")
    series = ((names[0], tuple(map(float, filed))), (names[1], tuple(map(float, done))))
    chart = Chart("trend", "近十二个月", labels=over, series=series)
    return Part(Table("近十二个月", ("登记月份", *names), lines), (chart,))
