"""One line of the work list in words: what it is, what to do next, why now, who holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cases.deadlines import is_urgent
from bot.cases.next_things import Thing, next_things
from bot.cases.notices import kind_name
from bot.cases.records import Record, subject_name
from bot.clock import local_day
from bot.web import labels
from storage.uow import UnitOfWork


@dataclass(frozen=True)
class Line:
    """One record in the list."""

    reference: str
    kind: str
    name: str
    place: str
    status: str
    next: str
    why: str
    by: str
    by_late: bool
    due: str
    late: bool
    urgent: bool
    assigned: str


async def lines_of(
    uow: UnitOfWork, rows: Sequence[Record], names: Mapping[int, str], now: datetime
) -> list[Line]:
    """Records in words; `names` are those of officers by id."""
    things = await next_things(uow, rows, now)
    return [_line(row, things.get(row.reference, Thing()), names, now) for row in rows]


def _line(row: Record, thing: Thing, names: Mapping[int, str], now: datetime) -> Line:
    due = local_day(row.due_at) if row.due_at else None
    by = thing.by if thing.by != due else None  # else the clock says it
    return Line(
        reference=row.reference,
        kind=kind_name(row),
        name=subject_name(row) or "姓名不详",
        place=labels.place_short(row.region_code),
        status=labels.label(f"status.{row.kind}.{row.status}"),
        next=thing.what,
        why=thing.why,
        by=labels.day_left(by, now),
        by_late=by is not None and by < local_day(now),
        due=labels.due_words(row.due_at, now) if row.is_open else "",
        late=is_late(row, now),
        urgent=is_urgent(row),
        assigned=names.get(row.assigned_to_id or 0, "未分配"),
    )


def is_late(row: Record, now: datetime) -> bool:
    """Whether somebody should have acted by now."""
    return row.is_open and row.due_at is not None and row.due_at <= now
