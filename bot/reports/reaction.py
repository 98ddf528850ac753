"""How fast people are answered: from filing to the first act of an officer, and to the close."""

from bot.reports.model import Cell, Chart, Part, Report, Spot, Table
from bot.reports.scope import Scope
from bot.words import render
from nlu.divisions import lookup
from storage.kinds import RecordKind
from storage.repositories.counts import Wait
from storage.uow import UnitOfWork

KINDS = (RecordKind.DROPOUT_CASE, RecordKind.ESCALATION, RecordKind.AID_APPLICATION)
_HEADS = (
    "收到",
    "已有人办",
    "还没人办",
    "首次办理：一半不超过（小时）",
    "首次办理：九成不超过（小时）",
    "已办结",
    "办结：一半不超过（天）",
    "办结：九成不超过（天）",
)
_HOUR, _DAY = 3600, 86_400


async def reaction_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of a place and time."""
    lines = tuple([await _kind(uow, scope, kind) for kind in KINDS])
    table = Table("各类事项", ("事项", *_HEADS), lines, "按钟点算，夜里和休息日也算在内。")
    slow = [
        Spot(str(name.value), p90.value)
        for name, p90 in ((line[0], line[5]) for line in lines)
        if not isinstance(p90.value, str)
    ]
    parts = [Part(table, (Chart("bars", "首次办理：九成不超过（小时）", tuple(slow)),))]
    if scope.is_wide:
        parts.append(await _by_banner(uow, scope))
    return Report(
        "reaction",
        "办理快慢",
        "从登记到工作人员第一次动手，再到办结，各用了多久。",
        scope.place,
        scope.period,
        tuple(parts),
    )


async def _kind(uow: UnitOfWork, scope: Scope, kind: RecordKind) -> tuple[Cell, ...]:
    query = scope.query(kind)
    filed = sum((await uow.counts.tally(query, scope.prefixes, ("kind",))).values())
    acted = await uow.counts.waits(query, scope.prefixes, "kind", "acted_at")
    closed = await uow.counts.waits(query, scope.prefixes, "kind", "closed_at")
    first, last = (waits[0] if waits else None for waits in (acted, closed))
    begun = first.count if first else 0
    return (
        Cell(render(f"kind.{kind}")),
        Cell(filed, scope.rows(kind)),
        Cell(begun, scope.rows(kind, acted="1")),
        Cell(filed - begun, scope.rows(kind, acted="0")),
        *_spans(first, _HOUR),
        Cell(last.count if last else 0, scope.rows(kind, closed="1")),
        *_spans(last, _DAY),
    )


async def _by_banner(uow: UnitOfWork, scope: Scope) -> Part:
    kind = RecordKind.DROPOUT_CASE
    waits = await uow.counts.waits(scope.query(kind), scope.prefixes, "banner", "acted_at")
    lines = tuple(
        (
            Cell(_name(wait.key[0])),
            Cell(wait.count, scope.rows_in(kind, wait.key[0] or "", acted="1")),
            *_spans(wait, _HOUR),
        )
        for wait in waits
    )
    heads = ("地方", "已有人办", _HEADS[3], _HEADS[4])
    slowest = sorted(waits, key=lambda wait: -wait.p90)[:10]
    spots = tuple(Spot(_name(wait.key[0]), round(wait.p90 / _HOUR, 1)) for wait in slowest)
    chart = Chart("bars", "最慢的十个地方（小时）", spots)
    return Part(Table("失学登记：各旗县首次办理", heads, lines), (chart,))


def _spans(wait: Wait | None, unit: int) -> tuple[Cell, Cell]:
    if wait is None:
        return Cell("—"), Cell("—")
    return Cell(round(wait.median / unit, 1)), Cell(round(wait.p90 / unit, 1))


def _name(code: str | None) -> str:
    unit = lookup(code) if code else None
    return "".join(unit.path[-2:]) if unit else code or "地点不详"
