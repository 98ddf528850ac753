"""Student aid: applications by unit, stage of school and level, and how far they have come."""

from bot.cases.records import UNKNOWN_STAGE
from bot.reports.folding import Tally, by_unit, place_tiles, sums, total
from bot.reports.model import Cell, Chart, Heading, Part, Report, Spot, Table
from bot.reports.scope import Scope, months_before
from bot.words import render
from storage.kinds import ApplicationStatus as A
from storage.kinds import HardshipLevel, RecordKind
from storage.repositories.counted import NONE
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

HEADING = Heading(
    "aid",
    "学生资助",
    "按地方、学段和困难等级数申请。等级由学校认定，机器人只给建议。",
)

KIND = RecordKind.AID_APPLICATION
STAGES = {
    "preschool": "学前",
    "primary": "小学",
    "junior": "初中",
    "senior": "普通高中",
    "vocational": "中职",
    "college": "大学",
    "postgraduate": "研究生",
    UNKNOWN_STAGE: "学段不明",
}
_GROUPS: dict[str, tuple[str, ...]] = {
    "在办": (A.SUBMITTED, A.RETURNED, A.UNDER_REVIEW),
    "公示中": (A.PUBLISHED,),
    "认定通过": (A.APPROVED, A.PAID),
    "未通过或撤回": (A.REJECTED, A.WITHDRAWN),
}
_STEPS: dict[str, tuple[str, ...]] = {
    "提交": tuple(A),
    "受理": (A.UNDER_REVIEW, A.PUBLISHED, A.APPROVED, A.PAID),
    "公示": (A.PUBLISHED, A.APPROVED, A.PAID),
    "认定通过": (A.APPROVED, A.PAID),
    "已发放": (A.PAID,),
}
_LEVELS: tuple[str | None, ...] = (*HardshipLevel, None)
_TREND = 12


async def aid_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of a place and time."""
    query = scope.query(KIND)
    places = await uow.counts.tally(query, scope.prefixes, (scope.by, "status"))
    levels = await uow.counts.tally(query, scope.prefixes, ("stage", "level"))
    trend = await _trend(uow, scope)
    steps = Table("办到哪一步", ("步骤", "件数"), tuple(_step(scope, places, s) for s in _STEPS))
    funnel = Chart(
        "funnel",
        "申请走到哪一步",
        tuple(Spot(str(a.value), float(b.value)) for a, b in steps.lines),
    )
    tiles = place_tiles(
        scope, "各地申请件数", places, lambda unit: scope.rows_in(KIND, unit)
    )  # fmt: skip
    return Report(
        HEADING,
        scope.place,
        scope.period,
        (
            Part(_by_unit(scope, places), (tiles,)),
            Part(_by_stage(scope, levels), (_stages(levels),)),
            Part(steps, (funnel,)),
            trend,
        ),
    )


def _by_unit(scope: Scope, tally: Tally) -> Table:
    lines = []
    for unit, counts in by_unit(scope, tally).items():
        cells = [Cell(scope.unit_name(unit)), Cell(total(counts), scope.rows_in(KIND, unit))]
        for statuses in _GROUPS.values():
            many = total(counts, lambda status, wanted=statuses: status in wanted)
            cells.append(Cell(many, scope.rows_in(KIND, unit, status=",".join(statuses))))
        lines.append(tuple(cells))
    return Table(
        "各地申请", ("地方", "申请", *_GROUPS), (*lines, sums(lines, scope.region)) if lines else ()
    )


def _by_stage(scope: Scope, tally: Tally) -> Table:
    lines = []
    for stage, name in STAGES.items():
        counts = {level: tally.get((stage, level), 0) for level in _LEVELS}
        if not any(counts.values()):
            continue
        cells = [
            Cell(many, scope.rows(KIND, stage=stage, level=level or NONE))
            for level, many in counts.items()
        ]
        whole = Cell(sum(counts.values()), scope.rows(KIND, stage=stage))
        lines.append((Cell(name), *cells, whole))
    heads = tuple(render(f"level.{level}") if level else "未定等级" for level in _LEVELS)
    told = (*lines, sums(lines, scope.region)) if lines else ()
    return Table("学段和困难等级", ("学段", *heads, "合计"), told)


def _stages(tally: Tally) -> Chart:
    found = {name: total(tally, lambda s, _, code=code: s == code) for code, name in STAGES.items()}
    return Chart("bars", "各学段申请", tuple(Spot(n, many) for n, many in found.items() if many))


def _step(scope: Scope, tally: Tally, name: str) -> tuple[Cell, Cell]:
    wanted = _STEPS[name]
    many = total(tally, lambda _, status: status in wanted)
    return Cell(name), Cell(many, scope.rows(KIND, status=",".join(wanted)))


async def _trend(uow: UnitOfWork, scope: Scope) -> Part:
    over = months_before(scope.last, _TREND)
    year = Scope(scope.region, over[0], over[-1])
    query: RecordQuery = year.query(KIND)
    tally = await uow.counts.tally(query, scope.prefixes, ("month", "status"))
    filed = [total(tally, lambda m, _, month=month: m == month) for month in over]
    passed = [
        total(tally, lambda m, s, month=month: m == month and s in _STEPS["认定通过"])
        for month in over
    ]
    lines = tuple(
        (
            Cell(month),
            Cell(filed[n], {**scope.rows(KIND), "from": month, "to": month}),
            Cell(passed[n], year.month(month).rows(KIND, status=",".join(_STEPS["认定通过"]))),
        )
        for n, month in enumerate(over)
    )
    series = (("申请", tuple(map(float, filed))), ("其中已通过", tuple(map(float, passed))))
    table = Table("近十二个月", ("提交月份", "申请", "其中已通过"), lines)
    return Part(table, (Chart("trend", "近十二个月的申请", labels=over, series=series),))
