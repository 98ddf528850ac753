"""How fast people are answered: from filing to the first act of an officer, and to the close."""

from collections.abc import Iterable
from typing import Literal

from bot.reports.folding import Tally, by_unit, total
from bot.reports.model import Cell, Chart, Heading, Line, Part, Report, Spot, Table
from bot.reports.scope import Scope
from bot.reports.waiting import no_longer_than, spans_of
from bot.words import render
from storage.kinds import RecordKind
from storage.repositories.counts import By
from storage.uow import UnitOfWork

HEADING = Heading(
    "reaction",
    "办理快慢",
    "从登记到工作人员第一次动手，再到办结，各用了多久。",
)

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
SHARES = (0.5, 0.9)
Until = Literal["acted_minutes", "closed_minutes"]


async def reaction_report(uow: UnitOfWork, scope: Scope) -> Report:
    """The report of a place and time."""
    placed = {RecordKind.DROPOUT_CASE: scope.by}
    acted = {k: await _spans(uow, scope, k, "acted_minutes", placed.get(k)) for k in KINDS}
    lines = tuple([await _kind(uow, scope, kind, acted[kind]) for kind in KINDS])
    table = Table(
        "各类事项",
        ("事项", *_HEADS),
        lines,
        "按钟点算，夜里和休息日也算在内；两天以内精确到小时，再长的精确到天。",
    )
    slow = Chart("bars", "首次办理：九成不超过（小时）", _spots(lines, 5))
    return Report(
        HEADING,
        scope.place,
        scope.period,
        (Part(table, (slow,)), _by_unit(scope, acted[RecordKind.DROPOUT_CASE])),
    )


async def _spans(
    uow: UnitOfWork, scope: Scope, kind: RecordKind, until: Until, by: By | None = None
) -> Tally:
    return await uow.counts.spans(scope.query(kind), scope.prefixes, by, until)


async def _kind(
    uow: UnitOfWork, scope: Scope, kind: RecordKind, counted: Tally
) -> tuple[Cell, ...]:
    filed = total(await uow.counts.tally(scope.query(kind), scope.prefixes, ()))
    acted = spans_of(counted)
    closed = spans_of(await _spans(uow, scope, kind, "closed_minutes"))
    begun = sum(acted.values())
    return (
        Cell(render(f"kind.{kind}")),
        Cell(filed, scope.rows(kind)),
        Cell(begun, scope.rows(kind, acted="1")),
        Cell(filed - begun, scope.rows(kind, acted="0")),
        *(Cell(no_longer_than(acted, share), scope.rows(kind, acted="1")) for share in SHARES),
        Cell(sum(closed.values()), scope.rows(kind, closed_at="1")),
        *(
            Cell(no_longer_than(closed, share, 24), scope.rows(kind, closed_at="1"))
            for share in SHARES
        ),
    )


def _by_unit(scope: Scope, counted: Tally) -> Part:
    kind = RecordKind.DROPOUT_CASE
    lines = []
    for unit, spans in by_unit(scope, counted).items():
        acted = {span: many for (span,), many in spans.items()}
        behind = scope.rows_in(kind, unit, acted="1")
        many = Cell(sum(acted.values()), behind)
        waits = (Cell(no_longer_than(acted, share), behind) for share in SHARES)
        lines.append((Cell(scope.unit_name(unit)), many, *waits))
    heads = ("地方", "已有人办", _HEADS[3], _HEADS[4])
    slowest = sorted(_spots(lines, 3), key=lambda spot: -spot.value)[:10]
    chart = Chart("bars", "首次办理最慢的地方（小时，九成不超过）", tuple(slowest))
    return Part(Table("失学登记：各地首次办理", heads, tuple(lines)), (chart,))


def _spots(lines: Iterable[Line], column: int) -> tuple[Spot, ...]:
    """What can be drawn: where nothing happened yet there is no number."""
    named = ((str(line[0].value), line[column].value) for line in lines)
    return tuple(Spot(name, value) for name, value in named if not isinstance(value, str))
